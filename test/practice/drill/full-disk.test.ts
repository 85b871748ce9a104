import {execFileSync} from 'node:child_process';
import {closeSync, mkdirSync, openSync, readFileSync, writeSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {DrillError} from '../../../src/io/errors.ts';
import type {JournalEntry} from '../../../src/journal/types.ts';
import {clusterWithShop, diskScenario, shopState} from '../../support/disk-drill.ts';
import {type PlayedDrill, playOn} from '../../support/drill.ts';

/** Said aloud: a test that does not run must not look like one that passed. */
const notAllowed = 'mount -t tmpfs is not allowed here: a really full disk was NOT tested';

/** A file system of its own, small enough to be full soon; undefined where mounting is not allowed. */
async function tmpfs(size: string): Promise<{folder: string; unmount: () => Promise<void>} | undefined> {
  const root = await mkdtemp(join(tmpdir(), 'kubedrill-tmpfs-'));
  const folder = join(root, 'reports');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], {stdio: 'pipe'});
  } catch {
    await rm(root, {recursive: true});
    process.stderr.write(`${notAllowed}\n`);
    return undefined;
  }
  const unmount = async () => {
    execFileSync('umount', [folder]);
    await rm(root, {recursive: true});
  };
  return {folder: root, unmount};
}

/** Takes all the room that is left, at once. */
function fill(folder: string): void {
  const file = openSync(join(folder, 'reports', 'filler'), 'w');
  const block = Buffer.alloc(4096);
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
  } finally {
    closeSync(file);
  }
}

const phases = ['preflight', 'prepare', 'steady', 'gate', 'inject', 'effect', 'recover', 'verify', 'undo'] as const;

async function playFilled(isTime: (entry: JournalEntry) => boolean, size: string) {
  const disk = await tmpfs(size);
  if (disk === undefined) return undefined;
  const cluster = await clusterWithShop();
  const before = await shopState(cluster);
  let full = false;
  const onEntry = (entry: JournalEntry) => {
    if (full || !isTime(entry)) return;
    full = true;
    fill(disk.folder);
  };
  try {
    const outcome = await playOn(cluster, disk.folder, diskScenario, {onEntry}).catch((error: unknown) => error);
    const report = (outcome as PlayedDrill).folder;
    const text = report === undefined ? '' : readFileSync(join(report, 'report.md'), 'utf8');
    return {outcome: outcome as PlayedDrill | Error, text, before, after: await shopState(cluster)};
  } finally {
    await cluster.stop();
    await disk.unmount();
  }
}

test.for(phases)('a disk that is full from %s on: no pass, nothing left', {timeout: 60_000}, async (phase, {skip}) => {
  const played = await playFilled((entry) => entry.type === 'phase.entered' && entry.phase === phase, '4m');
  if (played === undefined) return skip(notAllowed);
  const {outcome, before, after} = played;
  expect(after).toEqual(before);
  if (outcome instanceof Error) expect(outcome).toBeInstanceOf(DrillError);
  else expect(outcome.verdict).not.toBe('passed');
});

test.for(['8k', '16k', '32k', '64k', '128k', '256k'])(
  'a disk of %s: a pass only with its whole report',
  {timeout: 60_000},
  async (size, {skip}) => {
    const played = await playFilled(() => false, size);
    if (played === undefined) return skip(notAllowed);
    const {outcome, text, before, after} = played;
    expect(after).toEqual(before);
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(DrillError);
    else if (outcome.verdict === 'passed') expect(text).toContain('PASSED');
  },
);
