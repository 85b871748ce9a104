import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readdir, writeFile} from 'node:fs/promises';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {claim, ownership, release} from '../../../../src/drill/record/owner.ts';
import {temporaryFolder} from '../../../support/kubedrill.ts';

const mark = (folder: string, number: number, owner: object) =>
  writeFile(join(folder, `owner.${number}.json`), JSON.stringify(owner));

/** The id of a process that has ended. */
async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  return child.pid ?? 0;
}

describe('the owner of a run folder', () => {
  it('is whoever claimed it, until released', async () => {
    const folder = await temporaryFolder();
    expect(await ownership(folder)).toBe('none');
    expect(await claim(folder)).toBe(true);
    expect(await ownership(folder)).toBe('alive');
    expect(await claim(folder)).toBe(false);
    await release(folder);
    expect(await ownership(folder)).toBe('none');
    expect(await readdir(folder)).toEqual([]);
  });

  it('is dead when its process has ended, or another one has its id', async () => {
    const folder = await temporaryFolder();
    await mark(folder, 1, {pid: await endedPid(), host: hostname(), started: '1'});
    expect(await ownership(folder)).toBe('dead');
    await mark(folder, 2, {pid: process.pid, host: hostname(), started: '1'});
    expect(await ownership(folder)).toBe('dead');
  });

  it('is elsewhere when another host wrote last, and may be followed', async () => {
    const folder = await temporaryFolder();
    await mark(folder, 1, {pid: process.pid, host: 'elsewhere', started: '1'});
    expect(await ownership(folder)).toBe('elsewhere');
    expect(await claim(folder)).toBe(true);
    expect(await ownership(folder)).toBe('alive');
  });

  it('is one of many that follow a dead one at once', async () => {
    const folder = await temporaryFolder();
    await mark(folder, 1, {pid: await endedPid(), host: hostname(), started: '1'});
    const claims = await Promise.all(Array.from({length: 20}, () => claim(folder)));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  it('is nobody where the marker cannot be read or written; that stops no run', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'owner.1.json'), '{"pid":');
    expect(await ownership(folder)).toBe('none');
    expect(await claim(join(folder, 'missing'))).toBe(true);
  });
});
