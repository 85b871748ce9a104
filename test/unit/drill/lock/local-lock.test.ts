import {readdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {localHolder, takeLocalLock} from '../../../../src/drill/lock/local-lock.ts';
import {silentLog} from '../../../../src/io/log.ts';
import {temporaryFolder} from '../../../support/kubedrill.ts';

const cluster = {uid: '6a1d3a5e', server: 'https://127.0.0.1:40001'};
const lockAs = (locks: string | undefined, holder: string, of = cluster) =>
  takeLocalLock({locks, cluster: of, holder, log: silentLog});

describe('the lock of this machine', () => {
  it('has one holder, whose name the next is told, and leaves nothing', async () => {
    const locks = await temporaryFolder();
    const lock = await lockAs(locks, 'ada (run-1)');
    expect(await localHolder(locks, cluster)).toBe('ada (run-1)');
    await expect(lockAs(locks, 'eve (run-2)')).rejects.toThrow(
      'another drill of this machine is running on this cluster: ada (run-1)',
    );
    await lock.release();
    expect(await localHolder(locks, cluster)).toBeUndefined();
    expect(await readdir(locks)).toEqual([]);
    await (await lockAs(locks, 'eve (run-2)')).release();
  });

  it('is that of one cluster at one address', async () => {
    const locks = await temporaryFolder();
    const one = await lockAs(locks, 'ada (run-1)');
    const clone = await lockAs(locks, 'ada (run-2)', {...cluster, server: 'https://127.0.0.1:40002'});
    const other = await lockAs(locks, 'ada (run-3)', {...cluster, uid: '77aa'});
    await Promise.all([one, clone, other].map((lock) => lock.release()));
    expect(await readdir(locks)).toEqual([]);
  });

  it('is no reason not to go on where its folder cannot be made', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await (await lockAs(file, 'ada (run-1)')).release();
    await (await lockAs(undefined, 'ada (run-1)')).release();
  });
});
