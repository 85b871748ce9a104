import {expect, test} from 'vitest';
import {goneOrHeld} from '../../../../src/actions/object/held.ts';
import {createHeldTime} from '../../../../src/actions/object/held-time.ts';
import type {KubeObject} from '../../../../src/cluster/types.ts';
import type {Clock} from '../../../../src/io/clock.ts';
import {tableCluster} from '../../../support/table-cluster.ts';

/** Time goes on by sleeping alone. */
function sleepingClock(): Clock {
  let now = 0;
  const sleep = async (ms: number) => {
    now += ms;
  };
  return {mono: () => now, wall: () => new Date(now), sleep} as Clock;
}

const held = (name: string, finalizers: string[]): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {name, namespace: 'shop', uid: name, finalizers, deletionTimestamp: 'now'},
});
const target = (name: string) => ({apiVersion: 'v1', kind: 'ConfigMap', name, namespace: 'shop'});
const {signal} = new AbortController();

test('what a finalizer keeps is waited for within one time for all, and the next ones have a short look', async () => {
  const clock = sleepingClock();
  const heldTime = createHeldTime(180_000);
  const {cluster} = tableCluster([held('a', ['chaos-mesh.org/records']), held('b', ['chaos-mesh.org/records'])]);
  const wait = (name: string) => goneOrHeld({cluster, clock, signal, heldTime}, target(name), {uid: name});
  expect(await wait('a')).toMatchObject({
    state: 'failed',
    detail: 'ConfigMap shop/a is on its way out, but its finalizer chaos-mesh.org/records keeps it',
  });
  expect(clock.mono()).toBeGreaterThanOrEqual(180_000);
  await wait('a');
  await wait('b');
  expect(clock.mono()).toBeLessThan(195_000);
  // Something that may have kept its controller from working is as before.
  heldTime.renew();
  await wait('a');
  expect(clock.mono()).toBeGreaterThan(360_000);
});

test('what Kubernetes itself keeps has all the time of its undo', async () => {
  const clock = sleepingClock();
  const objects = [held('a', ['kubernetes.io/pvc-protection'])];
  const {cluster} = tableCluster(objects);
  const sleep = async (ms: number) => {
    await clockSleep(ms);
    if (clock.mono() > 60_000) objects.length = 0;
  };
  const clockSleep = clock.sleep;
  const ctx = {cluster, clock: {...clock, sleep}, signal, heldTime: createHeldTime(1000)};
  expect(await goneOrHeld(ctx, target('a'), {uid: 'a'})).toBeUndefined();
});

test('a namespace says whose finalizers keep what is in it', async () => {
  const message =
    'Some content in the namespace has finalizers remaining: chaos-mesh.org/records in 1 resource instances, kubernetes.io/pvc-protection in 2 resource instances';
  const namespace: KubeObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {name: 'shop', uid: 'n', deletionTimestamp: 'now'},
    status: {conditions: [{type: 'NamespaceFinalizersRemaining', status: 'True', message}]},
  };
  const {cluster} = tableCluster([namespace]);
  const ctx = {cluster, clock: sleepingClock(), signal, heldTime: createHeldTime(1000)};
  expect(await goneOrHeld(ctx, {apiVersion: 'v1', kind: 'Namespace', name: 'shop'}, {uid: 'n'})).toMatchObject({
    detail: 'Namespace shop is on its way out, but objects in it are kept by the finalizer chaos-mesh.org/records',
  });
});
