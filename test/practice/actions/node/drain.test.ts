import {expect, test} from 'vitest';
import {actions} from '../../../../src/actions/index.ts';
import type {JsonObject} from '../../../../src/io/json.ts';
import {startWorld, type World} from '../../../support/action-context.ts';
import {call, type Loose, until, webApp} from '../../../support/practice.ts';

const merge = {'content-type': 'application/merge-patch+json'};
const api = '/api/v1/namespaces/default';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
const node = '/api/v1/nodes/practice-worker';

const get = async ({cluster}: World, path: string): Promise<Loose> => (await call(cluster, 'GET', path)).body;
const isClosed = async (world: World) => (await get(world, node)).spec.unschedulable;
const webPods = async (world: World): Promise<Loose[]> =>
  (await get(world, `${api}/pods?labelSelector=app%3Dweb`)).items;
const refusals = ({intents}: World) => intents.filter(({outcome}) => outcome === 'failed').length;

/** A world with ready pods of Deployment default/web; `spec` goes into the pod template. */
async function withWeb(replicas: number, spec: object = {}): Promise<World> {
  const world = await startWorld();
  const {deployment} = webApp('default', replicas);
  Object.assign(deployment.spec.template.spec, spec);
  await call(world.cluster, 'POST', deployments, deployment);
  await ready(world, replicas);
  return world;
}

const ready = (world: World, replicas: number) =>
  until(
    () => get(world, `${deployments}/web`),
    ({status}) => status?.readyReplicas === replicas,
  );

const protect = ({cluster}: World, name: string, minAvailable: number) =>
  call(cluster, 'POST', budgets, {metadata: {name}, spec: {minAvailable, selector: {matchLabels: {app: 'web'}}}});

const onWorker = {nodeSelector: {'kubernetes.io/hostname': 'practice-worker'}};
const drained = {name: 'practice-worker', running: {selector: 'app=web'}};

test('empties the node, sees the pods run elsewhere, and its undo opens the node, once', async () => {
  await using world = await withWeb(4);
  const old = (await webPods(world)).filter(({spec}) => spec.nodeName === 'practice-worker');
  const {plan, output, effect} = await world.play('node/drain', drained);
  const [first, ...pods] = plan.targets;
  expect(first?.kind).toBe('Node');
  expect(pods.map(({uid}) => uid)).toEqual(output.uids);
  expect(output).toMatchObject({node: 'practice-worker', cordoned: true, refusals: 0, blockedBy: []});
  expect(output.uids).toEqual(expect.arrayContaining(old.map(({metadata}) => metadata.uid)));
  await expect.poll(effect, {timeout: 20_000}).toMatchObject({seen: true});
  expect(await isClosed(world)).toBe(true);
  expect((await webPods(world)).map(({spec}) => spec.nodeName)).not.toContain('practice-worker');
  const outcomes = await world.undoAll(20_000);
  expect(outcomes[0]).toMatchObject({
    state: 'undone',
    detail: expect.stringMatching(/^Node practice-worker takes pods/),
  });
  expect(await isClosed(world)).toBeUndefined();
  for (const {state} of await world.undoAll(20_000)) expect(state).toBe('already');
});

test('pods that have nowhere else to go come back by the undo of their eviction alone', async () => {
  await using world = await withWeb(2, onWorker);
  const {effect} = await world.play('node/drain', drained);
  expect(await effect()).toMatchObject({seen: false, detail: expect.stringContaining('0 are left')});
  const last = world.intents.findLast(({target}) => target.name.startsWith('web-')) ?? expect.unreachable();
  expect(last.undo.kind).toBe('pod/reschedule');
  expect(await world.verify(last)).toMatchObject({ok: false});
  expect(await world.undo(last, 20_000)).toMatchObject({state: 'undone'});
  expect(await world.verify(last)).toMatchObject({ok: true});
});

test('a node that was cordoned before stays cordoned', async () => {
  await using world = await withWeb(4);
  await call(world.cluster, 'PATCH', node, {spec: {unschedulable: true}}, merge);
  const {plan, output} = await world.play('node/drain', drained);
  expect(plan.notes).toContain('Node practice-worker is cordoned already, and stays so');
  expect(output.cordoned).toBe(false);
  await world.undoAll(20_000);
  expect(await isClosed(world)).toBe(true);
});

test('waits for a disruption budget, and says which one it was', async () => {
  await using world = await withWeb(2, onWorker);
  await protect(world, 'web', 2);
  const playing = world.play('node/drain', drained);
  await until(
    async () => refusals(world),
    (count) => count > 0,
  );
  expect(await webPods(world)).toHaveLength(2);
  await call(world.cluster, 'PATCH', `${budgets}/web`, {spec: {minAvailable: 0}}, merge);
  const {plan, output} = await playing;
  expect(plan.notes).toContainEqual(expect.stringContaining('PodDisruptionBudget default/web ('));
  expect(output).toMatchObject({blockedBy: ['default/web'], refusals: expect.any(Number)});
  expect(output.refusals).toBeGreaterThan(0);
});

test('ends at its timeout with the budget that blocks, and is undone', async () => {
  await using world = await withWeb(2, onWorker);
  await protect(world, 'web', 2);
  const definition = actions['node/drain'] ?? expect.unreachable();
  const input = definition.input.parse(drained);
  const plan = await definition.plan(world.context, input);
  const timeout = new AbortController();
  const playing = definition
    .run({...world.context, signal: timeout.signal}, input, plan)
    .catch((error: unknown) => error);
  await until(
    async () => refusals(world),
    // The second: only after the first is the budget behind it looked up.
    (count) => count > 1,
  );
  timeout.abort(new Error('its time is over'));
  expect(await playing).toMatchObject({
    code: 'E_EVICTION_BLOCKED',
    message: expect.stringMatching(
      /could not be evicted in time: .*kept by PodDisruptionBudget default\/web \(2 healthy/,
    ),
    hint: expect.stringContaining('get poddisruptionbudget.policy'),
  });
  expect(await isClosed(world)).toBe(true);
  await world.undoAll(20_000);
  expect(await isClosed(world)).toBeUndefined();
});

test('says every reason at once why the pods of a node must not go', async () => {
  await using world = await withWeb(1, {...onWorker, volumes: [{name: 'scratch', emptyDir: {}}]});
  const {template, selector} = webApp('default').deployment.spec;
  const daemon = {metadata: {name: 'agent'}, spec: {selector, template: structuredClone(template)}};
  daemon.spec.selector = {matchLabels: {app: 'agent'}};
  daemon.spec.template.metadata.labels = {app: 'agent'};
  await call(world.cluster, 'POST', '/apis/apps/v1/namespaces/default/daemonsets', daemon);
  const pod = (name: string, image: string) => ({
    metadata: {name},
    spec: {nodeName: 'practice-worker', containers: [{name: 'main', image}]},
  });
  await call(world.cluster, 'POST', `${api}/pods`, pod('bare', 'echo'));
  await call(world.cluster, 'POST', `${api}/pods`, pod('runner', 'some.where/kubedrill:1'));
  await until(
    () => get(world, `${api}/pods?labelSelector=app%3Dagent`),
    ({items}) => items.length === 2,
  );
  const refusal = world.plan('node/drain', {name: 'practice-worker'});
  await expect(refusal).rejects.toMatchObject({code: 'E_TARGET_REFUSED'});
  for (const reason of [
    /agent-\w+ belongs to a DaemonSet \(ignoreDaemonSets\)/,
    /web-\S+ has data in an emptyDir, which are lost \(deleteEmptyDirData\)/,
    /Pod default\/bare has no controller that would replace it \(force\)/,
    /Pod default\/runner is kubedrill itself/,
  ])
    await expect(refusal).rejects.toThrow(reason);
});

test('by consent a bare pod and an emptyDir go: the pod comes back, the data are an accepted loss', async () => {
  await using world = await withWeb(1, {...onWorker, volumes: [{name: 'scratch', emptyDir: {}}]});
  const bare = {
    metadata: {name: 'bare'},
    spec: {nodeName: 'practice-worker', containers: [{name: 'main', image: 'echo'}]},
  };
  const made = await call(world.cluster, 'POST', `${api}/pods`, bare);
  const {plan, output} = await world.play('node/drain', {
    name: 'practice-worker',
    force: true,
    deleteEmptyDirData: true,
  } satisfies JsonObject);
  expect(plan.losses).toEqual([{loss: 'volumeData', of: 'Pod'}]);
  expect(output.names).toContain('bare');
  expect((await call(world.cluster, 'GET', `${api}/pods/bare`)).status).toBe(404);
  await world.undoAll(20_000);
  expect((await get(world, `${api}/pods/bare`)).metadata.uid).not.toBe(made.body.metadata.uid);
});

test('leaves what stays: ended pods, static pods and the prober', async () => {
  await using world = await withWeb(1, onWorker);
  const pod = (name: string, metadata: object) => ({
    metadata: {name, ...metadata},
    spec: {nodeName: 'practice-worker', containers: [{name: 'main', image: 'echo'}]},
  });
  await call(world.cluster, 'POST', `${api}/pods`, pod('static', {annotations: {'kubernetes.io/config.mirror': 'x'}}));
  await call(
    world.cluster,
    'POST',
    `${api}/pods`,
    pod('prober', {labels: {'app.kubernetes.io/name': 'kubedrill-prober'}}),
  );
  const {plan, effect} = await world.play('node/drain', drained);
  expect(plan.notes).toContain('leaves Pod default/static: a static pod of the node itself');
  expect(plan.notes).toContain("leaves Pod default/prober: kubedrill's own prober");
  for (const name of ['static', 'prober']) {
    expect((await get(world, `${api}/pods/${name}`)).metadata.deletionTimestamp).toBeUndefined();
  }
  expect(await effect()).toMatchObject({detail: expect.stringContaining('0 are left on Node practice-worker')});
});

test('a pod that has two budgets is refused, because the API server would never evict it', async () => {
  await using world = await withWeb(1, onWorker);
  await protect(world, 'one', 0);
  await protect(world, 'two', 0);
  await expect(world.plan('node/drain', drained)).rejects.toThrow('has 2 disruption budgets');
});

test('an eviction whose call never arrived has nothing to undo', async () => {
  await using world = await withWeb(1, onWorker);
  await world.play('node/drain', drained);
  const [, eviction = expect.unreachable()] = world.intents;
  await world.undoAll(20_000);
  const [pod = expect.unreachable()] = await webPods(world);
  const target = {...eviction.target, name: pod.metadata.name, uid: pod.metadata.uid};
  const undo = {...eviction.undo, data: JSON.parse(JSON.stringify(eviction.undo.data))};
  undo.data.heals.uids = [pod.metadata.uid];
  const lost = {undo, target, outcome: 'failed' as const};
  expect(await world.undo(lost)).toMatchObject({
    state: 'already',
    detail: expect.stringContaining('the call never took effect'),
  });
  expect(await world.verify(lost)).toMatchObject({ok: true});
});

test('a node without a pod to evict is no target', async () => {
  await using world = await startWorld();
  await call(
    world.cluster,
    'PATCH',
    '/apis/apps/v1/namespaces/kube-system/deployments/coredns',
    {spec: {replicas: 0}},
    merge,
  );
  await until(
    () => get(world, '/api/v1/pods'),
    ({items}) => items.length === 0,
  );
  await expect(world.plan('node/drain', {name: 'practice-worker'})).rejects.toMatchObject({code: 'E_TARGET_NOT_FOUND'});
});

test('evicts a pod of any controller without a consent, as kubectl does, and waits for its owner to heal', async () => {
  await using world = await withWeb(1, onWorker);
  const owner = await call(world.cluster, 'POST', `${api}/configmaps`, {metadata: {name: 'brokers'}});
  const {uid} = owner.body.metadata;
  const ownerReferences = [{apiVersion: 'v1', kind: 'ConfigMap', name: 'brokers', uid, controller: true}];
  const broker = (nodeName: string) => ({
    metadata: {name: 'broker-0', ownerReferences},
    spec: {nodeName, terminationGracePeriodSeconds: 0, containers: [{name: 'main', image: 'echo'}]},
  });
  await call(world.cluster, 'POST', `${api}/pods`, broker('practice-worker'));
  const {plan, output, effect} = await world.play('node/drain', drained);
  expect(plan.notes).toContainEqual(
    expect.stringContaining('ConfigMap default/brokers replaces its pods is not known'),
  );
  expect(output.names).toContain('broker-0');
  // CoreDNS and the application: where an operator makes its pods is its own business.
  expect(await effect()).toMatchObject({detail: expect.stringContaining('of 2 workloads run elsewhere')});
  const eviction = world.intents.find(({target}) => target.name === 'broker-0') ?? expect.unreachable();
  expect(eviction.undo.kind).toBe('pod/reschedule');
  expect(await world.undo(eviction, 1000)).toMatchObject({state: 'failed'});
  await call(world.cluster, 'POST', `${api}/pods`, broker('practice-worker2'));
  expect(await world.undo(eviction, 20_000)).toMatchObject({
    detail: expect.stringContaining('ConfigMap default/brokers has 1 of 1 pods ready'),
  });
});
