import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {holderOf, leaseObject} from '../../../src/drill/lock/lease.ts';
import {lease} from '../../../src/drill/lock/live-lease.ts';
import {systemClock} from '../../../src/io/clock.ts';
import type {JournalEvent} from '../../../src/journal/types.ts';
import {crashedRun, crashOn, rollBack} from '../../support/crashed-run.ts';
import {call, type TestCluster} from '../../support/practice.ts';
import {type ApiProxy, failing, practiceBehindProxy} from '../../support/proxy.ts';

const {id, label} = crashedRun;
const labels = {'kubedrill.dev/run': label};
const hookPath = '/api/v1/namespaces/default/configmaps/hook';
const leasePath = '/apis/coordination.k8s.io/v1/namespaces/kubedrill/leases/drill';
const namespacePath = '/api/v1/namespaces/kubedrill';
const deadHolder = `ada (${id})`;

/** What the crashed run made: the lock's namespace, the lock, and the fault. */
const namespaceMade: JournalEvent = {
  type: 'mutation.intent',
  mutation: 'm1',
  role: 'fixture',
  phase: 'prepare',
  target: {apiVersion: 'v1', kind: 'Namespace', name: 'kubedrill'},
  undo: {kind: 'lock/namespace', data: {lease: lease.name, holder: deadHolder}},
};
const leaseTaken: JournalEvent = {
  type: 'mutation.intent',
  mutation: 'm2',
  role: 'fixture',
  phase: 'prepare',
  target: lease,
  undo: {kind: 'lease/release', data: {holder: deadHolder}},
};
const hooked: JournalEvent = {
  type: 'mutation.intent',
  mutation: 'm3',
  role: 'fault',
  phase: 'inject',
  step: 'inject.0',
  target: {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'hook'},
  undo: {kind: 'object/remove', data: {}},
};
const applied = (mutation: string): JournalEvent => ({type: 'mutation.applied', mutation});

const isThere = async (cluster: TestCluster, path: string) => (await call(cluster, 'GET', path)).status === 200;

/**
 * A cluster whose API refuses the writes of the lock while a ConfigMap is there: it stands for a webhook that fails
 * closed, or a quota.
 */
async function blocked(
  status: number,
  reason: string,
): Promise<{cluster: TestCluster; proxy: ApiProxy} & AsyncDisposable> {
  const world = await practiceBehindProxy();
  const {cluster, proxy} = world;
  const hook = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'hook', labels}};
  await call(cluster, 'POST', '/api/v1/namespaces/default/configmaps', hook);
  for (const method of ['POST', 'PUT']) {
    proxy.when({method, path: /^\/api\/v1\/namespaces(\?|$)|\/leases/}, async (exchange) => {
      await ((await isThere(cluster, hookPath)) ? failing(status, reason)(exchange) : exchange.pass());
    });
  }
  return world;
}

/** Puts the lock's namespace and a fresh lease into a cluster. */
async function lock(cluster: TestCluster, holder: string): Promise<void> {
  await call(cluster, 'POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {name: 'kubedrill', labels},
  });
  await call(
    cluster,
    'POST',
    leasePath.replace('/drill', ''),
    leaseObject(lease, {holder, clock: systemClock, run: {label}}),
  );
}

const notes = async (folder: string) =>
  (await readFile(join(folder, 'journal.jsonl'), 'utf8')).split('\n').filter((line) => line.includes('"type":"note"'));

test.each([
  [500, 'InternalError'],
  [403, 'Forbidden'],
  [400, 'BadRequest'],
  [405, 'MethodNotAllowed'],
])('a fault by which no lock can be made (%i) is taken back without one', async (status, reason) => {
  await using world = await blocked(status, reason);
  const {cluster, proxy} = world;
  const folder = await crashOn(proxy, hooked, applied('m3'));
  expect(await rollBack(proxy, folder)).toMatchObject({cleanup: 'clean', left: [], exitCode: 0});
  expect([await isThere(cluster, hookPath), await isThere(cluster, namespacePath)]).toEqual([false, false]);
  expect(await notes(folder)).toEqual([expect.stringContaining('without the lock')]);
});

test('a fault by which the dead run keeps the lock for good is taken back, and its lock and namespace with it', async () => {
  await using world = await blocked(500, 'InternalError');
  const {cluster, proxy} = world;
  const folder = await crashOn(proxy, namespaceMade, applied('m1'), leaseTaken, applied('m2'), hooked, applied('m3'));
  await lock(cluster, deadHolder);
  expect(await rollBack(proxy, folder)).toMatchObject({cleanup: 'clean', left: [], exitCode: 0});
  expect([
    await isThere(cluster, hookPath),
    await isThere(cluster, leasePath),
    await isThere(cluster, namespacePath),
  ]).toEqual([false, false, false]);
});

test('a write of the lock that fails in passing is tried again: the rollback has its lock', async () => {
  await using world = await blocked(500, 'InternalError');
  const {cluster, proxy} = world;
  const folder = await crashOn(proxy, hooked, applied('m3'));
  proxy.clear();
  let failures = 0;
  proxy.when({method: 'POST', path: /\/leases/}, async (exchange) => {
    failures += 1;
    await (failures === 1 ? failing(503, 'ServiceUnavailable')(exchange) : exchange.pass());
  });
  let holder = '';
  proxy.when({method: 'DELETE', path: /configmaps\/hook/}, async ({pass}) => {
    holder = holderOf((await call(cluster, 'GET', leasePath)).body);
    await pass();
  });
  expect(await rollBack(proxy, folder, {operator: 'bob'})).toMatchObject({cleanup: 'clean', left: []});
  expect(holder).toContain('bob');
  expect(await isThere(cluster, namespacePath)).toBe(false);
});

test('a lock that can neither be written nor read refuses the rollback', async () => {
  await using world = await blocked(403, 'Forbidden');
  const {cluster, proxy} = world;
  const folder = await crashOn(proxy, hooked, applied('m3'));
  let reads = 0;
  // The first look is that before anything is written.
  proxy.when({method: 'GET', path: /\/leases\/drill/}, async (exchange) => {
    reads += 1;
    await (reads === 1 ? exchange.pass() : failing(403, 'Forbidden')(exchange));
  });
  await expect(rollBack(proxy, folder)).rejects.toMatchObject({code: 'E_CLUSTER_FORBIDDEN'});
  expect(await isThere(cluster, hookPath)).toBe(true);
});

test('a drill that has come to hold a lock that cannot be written refuses the rollback', async () => {
  await using world = await blocked(403, 'Forbidden');
  const {cluster, proxy} = world;
  const folder = await crashOn(proxy, hooked, applied('m3'));
  proxy.when({method: 'POST', path: /^\/api\/v1\/namespaces(\?|$)/}, async (exchange) => {
    await lock(cluster, 'carol (other-run)');
    await failing(403, 'Forbidden')(exchange);
  });
  await expect(rollBack(proxy, folder)).rejects.toMatchObject({
    code: 'E_LOCKED',
    message: expect.stringContaining('carol (other-run)'),
  });
  expect(await isThere(cluster, hookPath)).toBe(true);
});

test('a drill that begins once the fault is gone stops a rollback that has no lock', async () => {
  await using world = await blocked(403, 'Forbidden');
  const {cluster, proxy} = world;
  const other = {...hooked, mutation: 'm0', target: {...hooked.target, name: 'other'}} as JournalEvent;
  const folder = await crashOn(proxy, other, applied('m0'), hooked, applied('m3'));
  await call(cluster, 'POST', '/api/v1/namespaces/default/configmaps', {metadata: {name: 'other', labels}});
  proxy.when({method: 'DELETE', path: /configmaps\/hook/}, async ({pass}) => {
    await lock(cluster, 'carol (other-run)');
    await pass();
  });
  await expect(rollBack(proxy, folder)).rejects.toMatchObject({code: 'E_LOCKED'});
  expect([await isThere(cluster, hookPath), await isThere(cluster, hookPath.replace('hook', 'other'))]).toEqual([
    false,
    true,
  ]);
});
