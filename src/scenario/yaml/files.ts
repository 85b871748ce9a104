import {readdirSync, readFileSync, statSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {messageOf} from '../../io/errors.ts';
import type {Diagnostic} from '../diagnostics.ts';
import {SourceText} from './source.ts';

/** Largest file that is read (bytes). */
const maxBytes = 1024 * 1024;

/** Where scenarios are read from. */
export interface InputIo {
  cwd: string;
  stdin: AsyncIterable<string | Uint8Array>;
}

/** One file's text. */
export interface InputFile {
  source: SourceText;
  /** Absolute folder that relative paths in the file count from. */
  dir: string;
  /** Found in a folder, not named: other Kubernetes manifests may lie beside scenarios. */
  found: boolean;
}

type Report = (diagnostic: Diagnostic) => void;

/** Reads files, folders (recursively, *.yaml and *.yml) and `-` (stdin), each file once. What cannot be read is reported. */
export async function readInputs(inputs: readonly string[], io: InputIo, report: Report): Promise<InputFile[]> {
  const named = new Map<string, {file: string; found: boolean}>();
  const files: InputFile[] = [];
  for (const input of inputs) {
    if (input === '-') {
      const source = textOf('-', await readAll(io.stdin), report);
      if (source) files.push({source, dir: io.cwd, found: false});
      continue;
    }
    const absolute = resolve(io.cwd, input);
    try {
      if (!statSync(absolute).isDirectory()) {
        named.set(absolute, {file: input, found: false});
        continue;
      }
      const inside = yamlFiles(absolute, input);
      if (inside.length === 0) {
        report(
          fileProblem(
            input,
            'E_NO_SCENARIO',
            'this folder holds no *.yaml or *.yml file',
            'Name a folder with scenarios.',
          ),
        );
      }
      for (const [path, file] of inside) if (!named.has(path)) named.set(path, {file, found: true});
    } catch (error) {
      report(unreadable(input, error));
    }
  }
  for (const [path, {file, found}] of named) {
    const source = readOne(path, file, report);
    if (source) files.push({source, dir: dirname(path), found});
  }
  return files;
}

/**
 * Reads one file; undefined, and reported, when it cannot be a scenario or config. Synchronous: of a thousand small
 * files the promises would cost more than the reading.
 */
export function readOne(path: string, file: string, report: Report): SourceText | undefined {
  try {
    const {size} = statSync(path);
    if (size > maxBytes) {
      report(tooLarge(file, size));
      return undefined;
    }
    return textOf(file, readFileSync(path), report);
  } catch (error) {
    report(unreadable(file, error));
    return undefined;
  }
}

function textOf(file: string, bytes: Uint8Array, report: Report): SourceText | undefined {
  const refuse = (problem: Diagnostic): undefined => {
    report(problem);
    return undefined;
  };
  if (bytes.length > maxBytes) return refuse(tooLarge(file, bytes.length));
  let text: string;
  try {
    text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: false}).decode(bytes);
  } catch {
    return refuse(fileProblem(file, 'E_BINARY', 'this file is not UTF-8 text', 'Is it a scenario?'));
  }
  const source = new SourceText(file, text);
  const nul = text.indexOf('\0');
  if (nul !== -1) {
    const {line, column} = source.place(nul);
    return refuse({
      ...fileProblem(file, 'E_BINARY', 'this file is binary: it holds a NUL character', 'Is it a scenario?'),
      line,
      column,
    });
  }
  if (text.trim() === '')
    return refuse(fileProblem(file, 'E_EMPTY', 'this file is empty', 'kubedrill explain describes the format.'));
  return source;
}

async function readAll(stream: InputIo['stdin']): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    if (size > maxBytes) break;
  }
  return Buffer.concat(chunks);
}

function yamlFiles(folder: string, shown: string): [path: string, shown: string][] {
  const entries = readdirSync(folder, {recursive: true, withFileTypes: true});
  return entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry): [string, string] => {
      const path = join(entry.parentPath, entry.name);
      return [path, join(shown, path.slice(folder.length + 1))];
    })
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** A diagnostic about a whole file. */
export const fileProblem = (file: string, code: string, message: string, hint?: string): Diagnostic => ({
  file,
  line: 1,
  column: 1,
  code,
  message,
  ...(hint === undefined ? {} : {hint}),
  path: '',
});

const tooLarge = (file: string, size: number): Diagnostic =>
  fileProblem(
    file,
    'E_TOO_LARGE',
    `this file is larger than 1 MiB (${size} bytes and possibly more)`,
    'Is it a scenario?',
  );

function unreadable(file: string, error: unknown): Diagnostic {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return fileProblem(file, 'E_NO_FILE', 'there is no such file or folder');
  return fileProblem(file, 'E_UNREADABLE', `this cannot be read: ${messageOf(error)}`);
}
