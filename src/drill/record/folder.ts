import {randomBytes} from 'node:crypto';
import {mkdir, readdir, stat} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {RunInfo} from '../../actions/define.ts';
import {messageOf, UsageError} from '../../io/errors.ts';

/** The folder of one run and what identifies the run; see contract section 5. */
export interface RunFolder {
  run: RunInfo;
  path: string;
  /** Attempt number of this scenario in this report folder today (UTC), from 1. */
  attempt: number;
}

/**
 * Makes the folder of a new run below `reports`.
 * Rejects with a UsageError when the report folder cannot be written: a run without a record must not begin.
 */
export async function createRunFolder(reports: string, scenario: string, now: Date): Promise<RunFolder> {
  const day = now.toISOString().slice(0, 10);
  const stamp = `${now.toISOString().slice(0, 19).replaceAll(':', '')}Z`;
  const label = randomBytes(6).toString('hex');
  const id = `${stamp}-${scenario}-${label.slice(0, 4)}`;
  const path = join(reports, id);
  try {
    await makeFolder(reports);
    const attempt = (await readdir(reports)).filter((name) => isRunOf(name, scenario, day)).length + 1;
    await makeFolder(join(path, 'series'));
    return {run: {id, label, fieldManager: 'kubedrill'}, path, attempt};
  } catch (error) {
    throw new UsageError(`the report folder ${reports} cannot be written: ${messageOf(error)}`, {
      code: 'E_REPORTS',
      hint: 'Name another one with --reports FOLDER; nothing is changed in a cluster without a record.',
      cause: error,
    });
  }
}

/**
 * Makes a folder, and those above it that are missing. One by one: Node's own `recursive` goes round for ever where the
 * system says that there is no such folder although its parent is there, as below /proc.
 */
async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  await makeFolder(parent);
  try {
    await mkdir(path);
  } catch (error) {
    // Another run may have made it meanwhile.
    if (await isFolder(path)) return;
    if (isMissing(error)) throw new Error(`the system makes no folder in ${parent} (ENOENT)`, {cause: error});
    throw error;
  }
}

/**
 * Makes a folder inside a run folder, if it is not there. Rejects where the run folder is gone: a new one without its
 * journal would look like a run.
 */
export async function makeInside(path: string, mode?: number): Promise<void> {
  try {
    await mkdir(path, {...(mode === undefined ? {} : {mode})});
  } catch (error) {
    if (!(await isFolder(path))) throw error;
  }
}

const isFolder = async (path: string): Promise<boolean> =>
  await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Whether a folder's name is that of a run of this scenario on this day. */
function isRunOf(name: string, scenario: string, day: string): boolean {
  return name.startsWith(`${day}T`) && name.slice('2026-11-20T214007Z-'.length, -'-7f3a'.length) === scenario;
}
