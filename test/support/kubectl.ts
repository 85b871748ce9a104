import {existsSync} from 'node:fs';
import {homedir} from 'node:os';
import {delimiter, join} from 'node:path';

/** The kubectl that the testbed built, else the one on PATH. */
export function findKubectl(): string | undefined {
  const cache = process.env.KUBEDRILL_TESTBED_CACHE ?? join(homedir(), '.cache', 'kubedrill-testbed');
  const folders = [join(cache, 'bin'), ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, 'kubectl')).find((path) => existsSync(path));
}
