import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/**
 * Before all tests: what they and the programs that they start have to keep for a while goes into one folder, which
 * goes at the end. To look at what a failed test has left: KUBEDRILL_KEEP_TEMPORARY=1.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'kubedrill-tests-'));
  process.env.TMPDIR = folder;
  return async () => {
    if (process.env.KUBEDRILL_KEEP_TEMPORARY) process.stderr.write(`kept: ${folder}\n`);
    else await rm(folder, {recursive: true, force: true});
  };
}
