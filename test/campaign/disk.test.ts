import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import type {Connection} from '../../src/cluster/types.ts';
import {DrillError} from '../../src/io/errors.ts';
import {parseJournal} from '../../src/journal/read.ts';
import type {PracticeCluster} from '../../src/practice/index.ts';
import {campaignSize, onlyCase, playAgain, share} from '../support/choice.ts';
import {clusterWithShop, diskScenario, shopState} from '../support/disk-drill.ts';
import {type PlayedDrill, playOn} from '../support/drill.ts';
import {type DiskFault, type FailingDisk, failingDisk} from '../support/failing-disk.ts';

const variable = 'KUBEDRILL_DISK_FAULTS';
const size = campaignSize(variable, 10_000);

/** Every change of the victim must stand in the journal's file before it is made. */
function watched(connection: Connection, disk: FailingDisk): Connection {
  const {writer} = connection;
  const patch: typeof writer.patch = (ref, ...rest) => {
    const written = disk.text().split('\n');
    const [, {dryRun}] = rest;
    if (dryRun !== true && ref.name === 'victim' && !written.some((line) => /"mutation.intent".*"victim"/.test(line))) {
      throw new Error('a change without its intent on disk');
    }
    return writer.patch(ref, ...rest);
  };
  return {...connection, writer: {...writer, patch}};
}

interface Outcome {
  disk: FailingDisk;
  /** Absent when no result could be told. */
  result?: PlayedDrill;
  error?: unknown;
}

async function playOnDisk(cluster: PracticeCluster, folder: string, fault?: DiskFault): Promise<Outcome> {
  const disk = failingDisk(fault);
  const through = (connection: Connection) => watched(connection, disk);
  const played = playOn(cluster, folder, diskScenario, {through, request: {openJournal: disk.openJournal}});
  return await played.then(
    (result) => ({disk, result}),
    (error: unknown) => ({disk, error}),
  );
}

/** Every fault at every write and flush, dealt out to some clusters that work at the same time. */
async function playAll(
  faults: readonly DiskFault[],
  check: (fault: DiskFault, outcome: Outcome, cluster: PracticeCluster) => Promise<void>,
) {
  const queue = [...faults];
  const work = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kubedrill-disk-'));
    const cluster = await clusterWithShop();
    try {
      const before = await shopState(cluster);
      for (let fault = queue.shift(); fault !== undefined; fault = queue.shift()) {
        const outcome = await playOnDisk(cluster, folder, fault);
        await check(fault, outcome, cluster);
        expect({fault, ...(await shopState(cluster))}).toEqual({fault, ...before});
      }
    } finally {
      await cluster.stop();
      await rm(folder, {recursive: true, force: true});
    }
  };
  await Promise.all(Array.from({length: 4}, work));
}

test('a disk that fails at any write or flush of the journal: never a pass, never anything left', {
  timeout: 1_800_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kubedrill-disk-'));
  const cluster = await clusterWithShop();
  const {result, error, disk} = await playOnDisk(cluster, folder);
  expect(error).toBeUndefined();
  expect([result?.verdict, result?.cleanup]).toEqual(['passed', 'clean']);
  await cluster.stop();
  await rm(folder, {recursive: true, force: true});
  const {writes, flushes} = disk.counts;
  const kinds = ['full', 'writeError', 'stuck', 'readOnly'] as const;
  const upTo = (count: number) => Array.from({length: count}, (_, index) => index + 1);
  const all: DiskFault[] = [
    ...kinds.flatMap((kind) => upTo(writes).map((at) => ({kind, at}))),
    ...upTo(flushes).map((at) => ({kind: 'flushError' as const, at})),
  ];
  const faults = onlyCase<DiskFault>() ?? share(all, size);
  let happened = 0;
  await playAll(faults, async (fault, outcome) => {
    // The last writes of one run may be missing in another.
    if (!outcome.disk.failed()) return;
    happened += 1;
    const about = `${JSON.stringify(fault)}: ${playAgain(variable, size)}`;
    expect(outcome.result?.verdict, about).not.toBe('passed');
    if (outcome.error !== undefined) {
      expect(outcome.error, about).toBeInstanceOf(DrillError);
      expect((outcome.error as DrillError).exitCode).not.toBe(0);
    }
    parseJournal(outcome.disk.text(), 'journal.jsonl');
  });
  process.stderr.write(`disk: ${happened} of ${faults.length} faults happened\n`);
  expect(happened).toBeGreaterThan(faults.length * 0.9);
});
