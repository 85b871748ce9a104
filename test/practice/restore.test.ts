import {expect, test} from 'vitest';
import {listenAnnotation} from '../../src/practice/index.ts';
import {call, type Loose, practice, quick, type TestCluster, until, webApp} from '../support/practice.ts';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const services = '/api/v1/namespaces/default/services';
const pods = '/api/v1/namespaces/default/pods';
const configMaps = '/api/v1/namespaces/default/configmaps';
const get = async (cluster: TestCluster, path: string): Promise<Loose> => (await call(cluster, 'GET', path)).body;
const webPods = async (cluster: TestCluster): Promise<Loose[]> =>
  (await get(cluster, `${pods}?labelSelector=app%3Dweb`)).items;
const isReady = ({status}: Loose) => status.containerStatuses?.[0]?.ready === true;

/** Runs a Deployment of ready pods with its Service; returns the Service once its listener is announced. */
async function runWeb(cluster: TestCluster): Promise<Loose> {
  const {deployment, service} = webApp('default');
  await call(cluster, 'POST', deployments, deployment);
  await call(cluster, 'POST', services, service);
  return await until(
    () => get(cluster, `${services}/web`),
    ({metadata}) => metadata.annotations?.[listenAnnotation],
  );
}

/** Whether the address that the Service announces answers. */
async function answers(service: Loose): Promise<boolean> {
  const announced = JSON.parse(service.metadata?.annotations?.[listenAnnotation] ?? '{}')['80/tcp'];
  const answer = fetch(`http://${announced}/`, {headers: {connection: 'close'}});
  return await answer.then(
    ({ok}) => ok,
    () => false,
  );
}

async function restore(cluster: TestCluster, ...args: Parameters<TestCluster['restore']>): Promise<void> {
  await cluster.stopApi();
  cluster.restore(...args);
  await cluster.startApi();
}

test('what the snapshot does not know goes on while the API is down, and ends when it is back', async () => {
  await using cluster = await practice();
  const snapshot = cluster.snapshot();
  const service = await runWeb(cluster);
  await until(() => answers(service), Boolean);
  const [pod] = await webPods(cluster);
  await cluster.stopApi();
  cluster.restore(snapshot, {bump: 1000, markCompacted: true});
  expect(await answers(service)).toBe(true);
  await cluster.startApi();
  expect((await call(cluster, 'GET', `${deployments}/web`)).status).toBe(404);
  await until(
    () => answers(service),
    (up) => !up,
  );
  await until(
    () => cluster.dial({host: pod.status.podIP, port: 80}, 'tcp').catch(({code}) => code),
    (code) => code === 'ECONNREFUSED',
  );
});

test('what the snapshot knows and the cluster lost runs again', async () => {
  await using cluster = await practice();
  await runWeb(cluster);
  const before = await until(
    () => webPods(cluster),
    (items) => items.length === 2 && items.every(isReady),
  );
  const snapshot = cluster.snapshot();
  await call(cluster, 'DELETE', `${deployments}/web`);
  await call(cluster, 'DELETE', `${services}/web`);
  await until(
    () => webPods(cluster),
    (items) => items.length === 0,
  );
  await restore(cluster, snapshot, {bump: 1000, markCompacted: true});
  await until(async () => answers(await get(cluster, `${services}/web`)), Boolean);
  const after = await until(
    () => webPods(cluster),
    // The addresses are those of new containers, once the kubelets have reported them.
    (items) => items.length === 2 && items.every((each) => isReady(each) && !isOld(each)),
  );
  expect(after.map(({metadata}) => metadata.uid).sort()).toEqual(before.map(({metadata}) => metadata.uid).sort());

  function isOld({status}: Loose): boolean {
    return before.some((each) => each.status.podIP === status.podIP);
  }
});

test('a Service whose listener the snapshot does not know announces it again', async () => {
  await using cluster = await practice({latency: {...quick, proxySync: [200, 200]}});
  const {deployment, service} = webApp('default');
  await call(cluster, 'POST', deployments, deployment);
  await until(
    () => webPods(cluster),
    (items) => items.length === 2 && items.every(isReady),
  );
  await call(cluster, 'POST', services, service);
  const snapshot = cluster.snapshot();
  const announced = () =>
    until(
      () => get(cluster, `${services}/web`),
      ({metadata}) => metadata.annotations?.[listenAnnotation],
    );
  const before = await announced();
  await restore(cluster, snapshot);
  expect((await announced()).metadata.annotations).toEqual(before.metadata.annotations);
  await until(() => answers(before), Boolean);
});

test('a pod whose deletion is undone by the restore runs anew, also where its containers were just ending', async () => {
  await using cluster = await practice();
  await call(cluster, 'POST', pods, {metadata: {name: 'app'}, spec: {containers: [{name: 'main', image: 'echo'}]}});
  const started = await until(() => get(cluster, `${pods}/app`), isReady);
  const snapshot = cluster.snapshot();
  await call(cluster, 'DELETE', `${pods}/app`);
  await restore(cluster, snapshot);
  const again = await until(
    () => get(cluster, `${pods}/app`),
    (pod) => isReady(pod) && pod.status.containerStatuses[0].containerID !== idOf(started),
  );
  expect(again.metadata.uid).toBe(started.metadata.uid);
  expect(again.metadata).not.toHaveProperty('deletionTimestamp');

  function idOf({status}: Loose): string {
    return status.containerStatuses[0].containerID;
  }
});

test('a pod that had finished does not run again', async () => {
  let runs = 0;
  const job = async () => {
    runs += 1;
    return 0;
  };
  await using cluster = await practice({programs: {job}});
  const spec = {restartPolicy: 'Never', containers: [{name: 'main', image: 'job'}]};
  await call(cluster, 'POST', pods, {metadata: {name: 'job'}, spec});
  await until(
    () => get(cluster, `${pods}/job`),
    ({status}) => status.phase === 'Succeeded',
  );
  const snapshot = cluster.snapshot();
  await call(cluster, 'DELETE', `${pods}/job`);
  await until(
    () => call(cluster, 'GET', `${pods}/job`),
    ({status}) => status === 404,
  );
  await restore(cluster, snapshot);
  await runWeb(cluster);
  expect((await get(cluster, `${pods}/job`)).status.phase).toBe('Succeeded');
  expect(runs).toBe(1);
});

test('watches and lists from before the restore are answered as by a real API server', async () => {
  await using cluster = await practice();
  const snapshot = cluster.snapshot();
  const {body} = await call(cluster, 'POST', configMaps, {metadata: {name: 'later'}});
  const known = Number(body.metadata.resourceVersion);
  const page = await get(cluster, `/api/v1/configmaps?limit=1`);
  const watched = async (query: string) => {
    const text = await (await fetch(`${cluster.url}${configMaps}?watch=1&timeoutSeconds=1&${query}`)).text();
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  };
  const write = (name: string) => call(cluster, 'POST', configMaps, {metadata: {name}});

  // The revision goes back: a watch from the lost future hears nothing, a list from there is told so.
  await restore(cluster, snapshot);
  const silent = watched(`resourceVersion=${known + 1000}`);
  expect((await write('a')).status).toBe(201);
  expect(await silent).toEqual([]);
  const ahead = await call(cluster, 'GET', `${configMaps}?resourceVersion=${known + 1000}`);
  expect(ahead).toMatchObject({status: 504, body: {message: expect.stringContaining('Too large resource version')}});
  const token = encodeURIComponent(page.metadata.continue);
  expect((await call(cluster, 'GET', `/api/v1/configmaps?limit=1&continue=${token}`)).status).toBe(410);

  // Bumped beyond all that was seen, and compacted: whoever knew an older state is told to list anew.
  await restore(cluster, snapshot, {bump: 1_000_000, markCompacted: true});
  const [told] = await watched(`resourceVersion=${known}`);
  expect(told).toMatchObject({type: 'ERROR', object: {code: 410, reason: 'Expired'}});
  const list = await get(cluster, configMaps);
  expect(Number(list.metadata.resourceVersion)).toBeGreaterThanOrEqual(snapshot.revision + 1_000_000);
  const fresh = watched(`resourceVersion=${list.metadata.resourceVersion}`);
  await write('b');
  expect((await fresh).map(({type, object}) => `${type} ${object.metadata.name}`)).toEqual(['ADDED b']);
});

test('a cluster whose API is up is not restored', async () => {
  await using cluster = await practice();
  const snapshot = cluster.snapshot();
  expect(() => cluster.restore(snapshot)).toThrow('only while its API is down');
});
