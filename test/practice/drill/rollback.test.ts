import {cp} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import type {KubeObject} from '../../../src/cluster/types.ts';
import {holderOf, leaseObject} from '../../../src/drill/lock/lease.ts';
import {lease} from '../../../src/drill/lock/live-lease.ts';
import {systemClock} from '../../../src/io/clock.ts';
import type {JournalEvent} from '../../../src/journal/types.ts';
import {crashedRun, crashOn, rollBack} from '../../support/crashed-run.ts';
import {temporaryFolder} from '../../support/kubedrill.ts';
import {call, type TestCluster, until} from '../../support/practice.ts';
import {type ApiProxy, practiceBehindProxy} from '../../support/proxy.ts';

const {id, label} = crashedRun;
const made = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {name: 'made', namespace: 'default', labels: {'kubedrill.dev/run': label}},
};
const madePath = '/api/v1/namespaces/default/configmaps/made';
const leasePath = '/apis/coordination.k8s.io/v1/namespaces/kubedrill/leases/drill';
const intent: JournalEvent = {
  type: 'mutation.intent',
  mutation: 'm7',
  role: 'fixture',
  phase: 'prepare',
  target: {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'made'},
  undo: {kind: 'object/remove', data: {}},
};
/** As the crashed run held the lock. */
const deadHolder = `ada (${id})`;
const held: JournalEvent = {
  type: 'mutation.intent',
  mutation: 'm2',
  role: 'fixture',
  phase: 'prepare',
  target: lease,
  undo: {kind: 'lease/release', data: {holder: deadHolder}},
};

/** A cluster with one object that a crashed run has made. */
async function mess(): Promise<{cluster: TestCluster; proxy: ApiProxy} & AsyncDisposable> {
  const world = await practiceBehindProxy();
  await call(world.cluster, 'POST', '/api/v1/namespaces/default/configmaps', made);
  return world;
}

const leaseOf = (holder: string): KubeObject => leaseObject(lease, {holder, clock: systemClock, run: {label}});

/** Puts the lock's namespace and a fresh lease into a cluster. */
async function lock(cluster: TestCluster, holder: string): Promise<void> {
  const namespace = {metadata: {name: 'kubedrill', labels: {'kubedrill.dev/run': label}}};
  await call(cluster, 'POST', '/api/v1/namespaces', {apiVersion: 'v1', kind: 'Namespace', ...namespace});
  await call(cluster, 'POST', leasePath.replace('/drill', ''), leaseOf(holder));
}

/** Stops the removal of the object until it is told to go on. */
function stopAtRemoval(proxy: ApiProxy) {
  const arrived = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  proxy.when({method: 'DELETE', path: /configmaps\/made/}, async ({pass}) => {
    arrived.resolve();
    await goOn.promise;
    await pass();
  });
  return {arrived: arrived.promise, goOn: goOn.resolve};
}

const isThere = async (cluster: TestCluster, path: string) => (await call(cluster, 'GET', path)).status === 200;

test('a rollback holds the lock under the id of its run from its first undo to its last, and gives it back', async () => {
  await using world = await mess();
  const {cluster, proxy} = world;
  const folder = await crashOn(proxy, intent);
  const removal = stopAtRemoval(proxy);
  const rollback = rollBack(proxy, folder, {operator: 'bob'});
  await removal.arrived;
  const present = (await call(cluster, 'GET', leasePath)).body;
  expect(present.kind === 'Lease' && holderOf(present)).toContain(`bob (${id})`);
  removal.goOn();
  expect(await rollback).toMatchObject({cleanup: 'clean', left: []});
  expect([
    await isThere(cluster, madePath),
    await isThere(cluster, leasePath),
    await isThere(cluster, '/api/v1/namespaces/kubedrill'),
  ]).toEqual([false, false, false]);
});

test('of two rollbacks of one run from two copies of its folder, the second is refused with the name of the first', async () => {
  await using world = await mess();
  const {cluster, proxy} = world;
  const folder = await crashOn(proxy, intent);
  const copy = join(await temporaryFolder(), 'copy');
  await cp(folder, copy, {recursive: true});
  const removal = stopAtRemoval(proxy);
  const first = rollBack(proxy, folder, {operator: 'bob'});
  await removal.arrived;
  await expect(rollBack(proxy, copy, {operator: 'eve'})).rejects.toMatchObject({
    code: 'E_LOCKED',
    exitCode: 3,
    message: expect.stringContaining(`bob (${id})`),
  });
  removal.goOn();
  expect(await first).toMatchObject({cleanup: 'clean'});
  expect(await rollBack(proxy, copy)).toMatchObject({cleanup: 'clean', found: [{id: 'm7'}]});
  expect(await isThere(cluster, '/api/v1/namespaces/kubedrill')).toBe(false);
});

test('the lock of another drill refuses the rollback, which changes nothing; a dry run asks for no lock', async () => {
  await using world = await mess();
  const {cluster, proxy} = world;
  const folder = await crashOn(proxy, intent);
  await lock(cluster, 'carol (other-run)');
  await expect(rollBack(proxy, folder)).rejects.toMatchObject({
    code: 'E_LOCKED',
    message: expect.stringContaining('carol (other-run)'),
  });
  expect(await rollBack(proxy, folder, {dryRun: true})).toMatchObject({found: [{id: 'm7'}]});
  expect(await isThere(cluster, madePath)).toBe(true);
  expect(holderOf((await call(cluster, 'GET', leasePath)).body)).toBe('carol (other-run)');
});

test('a drill that takes the lock between the look and the call refuses the rollback, and its run ends as dirty', async () => {
  await using world = await mess();
  const {cluster, proxy} = world;
  const folder = await crashOn(proxy, intent);
  const end = proxy.when({method: 'POST', path: /leases/}, async ({pass}) => {
    await lock(cluster, 'carol (other-run)');
    await pass();
  });
  await expect(rollBack(proxy, folder)).rejects.toMatchObject({
    code: 'E_LOCKED',
    message: expect.stringContaining('carol (other-run)'),
  });
  end();
  expect(await isThere(cluster, madePath)).toBe(true);
  expect(holderOf((await call(cluster, 'GET', leasePath)).body)).toBe('carol (other-run)');
  await call(cluster, 'DELETE', leasePath);
  expect(await rollBack(proxy, folder)).toMatchObject({cleanup: 'clean', left: []});
});

test('the fresh lease of the dead run itself is taken over at once', async () => {
  await using world = await mess();
  const {cluster, proxy} = world;
  const folder = await crashOn(proxy, held, intent);
  await lock(cluster, deadHolder);
  const annotations = {'kubedrill.dev/abort': 'bob', 'kubedrill.dev/expires': new Date(0).toISOString()};
  const type = {'content-type': 'application/merge-patch+json'};
  await call(cluster, 'PATCH', leasePath, {metadata: {annotations}}, type);
  const removal = stopAtRemoval(proxy);
  const begun = systemClock.mono();
  const rollback = rollBack(proxy, folder, {operator: 'bob'});
  await removal.arrived;
  // A lease that had to run out would take its twenty seconds.
  expect(systemClock.mono() - begun).toBeLessThan(15_000);
  const {body} = await call(cluster, 'GET', leasePath);
  expect(holderOf(body)).toContain(`bob (${id})`);
  // What the dead run was told is not for who comes after it.
  expect(Object.keys(body.metadata.annotations)).toEqual(['kubedrill.dev/expires']);
  expect(Date.parse(body.metadata.annotations['kubedrill.dev/expires'])).toBeGreaterThan(Date.now());
  removal.goOn();
  expect(await rollback).toMatchObject({cleanup: 'clean', left: []});
  expect(await isThere(cluster, '/api/v1/namespaces/kubedrill')).toBe(false);
});

test('a lease of the same run that somebody renews is alive: refused', async () => {
  await using world = await mess();
  const {cluster, proxy} = world;
  const folder = await crashOn(proxy, intent);
  await lock(cluster, deadHolder);
  const over = new AbortController();
  const renew = async () => {
    for (;;) {
      await systemClock.sleep(200, over.signal);
      const patch = {spec: {renewTime: `${new Date().toISOString().slice(0, -1)}000Z`}};
      await call(cluster, 'PATCH', leasePath, patch, {'content-type': 'application/merge-patch+json'});
    }
  };
  const renewing = renew().catch(() => undefined);
  await expect(rollBack(proxy, folder)).rejects.toMatchObject({
    code: 'E_LOCKED',
    message: expect.stringContaining(deadHolder),
  });
  over.abort();
  await renewing;
  expect(await isThere(cluster, madePath)).toBe(true);
});

test('a namespace of the lock that is on its way out is waited for', async () => {
  await using world = await mess();
  const {cluster, proxy} = world;
  const folder = await crashOn(proxy, intent);
  await lock(cluster, deadHolder);
  const holding = {...made, metadata: {name: 'holding', finalizers: ['example.org/hold']}};
  await call(cluster, 'POST', '/api/v1/namespaces/kubedrill/configmaps', holding);
  await call(cluster, 'DELETE', '/api/v1/namespaces/kubedrill');
  let looks = 0;
  const looked = Promise.withResolvers<void>();
  proxy.when({method: 'GET', path: /namespaces\/kubedrill(\?|$)/}, async ({pass}) => {
    looks += 1;
    if (looks === 3) looked.resolve();
    await pass();
  });
  const rollback = rollBack(proxy, folder);
  await Promise.race([looked.promise, rollback]);
  expect(await isThere(cluster, madePath)).toBe(true);
  const release = {metadata: {finalizers: null}};
  const type = {'content-type': 'application/merge-patch+json'};
  await call(cluster, 'PATCH', '/api/v1/namespaces/kubedrill/configmaps/holding', release, type);
  expect(await rollback).toMatchObject({cleanup: 'clean', left: []});
  await until(
    () => isThere(cluster, '/api/v1/namespaces/kubedrill'),
    (there) => !there,
  );
});
