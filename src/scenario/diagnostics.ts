import {DrillError, ExitCode} from '../io/errors.ts';
import {count} from '../io/text.ts';

/** Keys and indexes from the document's root to a value. */
export type Path = readonly (string | number)[];

/** One problem of one file, with its place. Lines and columns count from 1; the end is exclusive. */
export interface Diagnostic {
  /** As named on the command line; `-` for stdin. */
  file: string;
  line: number;
  column: number;
  endLine?: number;
  endColumn?: number;
  /** Stable, for machines: `E_UNKNOWN_KEY`. */
  code: string;
  /** What is wrong, on what, and why. */
  message: string;
  /** What to do: "did you mean …". */
  hint?: string;
  /** Path of the value in its document: `spec.probes[0].every`. */
  path: string;
  /** The lines of the file that the diagnostic speaks of; the first is number `line`. */
  lines?: string[];
}

/** Problems shown for one file; the rest is counted. */
export const maxProblems = 20;

/** `spec.probes[0].every`. Keys that are no identifiers stand in quotes. */
export function pathText(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(part)) text += text ? `.${part}` : part;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

/** A scenario or config that cannot be used as it is written: exit 2. */
export class ScenarioError extends DrillError {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const [first] = diagnostics;
    const rest = diagnostics.length - 1;
    const message = first ? `${first.file}:${first.line}:${first.column}: ${first.message}` : 'the file is not valid';
    super(rest > 0 ? `${message} (and ${count(rest, 'more problem')})` : message, ExitCode.usage, {
      code: first?.code ?? 'E_SCENARIO',
      ...(first?.hint === undefined ? {} : {hint: first.hint}),
    });
    this.diagnostics = diagnostics;
  }

  override explain(): string {
    return renderDiagnostics(this.diagnostics).trimEnd();
  }

  override toJSON(): ReturnType<DrillError['toJSON']> & {diagnostics: readonly Diagnostic[]} {
    return {...super.toJSON(), diagnostics: this.diagnostics};
  }
}

/**
 * Diagnostics for people: `file:line:column: message`, the offending lines with a caret under them, and the hint.
 * Text from the files is printed as it is; the caller makes it harmless for a terminal.
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(renderDiagnostic).join('\n');
}

/** Widest part of a line that is shown (characters). */
const shownWidth = 140;

function renderDiagnostic(diagnostic: Diagnostic): string {
  const {file, line, column, endLine, endColumn, lines = []} = diagnostic;
  let text = `${file}:${line}:${column}: ${diagnostic.message}\n`;
  const width = String(line + lines.length).length;
  // Of a long line the part around the caret is shown.
  const from = column <= shownWidth - 20 ? 0 : column - shownWidth / 2;
  lines.forEach((source, index) => {
    const cut = source.slice(from, from + shownWidth).replaceAll('\t', ' ');
    const shown = `${from > 0 ? '…' : ''}${cut}${source.length > from + shownWidth ? '…' : ''}`;
    text += `  ${String(line + index).padStart(width)} | ${shown}\n`;
    if (index > 0) return;
    const end = endLine === line && endColumn !== undefined ? endColumn : source.length + 1;
    const blanks = column - 1 - from + (from > 0 ? 1 : 0);
    const marks = Math.max(1, Math.min(end - column, shownWidth + 1 - blanks));
    text += `  ${' '.repeat(width)} | ${' '.repeat(blanks)}${'^'.repeat(marks)}\n`;
  });
  return diagnostic.hint === undefined ? text : `${text}  ${diagnostic.hint}\n`;
}
