import {execFile} from 'node:child_process';
import {cp, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';
import {root} from './kubedrill.ts';

/**
 * Before the tests that start the program: builds it once, as npm would install it, without sources and node_modules.
 * From the sources, each start would take a second more of a core.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'kubedrill-built-'));
  for (const part of ['bin', 'package.json', 'scenarios', 'schema']) {
    await cp(join(root, part), join(folder, part), {recursive: true});
  }
  await promisify(execFile)(process.execPath, [join(root, 'tools/build.ts'), join(folder, 'dist')]);
  process.env.KUBEDRILL_BUILT = folder;
  return () => rm(folder, {recursive: true, force: true});
}
