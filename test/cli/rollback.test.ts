import type {ChildProcess} from 'node:child_process';
import {appendFile, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {takeLocalLock} from '../../src/drill/lock/local-lock.ts';
import {silentLog} from '../../src/io/log.ts';
import {type CampaignCluster, changes, type Snapshot, snapshot, startCampaignCluster} from '../support/campaign.ts';
import {journalLines, killAt, runFolder} from '../support/campaign-program.ts';
import {campaignDrills} from '../support/campaign-scenarios.ts';
import {type Ended, kubedrill, start, stateFolder, temporaryFolder} from '../support/kubedrill.ts';
import {failing, startProxy} from '../support/proxy.ts';

let cluster: CampaignCluster;
let before: Snapshot;

beforeAll(async () => {
  cluster = await startCampaignCluster();
  before = await snapshot(cluster.connection);
}, 60_000);
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

interface Begun {
  child: ChildProcess & {ended: Promise<Ended>};
  cwd: string;
  reports: string;
}

/** A drill that waits in `recover`, with its faults in the cluster. */
async function begin(): Promise<Begun> {
  const cwd = await temporaryFolder();
  const scenario = (campaignDrills.fixtures ?? '').replace('recover: [', 'recover: [{pause: 10m}, ');
  await writeFile(join(cwd, 'scenario.yaml'), scenario);
  const child = start(['run', 'scenario.yaml', '--kubeconfig', cluster.kubeconfigFile], {cwd});
  return {child, cwd, reports: join(cwd, 'reports')};
}

/** Resolves with the run folder once the journal says that the phase has begun. */
async function phase({child, reports}: Begun, name: string): Promise<string> {
  for (;;) {
    const folder = await runFolder(reports);
    const lines = folder === undefined ? [] : await journalLines(folder);
    if (folder !== undefined && lines.some((line) => line.includes(`"type":"phase.entered","phase":"${name}"`)))
      return folder;
    if (child.exitCode !== null) throw new Error(`ended too soon: ${JSON.stringify(await child.ended)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const id = (folder: string) => folder.split('/').at(-1) ?? '';
const withCluster = () => ['--kubeconfig', cluster.kubeconfigFile];
/** The cluster by another address. */
const proxied = () => startProxy({kubeconfig: cluster.kubeconfig, url: cluster.connection.reader.server});
const untouched = async () => changes(before, await snapshot(cluster.connection));

async function kubeconfigFor({cluster: {kubeconfig}}: {cluster: {kubeconfig: string}}): Promise<string> {
  const file = join(await temporaryFolder(), 'kubeconfig');
  await writeFile(file, kubeconfig);
  return file;
}

test('abort ends a run from another terminal: undone, reported, 130', async () => {
  const begun = await begin();
  const folder = await phase(begun, 'recover');
  const options = {cwd: begun.cwd};
  expect((await kubedrill(['status'], options)).stdout).toContain('running');
  const refused = await kubedrill(['rollback', id(folder), ...withCluster()], options);
  expect({code: refused.code, stderr: refused.stderr}).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('still running'),
  });
  expect((await kubedrill(['abort', id(folder), '--operator', 'bob'], options)).code).toBe(0);
  const {code, stdout} = await begun.child.ended;
  expect({code, stdout}).toEqual({code: 130, stdout: expect.stringMatching(/^ABORTED \(practice run\) — .*bob/)});
  expect(await untouched()).toEqual([]);
  expect(await readFile(join(folder, 'report.md'), 'utf8')).toContain('bob');
  expect((await kubedrill(['abort', id(folder)], options)).code).toBe(3);
});

test('abort finds a run without its folder by the lock that it holds', async () => {
  const begun = await begin();
  const folder = await phase(begun, 'recover');
  const elsewhere = {cwd: await temporaryFolder()};
  const other = await kubedrill(['abort', `${id(folder)}0`, ...withCluster()], elsewhere);
  expect(other.code).toBe(3);
  const {code, stdout} = await kubedrill(['abort', id(folder), '--operator', 'eve', ...withCluster()], elsewhere);
  expect({code, stdout}).toEqual({code: 0, stdout: expect.stringContaining(id(folder))});
  const ended = await begun.child.ended;
  expect({code: ended.code, stdout: ended.stdout}).toEqual({code: 130, stdout: expect.stringContaining('eve')});
  expect(await untouched()).toEqual([]);
});

test('while another drill of this machine has the cluster, a drill and a rollback are refused, whatever the Lease says', async () => {
  const begun = await begin();
  const folder = await phase(begun, 'recover');
  await killAt(begun.child, begun.reports, {lines: 0, delay: 0});
  await begun.child.ended;
  const lock = await takeLocalLock({
    ...{locks: join(stateFolder, 'kubedrill/locks'), cluster: await cluster.connection.identify()},
    ...{holder: 'ada (run-1)', log: silentLog},
  });
  const options = {cwd: begun.cwd};
  const rollback = () => kubedrill(['rollback', id(folder), ...withCluster()], options);
  const run = await kubedrill(['run', 'scenario.yaml', '--reports', 'other', ...withCluster()], options);
  const refused = await rollback();
  await lock.release();
  expect([run.code, run.stdout]).toEqual([3, expect.stringContaining('is running on this cluster: ada (run-1)')]);
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('running on this cluster: ada (run-1)')]);
  expect((await rollback()).code).toBe(0);
  expect(await untouched()).toEqual([]);
});

test('after a kill -9: status 4, a dry run that changes nothing, a rollback, and nothing more to do', async () => {
  const begun = await begin();
  const folder = await phase(begun, 'recover');
  await killAt(begun.child, begun.reports, {lines: 0, delay: 0});
  await begun.child.ended;
  // As a process leaves it that dies while it writes.
  await appendFile(join(folder, 'journal.jsonl'), '{"v":1,"seq":');
  const options = {cwd: begun.cwd};
  const status = await kubedrill(['status', '-o', 'json'], options);
  expect({code: status.code, runs: JSON.parse(status.stdout).runs}).toMatchObject({
    code: 4,
    runs: [{state: 'crashed'}],
  });

  const journal = () => readFile(join(folder, 'journal.jsonl'), 'utf8');
  const crashed = await journal();
  const dry = await kubedrill(['rollback', id(folder), '--dry-run', ...withCluster()], options);
  expect({code: dry.code, stdout: dry.stdout}).toEqual({
    code: 0,
    stdout: expect.stringContaining('Deployment shop/worker: scale/put-back'),
  });
  expect(await journal()).toBe(crashed);

  // By another address it might be a clone of the cluster, until somebody says that it is not.
  await using proxy = await proxied();
  const elsewhere = ['--kubeconfig', await kubeconfigFor(proxy)];
  const refused = await kubedrill(['rollback', id(folder), ...elsewhere], options);
  expect({code: refused.code, stderr: refused.stderr}).toEqual({code: 3, stderr: expect.stringContaining('--moved')});
  expect(await journal()).toBe(crashed);
  const {uid, server} = await cluster.connection.identify();
  const clusters = [server, proxy.cluster.url].map((url) => ({name: 'test', uid, server: url, environment: 'staging'}));
  await writeFile(join(begun.cwd, 'kubedrill.config.yaml'), JSON.stringify({clusters}));

  // Two at once: one writer.
  const both = await Promise.all([1, 2].map(() => kubedrill(['rollback', id(folder), ...elsewhere], options)));
  expect(both.map(({code}) => code ?? 0).filter((code) => code !== 3 && code !== 0)).toEqual([]);
  expect(both.some(({code}) => code === 0)).toBe(true);
  // Every line says of what, also those of its own lock.
  for (const {stderr} of both) expect(stderr).not.toMatch(/^undo:/m);
  expect(await untouched()).toEqual([]);
  const after = await journal();
  expect(await kubedrill(['rollback', id(folder), ...withCluster()], options)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('nothing is left'),
  });
  expect(await journal()).toBe(after);
  expect((await kubedrill(['status'], options)).stdout).toContain('clean');
});

test('rollback --orphans removes what a run without a folder has made, and no more', async () => {
  const begun = await begin();
  await phase(begun, 'steady');
  const options = {cwd: await temporaryFolder()};
  // The run lives: its things are none.
  expect(await kubedrill(['rollback', '--orphans', ...withCluster()], options)).toMatchObject({
    code: 0,
    stdout: 'no orphans\n',
  });
  await killAt(begun.child, begun.reports, {lines: 0, delay: 0});
  await begun.child.ended;
  const folder = (await runFolder(begun.reports)) ?? '';
  // As if its lease had run out.
  const {connection} = cluster;
  const lease = {apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'kubedrill', name: 'drill'};
  await connection.writer.patch(lease, {spec: {holderIdentity: ''}}, {type: 'merge'});
  const left = await kubedrill(['rollback', '--orphans', '--dry-run', ...withCluster()], options);
  expect(left.stdout).toContain('Namespace fixture');
  expect((await kubedrill(['rollback', '--orphans', ...withCluster()], options)).code).toBe(0);
  const labelled = [...(await snapshot(connection)).values()].filter((object) =>
    JSON.stringify(object.metadata).includes('kubedrill.dev/run'),
  );
  expect(labelled).toEqual([]);
  // What was not made but changed is known to the folder alone.
  await using proxy = await proxied();
  const elsewhere = ['--kubeconfig', await kubeconfigFor(proxy)];
  expect((await kubedrill(['rollback', folder, ...elsewhere], options)).code).toBe(3);
  expect((await kubedrill(['rollback', folder, '--moved', ...elsewhere], options)).code).toBe(0);
  expect(await untouched()).toEqual([]);
});

test('rollback --orphans says what it could not look at, and exits with 4', async () => {
  await using proxy = await proxied();
  proxy.when({method: 'GET', path: /^\/apis?\/([^/]+\/)?[^/]+\/[^/]+\?.*limit=/}, failing(403, 'Forbidden'));
  const command = ['rollback', '--orphans', '-n', 'shop', '--kubeconfig', await kubeconfigFor(proxy)];
  const {code, stdout} = await kubedrill(command);
  expect(code).toBe(4);
  expect(stdout).toMatch(/^no orphans where they could be looked for\n/);
  expect(stdout).toMatch(/looked at in these namespaces alone: default, kubedrill, shop\n {2}.*ConfigMap/);
  expect(stdout).toMatch(/not looked at, because this user may not list them:\n {2}.*Node/);
  for (const more of [[], ['--dry-run']]) {
    const json = await kubedrill([...command, '-o', 'json', ...more]);
    expect({code: json.code, ...JSON.parse(json.stdout)}).toMatchObject({
      code: 4,
      found: [],
      partly: expect.arrayContaining([
        {apiVersion: 'v1', kind: 'ConfigMap', namespaces: ['default', 'kubedrill', 'shop']},
      ]),
      unseen: expect.arrayContaining([{apiVersion: 'v1', kind: 'Node'}]),
    });
  }
});
