import {readFileSync} from 'node:fs';
import {link, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {isJsonObject} from '../../io/json.ts';

/** `owner.<n>.json`: each owner after a dead one has the next number, so that no file is ever replaced. */
const pattern = /^owner\.(\d+)\.json$/;
const fileOf = (folder: string, number: number): string => join(folder, `owner.${number}.json`);

/** The process that writes a run folder. */
interface Owner {
  pid: number;
  host: string;
  /** When the process was started, in the kernel's own count: a pid is given again, a pid and its start are not. */
  started: string;
  /** What it is called to others. */
  name?: string;
}

/** `elsewhere`: another host wrote the folder last and never said that it was done. */
export type Ownership = 'none' | 'alive' | 'dead' | 'elsewhere';

/**
 * Says that this process writes the run folder from now on. Resolves with false when another process does: of several
 * that claim it at once, one gets it. A marker that cannot be written is no reason not to go on. `name`: what others
 * are told of who it is.
 */
export async function claim(folder: string, name?: string): Promise<boolean> {
  const number = await latest(folder);
  if (number > 0 && stateOf(await readOwner(fileOf(folder, number))) === 'alive') return false;
  const owner: Owner = {
    ...{pid: process.pid, host: hostname(), started: startOf(process.pid)},
    ...(name === undefined ? {} : {name}),
  };
  const part = join(folder, `owner.${process.pid}.part`);
  try {
    // Appears whole, and only where there is none.
    await writeFile(part, `${JSON.stringify(owner)}\n`);
    await link(part, fileOf(folder, number + 1));
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'EEXIST');
  } finally {
    await rm(part, {force: true}).catch(() => undefined);
  }
  return true;
}

/** Says that nobody writes it any more. Only for the owner. */
export async function release(folder: string): Promise<void> {
  // The owner's own last: until then nobody else may claim the folder.
  for (const number of await numbers(folder)) {
    await rm(fileOf(folder, number), {force: true}).catch(() => undefined);
  }
}

/** Whether the process that wrote the folder last is still at it. */
export async function ownership(folder: string): Promise<Ownership> {
  const number = await latest(folder);
  return number === 0 ? 'none' : stateOf(await readOwner(fileOf(folder, number)));
}

/** What the living process is called that has the folder; undefined when there is none. */
export async function livingOwner(folder: string): Promise<string | undefined> {
  const number = await latest(folder);
  const owner = number === 0 ? undefined : await readOwner(fileOf(folder, number));
  return stateOf(owner) === 'alive' ? (owner?.name ?? `process ${owner?.pid}`) : undefined;
}

/** Ascending. */
async function numbers(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name) => pattern.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => one - other);
}

/** 0: there is none. */
const latest = async (folder: string): Promise<number> => (await numbers(folder)).at(-1) ?? 0;

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (!isJsonObject(value)) return undefined;
    const {pid, host, started, name} = value;
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof started !== 'string') return undefined;
    return {pid, host, started, ...(typeof name === 'string' ? {name} : {})};
  } catch {
    return undefined;
  }
}

function stateOf(owner: Owner | undefined): Ownership {
  if (owner === undefined) return 'none';
  if (owner.host !== hostname()) return 'elsewhere';
  return isAlive(owner) ? 'alive' : 'dead';
}

function isAlive({pid, started}: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not ours to signal, but there.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const now = startOf(pid);
  return started === '' || now === '' || now === started;
}

/** Start time from the kernel (field 22 of /proc/<pid>/stat, after the name in parentheses); empty elsewhere. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; its start time stays.
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '');
  } catch {
    return '';
  }
}
