import {createHash} from 'node:crypto';
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {FileRecord} from './types.ts';

/**
 * What of the log may still be written while the report is: it tells nothing that the report is made from.
 * The vault is private, and gone once the run is clean.
 */
const leftOut = new Set(['evidence/log.jsonl']);

/** Every file of a run folder that the report speaks for, in a fixed order: scenario, journal, series, evidence. */
export async function runFiles(folder: string): Promise<FileRecord[]> {
  const inside = await Promise.all(['series', 'evidence'].map((name) => filesIn(folder, name)));
  const paths = ['scenario.yaml', 'journal.jsonl', ...inside.flat()].filter((path) => !leftOut.has(path));
  const records = await Promise.all(paths.map((path) => recordOf(folder, path)));
  return records.filter((record) => record !== undefined);
}

async function filesIn(folder: string, name: string): Promise<string[]> {
  const entries = await readdir(join(folder, name), {withFileTypes: true}).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => `${name}/${entry.name}`)
    .sort();
}

/** Undefined when there is no such file. */
async function recordOf(folder: string, path: string): Promise<FileRecord | undefined> {
  const content = await readFile(join(folder, path)).catch(() => undefined);
  return content && {path, sha256: sha256(content), bytes: content.length};
}

/** In hexadecimal digits. */
export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
