import {startPracticeCluster} from '../../src/cli/support/practice.ts';
import type {PracticeCluster} from '../../src/practice/index.ts';
import {call, type Loose, quick} from './practice.ts';

const victim = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'victim', namespace: 'shop'}, data: {mode: 'on'}};

/** A fixture, two faults and an undo as the recovery: each kind of journal line that a drill writes. */
export const diskScenario = `
apiVersion: kubedrill.dev/v1
kind: Scenario
metadata: {name: disk, title: A drill whose disk fails, owner: tests}
spec:
  type: disaster
  target: {environments: [practice], maxTargets: 2}
  prepare:
    - {id: made, uses: object/apply, with: {inline: {apiVersion: v1, kind: ConfigMap, metadata: {name: other, namespace: shop}, data: {mode: "on"}}}}
  probes: [{name: on, uses: kubernetes/object, from: runner, every: 20ms, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: victim}, expect: object.data.mode == 'on'}]
  services: {shop: {up: [on]}}
  objectives: [{rto: 10s, of: shop, from: fault, source: a test}]
  steady: {for: 100ms}
  inject:
    - {id: off, uses: object/patch, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: victim, patch: {data: {mode: "off"}}}}
    - {pause: 200ms}
    - {id: also, uses: object/patch, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: other, patch: {data: {mode: "off"}}}}
  effect:
    within: 5s
    prove: {uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: other}, expect: object.data.mode == 'off'}
  recover: [{undo: off}]
  verify:
    within: 12s
    stableFor: 200ms
    checks: [{name: it is on, uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: victim}, expect: object.data.mode == 'on'}]
  stopWhen: {none: a test}
`;

/** A cluster with something to break. */
export async function clusterWithShop(): Promise<PracticeCluster> {
  const cluster = await startPracticeCluster({seed: 1, latency: quick});
  const namespace = {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'shop'}};
  await call(cluster, 'POST', '/api/v1/namespaces', namespace);
  await call(cluster, 'POST', '/api/v1/namespaces/shop/configmaps', victim);
  return cluster;
}

/** What a drill may not have changed when it is over: the namespaces, and what is in the shop. */
export async function shopState(cluster: PracticeCluster) {
  const namespaces = (await call(cluster, 'GET', '/api/v1/namespaces')).body.items;
  const maps = (await call(cluster, 'GET', '/api/v1/namespaces/shop/configmaps')).body.items;
  return {
    namespaces: namespaces.map(({metadata}: Loose) => metadata.name).sort(),
    maps: maps.map(({metadata: {name, labels}, data}: Loose) => ({name, labels, data})),
  };
}
