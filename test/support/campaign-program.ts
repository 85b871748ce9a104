import type {ChildProcess} from 'node:child_process';
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';

/** The only run folder below a report folder; undefined while there is none. */
export async function runFolder(reports: string): Promise<string | undefined> {
  const [name] = await readdir(reports).catch(() => []);
  return name === undefined ? undefined : join(reports, name);
}

/** Whole lines of a journal; none when it is not there. */
export async function journalLines(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, 'journal.jsonl'), 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1);
}

/**
 * Kills a program with SIGKILL once the journal below `reports` has `lines` lines, `delay` milliseconds later. Resolves
 * with whether it was killed before it ended by itself.
 */
export async function killAt(
  child: ChildProcess,
  reports: string,
  {lines, delay}: {lines: number; delay: number},
): Promise<boolean> {
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  while (!ended()) {
    const folder = await runFolder(reports);
    if (folder !== undefined && (await journalLines(folder)).length >= lines) break;
    await pause(1);
  }
  if (delay > 0) await pause(delay);
  if (ended()) return false;
  child.kill('SIGKILL');
  return true;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
