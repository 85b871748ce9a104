import {Resolver} from 'node:dns/promises';
import {once} from 'node:events';
import {expect, test} from 'vitest';
import type {Address} from '../../src/io/dial.ts';
import type {ContainerProgram} from '../../src/practice/index.ts';
import {call, type Loose, practice, quick, type TestCluster, until, webApp} from '../support/practice.ts';

const merge = {'content-type': 'application/merge-patch+json'};
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const pods = '/api/v1/namespaces/default/pods';
const pod = (name: string, container: object, spec: object = {}) => ({
  metadata: {name, labels: {name}},
  spec: {containers: [{name: 'main', ...container}], ...spec},
});
const get = async (cluster: TestCluster, path: string): Promise<Loose> => (await call(cluster, 'GET', path)).body;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** Long enough for everything that would happen with the API at hand. */
const meanwhile = () => pause(150);

/** Runs a Deployment of ready pods with its Service, and returns the Service's address once it answers. */
async function runWeb(cluster: TestCluster, replicas = 2): Promise<Address> {
  const {deployment, service} = webApp('default', replicas);
  await call(cluster, 'POST', deployments, deployment);
  const {body} = await call(cluster, 'POST', '/api/v1/namespaces/default/services', service);
  const address = {host: body.spec.clusterIP as string, port: 80};
  await until(
    () => answers(cluster, address),
    (answer) => answer === 'answers',
  );
  return address;
}

async function answers(cluster: TestCluster, address: Address): Promise<string> {
  try {
    const {host, port} = await cluster.dial(address, 'tcp');
    const response = await fetch(`http://${host}:${port}/`, {headers: {connection: 'close'}});
    return (await response.text()).includes(' in default on ') ? 'answers' : 'something else';
  } catch (error) {
    return (error as {code?: string}).code ?? 'broken';
  }
}

async function resolve(cluster: TestCluster, name: string): Promise<string[]> {
  const {host, port} = await cluster.dial({host: '10.96.0.10', port: 53}, 'udp');
  const resolver = new Resolver({timeout: 1000, tries: 1});
  resolver.setServers([`${host}:${port}`]);
  return await resolver.resolve4(name);
}

const failure = (error: Loose): string => error.cause?.code ?? error.code ?? error.name;

test('while the API is down connections are refused and watches end; it comes back at its address', async () => {
  await using cluster = await practice();
  const watch = await fetch(`${cluster.url}${pods}?watch=1`);
  const ended = watch.text().catch(failure);
  await cluster.stopApi();
  await cluster.stopApi();
  expect(await ended).toMatch(/UND_ERR_SOCKET|ECONNRESET|TypeError/);
  await expect(fetch(`${cluster.url}/readyz`).catch(failure)).resolves.toBe('ECONNREFUSED');
  await expect(cluster.dial({host: '10.96.0.1', port: 443}, 'tcp').catch(failure)).resolves.toBe('ECONNREFUSED');
  await Promise.all([cluster.startApi(), cluster.stopApi(), cluster.startApi()]);
  await cluster.startApi();
  expect(await get(cluster, '/readyz')).toBe('ok');
  await expect(cluster.dial({host: '10.96.0.1', port: 443}, 'tcp')).resolves.toMatchObject({host: '127.0.0.1'});
});

test('a request that is under way when the API goes down is lost, and does nothing', async () => {
  await using cluster = await practice({latency: {...quick, api: [100, 100]}});
  const created = call(cluster, 'POST', '/api/v1/namespaces/default/configmaps', {metadata: {name: 'lost'}});
  const outcome = created.then(
    () => 'answered',
    () => 'lost',
  );
  await pause(30);
  await cluster.stopApi();
  expect(await outcome).toBe('lost');
  await pause(100);
  await cluster.startApi();
  expect((await call(cluster, 'GET', '/api/v1/namespaces/default/configmaps/lost')).status).toBe(404);
});

test('Services answer and names resolve while the API is down', async () => {
  await using cluster = await practice();
  const address = await runWeb(cluster);
  await cluster.stopApi();
  for (let round = 0; round < 5; round += 1) {
    expect(await answers(cluster, address)).toBe('answers');
    expect(await resolve(cluster, 'web.default.svc.cluster.local')).toEqual([address.host]);
    await pause(30);
  }
  await expect(resolve(cluster, 'other.default.svc.cluster.local')).rejects.toMatchObject({code: 'ENOTFOUND'});
  await cluster.startApi();
  // What is made afterwards is known to all again.
  const {service} = webApp('default');
  service.metadata.name = 'other';
  const {body} = await call(cluster, 'POST', '/api/v1/namespaces/default/services', service);
  await until(
    () => answers(cluster, {host: body.spec.clusterIP, port: 80}),
    (answer) => answer === 'answers',
  );
  await expect(resolve(cluster, 'other.default.svc.cluster.local')).resolves.toEqual([body.spec.clusterIP]);
});

test('a container that crashes while the API is down is restarted, and that is reported afterwards', async () => {
  const crash = new EventTarget();
  let starts = 0;
  const fragile: ContainerProgram = async (ctx) => {
    starts += 1;
    await Promise.race([once(crash, 'now'), new Promise((end) => ctx.signal.addEventListener('abort', end))]);
    return 7;
  };
  await using cluster = await practice({programs: {fragile}});
  await call(cluster, 'POST', pods, pod('app', {image: 'fragile'}));
  const before = await until(
    () => get(cluster, `${pods}/app`),
    ({status}) => status.containerStatuses?.[0].ready,
  );
  await cluster.stopApi();
  crash.dispatchEvent(new Event('now'));
  await expect.poll(() => starts).toBe(2);
  await meanwhile();
  await cluster.startApi();
  const after = await until(
    () => get(cluster, `${pods}/app`),
    ({status}) => status.containerStatuses?.[0].restartCount === 1,
  );
  expect(after.status.containerStatuses[0]).toMatchObject({
    ready: true,
    lastState: {terminated: {exitCode: 7}},
    state: {running: {}},
  });
  expect(after.status.podIP).toBe(before.status.podIP);
  const {items} = await get(cluster, '/api/v1/namespaces/default/events?fieldSelector=reason=Started');
  expect(items[0].count).toBe(2);
});

test('what controllers, scheduler and kubelets had yet to do is done when the API is back', async () => {
  await using cluster = await practice({latency: {...quick, controller: [50, 50]}});
  await runWeb(cluster);
  await call(cluster, 'PATCH', `${deployments}/web`, {spec: {replicas: 4}}, merge);
  await cluster.stopApi();
  await meanwhile();
  const found = cluster.snapshot().objects.filter(({kind, metadata}) => kind === 'Pod' && metadata.labels?.app);
  expect(found).toHaveLength(2);
  await cluster.startApi();
  await until(
    () => get(cluster, `${deployments}/web`),
    ({status}) => status.availableReplicas === 4,
  );
});

test('a pod that ends while the API is down leaves it afterwards', async () => {
  await using cluster = await practice({latency: {...quick, terminate: [20, 20]}});
  await call(cluster, 'POST', pods, pod('app', {image: 'pause'}));
  await until(
    () => get(cluster, `${pods}/app`),
    ({status}) => status.phase === 'Running',
  );
  await call(cluster, 'DELETE', `${pods}/app`);
  await cluster.stopApi();
  await meanwhile();
  expect(cluster.snapshot().objects.some(({kind, metadata}) => kind === 'Pod' && metadata.name === 'app')).toBe(true);
  await cluster.startApi();
  await until(
    () => call(cluster, 'GET', `${pods}/app`),
    ({status}) => status === 404,
  );
});

test('a pod that was starting when the API went down has its address afterwards', async () => {
  await using cluster = await practice({latency: {...quick, containerStart: [60, 60]}});
  await call(cluster, 'POST', pods, pod('app', {image: 'echo'}));
  await until(
    () => get(cluster, `${pods}/app`),
    ({spec}) => spec.nodeName,
  );
  await cluster.stopApi();
  await meanwhile();
  await cluster.startApi();
  const {status} = await until(
    () => get(cluster, `${pods}/app`),
    (body) => body.status.containerStatuses?.[0].ready,
  );
  expect(await answers(cluster, {host: status.podIP, port: 80})).toBe('answers');
});

test('a kubelet that is stopped while the API is down is missed afterwards, and reports when it is started', async () => {
  await using cluster = await practice();
  const readyOf = ({status}: Loose) => status.conditions.find(({type}: Loose) => type === 'Ready').status;
  const ready = async () => readyOf(await get(cluster, '/api/v1/nodes/practice-worker'));
  const stored = () => {
    const {objects} = cluster.snapshot();
    return readyOf(objects.find(({kind, metadata}) => kind === 'Node' && metadata.name === 'practice-worker'));
  };
  await cluster.stopApi();
  cluster.stopKubelet('practice-worker');
  await meanwhile();
  expect(stored()).toBe('True');
  await cluster.startApi();
  await until(ready, (status) => status === 'Unknown');
  await cluster.stopApi();
  cluster.startKubelet('practice-worker');
  await meanwhile();
  expect(stored()).toBe('Unknown');
  await cluster.startApi();
  await until(ready, (status) => status === 'True');
});

test('a cluster can be stopped while its API is down', async () => {
  const cluster = await practice();
  await cluster.stopApi();
  await cluster.stop();
  await expect(cluster.startApi()).rejects.toThrow();
});
