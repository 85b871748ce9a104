import {expect, test} from 'vitest';
import {machineAnnotation} from '../../src/practice/index.ts';
import {call, type Loose, practice, type TestCluster, until, webApp} from '../support/practice.ts';

const merge = {'content-type': 'application/merge-patch+json'};
const worker = 'practice-worker';
const slices =
  '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dweb';
const get = async (cluster: TestCluster, path: string): Promise<Loose> => (await call(cluster, 'GET', path)).body;
const nodeOf = (cluster: TestCluster, name = worker) => get(cluster, `/api/v1/nodes/${name}`);
const webPods = async (cluster: TestCluster): Promise<Loose[]> =>
  (await get(cluster, '/api/v1/namespaces/default/pods?labelSelector=app%3Dweb')).items;
const cordon = (cluster: TestCluster, unschedulable: true | null) =>
  call(cluster, 'PATCH', `/api/v1/nodes/${worker}`, {spec: {unschedulable}}, merge);
const readyOf = ({status}: Loose) => status.conditions?.find(({type}: Loose) => type === 'Ready');
const taintsOf = ({spec}: Loose): string[] => (spec.taints ?? []).map(({key, effect}: Loose) => `${key}:${effect}`);

/** Runs a Deployment of ready pods with its Service. */
async function runWeb(cluster: TestCluster, replicas: number, spec: object = {}): Promise<void> {
  const {deployment, service} = webApp('default', replicas);
  Object.assign(deployment.spec.template.spec, spec);
  await call(cluster, 'POST', '/apis/apps/v1/namespaces/default/deployments', deployment);
  await call(cluster, 'POST', '/api/v1/namespaces/default/services', service);
  await until(
    () => get(cluster, slices),
    ({items}) => readyEndpoints(items).length === replicas,
  );
}

const readyEndpoints = (items: Loose[]): Loose[] =>
  items.flatMap(({endpoints}) => endpoints).filter(({conditions}) => conditions.ready);

test('a cordoned node is tainted, takes no new pods and keeps those that it has', async () => {
  await using cluster = await practice();
  await runWeb(cluster, 2);
  await cordon(cluster, true);
  await until(
    () => nodeOf(cluster),
    (node) => taintsOf(node).includes('node.kubernetes.io/unschedulable:NoSchedule'),
  );
  await call(cluster, 'PATCH', '/apis/apps/v1/namespaces/default/deployments/web', {spec: {replicas: 6}}, merge);
  const pods = await until(
    () => webPods(cluster),
    (items) => items.length === 6 && items.every(({spec}) => spec.nodeName),
  );
  expect(pods.filter(({spec}) => spec.nodeName === worker)).toHaveLength(1);
  await cordon(cluster, null);
  const open = await until(
    () => nodeOf(cluster),
    (node) => taintsOf(node).length === 0,
  );
  expect(open.spec).not.toHaveProperty('taints');
});

test('a node whose kubelet is stopped gets NotReady, its pods leave the Service and stay; then all comes back', async () => {
  await using cluster = await practice();
  await runWeb(cluster, 2);
  cluster.stopKubelet(worker);
  const lost = await until(
    () => nodeOf(cluster),
    (node) => taintsOf(node).length === 2,
  );
  expect(readyOf(lost)).toMatchObject({status: 'Unknown', reason: 'NodeStatusUnknown'});
  expect(taintsOf(lost)).toEqual(
    ['NoSchedule', 'NoExecute'].map((effect) => `node.kubernetes.io/unreachable:${effect}`),
  );
  const {items} = await until(
    () => get(cluster, slices),
    (list) => readyEndpoints(list.items).length === 1,
  );
  expect(readyEndpoints(items)[0].nodeName).toBe('practice-worker2');
  // By default a pod bears that for 300 s.
  expect(await webPods(cluster)).toHaveLength(2);
  cluster.startKubelet(worker);
  const found = await until(
    () => nodeOf(cluster),
    (node) => taintsOf(node).length === 0,
  );
  expect(readyOf(found)).toMatchObject({status: 'True'});
  await until(
    () => get(cluster, slices),
    (list) => readyEndpoints(list.items).length === 2,
  );
});

test('a pod that bears a lost node for no time is replaced elsewhere, and ends when the kubelet is back', async () => {
  await using cluster = await practice();
  const tolerations = [
    {key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 0},
  ];
  await runWeb(cluster, 2, {tolerations});
  const [old] = (await webPods(cluster)).filter(({spec}) => spec.nodeName === worker);
  cluster.stopKubelet(worker);
  const pods = await until(
    () => webPods(cluster),
    (items) => items.length === 3 && items.every((pod) => readyOf(pod) !== undefined),
  );
  const leaving = pods.find(({metadata}) => metadata.uid === old.metadata.uid);
  expect(leaving.metadata.deletionTimestamp).toBeDefined();
  cluster.startKubelet(worker);
  await until(
    () => webPods(cluster),
    (items) => items.length === 2 && !items.some(({metadata}) => metadata.uid === old.metadata.uid),
  );
});

test('a pod of a DaemonSet stays on a node that is cordoned or lost', async () => {
  await using cluster = await practice();
  const {template} = webApp('default').deployment.spec;
  const spec = {selector: {matchLabels: {app: 'web'}}, template};
  await call(cluster, 'POST', '/apis/apps/v1/namespaces/default/daemonsets', {metadata: {name: 'agent'}, spec});
  const before = await until(
    () => webPods(cluster),
    (items) => items.length === 2 && items.every((pod) => readyOf(pod)?.status === 'True'),
  );
  await cordon(cluster, true);
  cluster.stopKubelet(worker);
  await until(
    () => nodeOf(cluster),
    (node) => taintsOf(node).length === 3,
  );
  const mark = await call(cluster, 'POST', '/api/v1/namespaces/default/configmaps', {metadata: {name: 'mark'}});
  expect(mark.status).toBe(201);
  const after = await webPods(cluster);
  expect(after.map(({metadata}) => metadata.uid)).toEqual(before.map(({metadata}) => metadata.uid));
  expect(after.every(({metadata}) => metadata.deletionTimestamp === undefined)).toBe(true);
});

test('a kubelet of a node that does not exist cannot be stopped', async () => {
  await using cluster = await practice();
  expect(() => cluster.stopKubelet('none')).toThrow('the practice cluster has no node none');
  expect(() => cluster.startKubelet('none')).toThrow('the practice cluster has no node none');
});

test('another process finds the machine of a node in its annotation, and switches its kubelet over HTTP', async () => {
  await using cluster = await practice();
  const {items} = await get(cluster, '/api/v1/nodes');
  const urls: string[] = items.map(({metadata}: Loose) => metadata.annotations[machineAnnotation]);
  expect(urls).toHaveLength(3);
  const url = (await nodeOf(cluster)).metadata.annotations[machineAnnotation] as string;
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/practice-worker$/);
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(url + path, {method});
    return {status: response.status, body: await response.json()};
  };
  expect(await ask('')).toEqual({status: 200, body: {node: worker, kubelet: 'running'}});
  for (const _ of ['once', 'again']) {
    expect(await ask('/kubelet/stop', 'POST')).toEqual({status: 200, body: {node: worker, kubelet: 'stopped'}});
  }
  await until(
    () => nodeOf(cluster),
    (node) => readyOf(node).status === 'Unknown',
  );
  expect(await ask('/kubelet/start', 'POST')).toEqual({status: 200, body: {node: worker, kubelet: 'running'}});
  await until(
    () => nodeOf(cluster),
    (node) => readyOf(node).status === 'True',
  );
  expect((await ask('/kubelet/stop')).status).toBe(405);
  expect((await ask('/constructor', 'POST')).status).toBe(404);
  expect((await ask('-9/kubelet/stop', 'POST')).body).toEqual({
    error: 'the practice cluster has no node practice-worker-9',
  });
  await cluster.stop();
  await expect(fetch(url)).rejects.toThrow();
});
