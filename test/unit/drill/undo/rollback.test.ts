import {access, appendFile, mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import type {Connection} from '../../../../src/cluster/types.ts';
import {defaultConfig} from '../../../../src/drill/config/config.ts';
import {claim, ownership, release} from '../../../../src/drill/record/owner.ts';
import {statusOf} from '../../../../src/drill/record/status.ts';
import {type RollbackRequest, rollbackRun} from '../../../../src/drill/undo/rollback.ts';
import {systemClock} from '../../../../src/io/clock.ts';
import {silentLog} from '../../../../src/io/log.ts';
import type {JournalEntry, JournalEvent} from '../../../../src/journal/types.ts';
import {temporaryFolder} from '../../../support/kubedrill.ts';
import {createMemoryCluster} from '../../../support/memory-cluster.ts';
import {killCoredns, RunMaker, started} from '../../../support/runs.ts';

const label = '7f3a51c20b9e';
const target = {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'made'};
const intent: JournalEvent = {
  type: 'mutation.intent',
  mutation: 'm1',
  role: 'fixture',
  phase: 'prepare',
  target,
  undo: {kind: 'object/remove', data: {}},
};

/** A run that was killed after what `events` tell, and the cluster that it was played on. */
async function crashed(...events: JournalEvent[]) {
  const identified = killCoredns().entries.filter(({type}) => type === 'cluster.identified');
  const {entries} = new RunMaker().add(0, started('trial', 'A trial'), ...identified, ...events).done();
  return await written(entries);
}

async function written(entries: JournalEntry[]) {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'vault'));
  const path = join(folder, 'journal.jsonl');
  await writeFile(path, entries.map((entry, seq) => `${JSON.stringify({...entry, seq})}\n`).join(''));
  const known = entries.find(({type}) => type === 'cluster.identified');
  const cluster = createMemoryCluster();
  let {uid, server} = known?.type === 'cluster.identified' ? known : {uid: '', server: ''};
  let connections = 0;
  const connection = {
    reader: cluster.reader,
    writer: cluster.writer,
    user: 'ada',
    identify: async () => ({uid, server}),
    onSecret: async () => undefined,
    close: () => undefined,
  } as unknown as Connection;
  const rollback = (dryRun = false, options: Partial<RollbackRequest> = {}) =>
    rollbackRun({
      folder,
      connect: async () => {
        connections += 1;
        return connection;
      },
      version: '0.0.0',
      clock: systemClock,
      log: silentLog,
      exec: {run: () => Promise.reject(new Error('no programs here'))},
      config: async () => defaultConfig,
      onEntry: () => undefined,
      dryRun,
      moved: false,
      ...options,
    });
  return {
    folder,
    cluster,
    rollback,
    journal: () => readFile(path, 'utf8'),
    tear: () => appendFile(path, '{"v":1,"se'),
    uid,
    server,
    moveTo: (other: string, address = server) => {
      uid = other;
      server = address;
    },
    connections: () => connections,
  };
}

const object = {...target, metadata: {name: 'made', namespace: 'shop', labels: {'kubedrill.dev/run': label}}};
const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

it('takes back what may have been done, gives the run its end and its report, and does so once', async () => {
  const run = await crashed(intent);
  await run.cluster.writer.create(object);
  await run.tear();
  const result = await run.rollback();
  expect(result).toMatchObject({cleanup: 'clean', exitCode: 0, found: [{id: 'm1'}], left: []});
  expect(run.cluster.objects.size).toBe(0);
  expect((await statusOf(run.folder)).state).toBe('clean');
  expect([await isThere(join(run.folder, 'report.md')), await isThere(join(run.folder, 'vault'))]).toEqual([
    true,
    false,
  ]);
  const journal = await run.journal();
  expect(await run.rollback()).toMatchObject({cleanup: 'clean', found: []});
  expect(await run.journal()).toBe(journal);
});

it('ends a crashed run that left nothing without asking a cluster', async () => {
  const run = await crashed();
  expect(await run.rollback()).toMatchObject({cleanup: 'clean', exitCode: 0});
  expect(run.connections()).toBe(0);
  expect((await statusOf(run.folder)).state).toBe('clean');
  expect([await isThere(join(run.folder, 'report.md')), await isThere(join(run.folder, 'vault'))]).toEqual([
    true,
    false,
  ]);
});

it('writes the report of a run that was killed after its last entry', async () => {
  const run = await crashed({type: 'run.ended'});
  await writeFile(join(run.folder, 'owner.1.json'), JSON.stringify({pid: 1, host: 'gone', started: '1'}));
  const journal = await run.journal();
  await run.rollback();
  expect(await isThere(join(run.folder, 'report.md'))).toBe(true);
  expect([await run.journal(), await ownership(run.folder)]).toEqual([journal, 'none']);
});

it('stays dirty, exit 4, while an undo does not succeed', async () => {
  const run = await crashed(intent);
  await run.cluster.writer.create(object);
  const remove = run.cluster.writer.delete;
  run.cluster.writer.delete = (ref) => (ref.kind === 'ConfigMap' ? Promise.reject(new Error('not now')) : remove(ref));
  expect(await run.rollback()).toMatchObject({cleanup: 'dirty', exitCode: 4, left: [{id: 'm1', undone: 'failed'}]});
  expect((await statusOf(run.folder)).state).toBe('dirty');
});

it('refuses another cluster, a run that is at work, and one that never began; and changes nothing', async () => {
  const run = await crashed(intent);
  await run.cluster.writer.create(object);
  const journal = await run.journal();
  run.moveTo('another');
  await expect(run.rollback()).rejects.toMatchObject({code: 'E_OTHER_CLUSTER', exitCode: 3});
  await claim(run.folder);
  await expect(run.rollback()).rejects.toMatchObject({code: 'E_RUNNING', exitCode: 3});
  await release(run.folder);
  expect(await run.journal()).toBe(journal);
  expect(run.cluster.objects.size).toBe(1);
  await expect((await written([])).rollback()).rejects.toMatchObject({code: 'E_NO_START'});
});

const clone = 'https://10.0.0.2:6443';

it('refuses a cluster of the same UID at another address, naming both, before anything is written', async () => {
  const run = await crashed(intent);
  await run.cluster.writer.create(object);
  await run.tear();
  const journal = await run.journal();
  run.moveTo(run.uid, clone);
  await expect(run.rollback()).rejects.toMatchObject({
    code: 'E_OTHER_ADDRESS',
    exitCode: 3,
    message: expect.stringMatching(new RegExp(`${run.server}.*${clone}`)),
    hint: expect.stringMatching(/kubedrill rollback \S+ --moved/),
  });
  expect([await run.journal(), run.cluster.objects.size]).toEqual([journal, 1]);
  expect([await isThere(join(run.folder, 'vault')), await ownership(run.folder)]).toEqual([true, 'none']);
  // On the cluster itself it is taken back as ever.
  run.moveTo(run.uid, run.server.toUpperCase().replace('HTTPS', 'https'));
  expect(await run.rollback()).toMatchObject({cleanup: 'clean', left: []});
  expect(run.cluster.objects.size).toBe(0);
});

it('goes on at another address when it is told that the cluster has moved; never on a cluster of another UID', async () => {
  const run = await crashed(intent);
  await run.cluster.writer.create(object);
  run.moveTo('another', clone);
  await expect(run.rollback(false, {moved: true})).rejects.toMatchObject({code: 'E_OTHER_CLUSTER'});
  run.moveTo(run.uid, clone);
  expect(await run.rollback(false, {moved: true})).toMatchObject({cleanup: 'clean', left: []});
  expect(await run.journal()).toMatch(new RegExp(`"text":"taken back at ${clone}; .*${run.server}`));
});

it('goes on at another address when both are pinned as addresses of the cluster', async () => {
  const run = await crashed(intent);
  await run.cluster.writer.create(object);
  run.moveTo(run.uid, clone);
  const pinned =
    (...clusters: {uid: string; server?: string}[]) =>
    async () => ({...defaultConfig, clusters: clusters.map((one) => ({...one, name: 'it', environment: 'staging'}))});
  const here = {uid: run.uid, server: clone};
  for (const wrong of [
    pinned(here),
    pinned(here, {uid: run.uid}),
    pinned(here, {uid: 'another', server: run.server}),
    () => Promise.reject(new Error('the config cannot be read')),
  ]) {
    await expect(run.rollback(false, {config: wrong})).rejects.toMatchObject({code: 'E_OTHER_ADDRESS'});
  }
  const both = pinned(here, {uid: run.uid, server: `${run.server}/`});
  expect(await run.rollback(false, {config: both})).toMatchObject({cleanup: 'clean', left: []});
  expect(await run.journal()).toContain('the config pins both');
});

it('only says what it would do in a dry run', async () => {
  const run = await crashed(intent);
  const journal = await run.journal();
  expect(await run.rollback(true)).toMatchObject({cleanup: 'dirty', found: [{id: 'm1'}], left: [{id: 'm1'}]});
  expect([await run.journal(), run.connections()]).toEqual([journal, 0]);
});
