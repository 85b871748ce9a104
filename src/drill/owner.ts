import {readFileSync} from 'node:fs';
import {readFile, rm, writeFile} from 'node:fs/promises';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {isJsonObject} from '../io/json.ts';

const fileName = 'owner.json';

/** The process that writes a run folder. */
interface Owner {
  pid: number;
  host: string;
  /** When the process was started, in the kernel's own count: a pid is given again, a pid and its start are not. */
  started: string;
}

/** `elsewhere`: another host wrote the folder last and never said that it was done. */
export type Ownership = 'none' | 'alive' | 'dead' | 'elsewhere';

/** Says that this process writes the run folder from now on. Never rejects: a run is worth more than its marker. */
export async function claim(folder: string): Promise<void> {
  const owner: Owner = {pid: process.pid, host: hostname(), started: startOf(process.pid)};
  await writeFile(join(folder, fileName), `${JSON.stringify(owner)}\n`).catch(() => undefined);
}

/** Says that nobody writes it any more. */
export async function release(folder: string): Promise<void> {
  await rm(join(folder, fileName), {force: true}).catch(() => undefined);
}

/** Whether the process that wrote the folder last is still at it. */
export async function ownership(folder: string): Promise<Ownership> {
  const owner = await readOwner(folder);
  if (owner === undefined) return 'none';
  if (owner.host !== hostname()) return 'elsewhere';
  return isAlive(owner) ? 'alive' : 'dead';
}

async function readOwner(folder: string): Promise<Owner | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, fileName), 'utf8'));
    if (!isJsonObject(value)) return undefined;
    const {pid, host, started} = value;
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof started !== 'string') return undefined;
    return {pid, host, started};
  } catch {
    return undefined;
  }
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
