import {expect, test} from 'vitest';
import type {JsonObject} from '../../../../src/io/json.ts';
import {type Intent, startWorld, type World} from '../../../support/action-context.ts';
import {call, webApp} from '../../../support/practice.ts';

const dns = {namespace: 'kube-system', selector: 'k8s-app=kube-dns'};
const pods = '/api/v1/namespaces/kube-system/pods';

test('deletes every pod that matches, each by its UID and in an intent of its own', async () => {
  await using world = await startWorld();
  const before = await call(world.cluster, 'GET', `${pods}?labelSelector=k8s-app%3Dkube-dns`);
  const uids = before.body.items.map(({metadata}: {metadata: {uid: string}}) => metadata.uid);
  const {plan, output, effect} = await world.play('pod/delete', {...dns, gracePeriod: '0s'});
  expect(plan.targets).toHaveLength(2);
  expect(new Set(output.uids as string[])).toEqual(new Set(uids));
  expect(world.intents.map(({target, outcome}) => [target.uid, outcome])).toEqual(
    (output.uids as string[]).map((uid) => [uid, 'applied']),
  );
  const bodies = world.seen.filter(({method}) => method === 'DELETE').map(({body}) => JSON.parse(body));
  expect(bodies).toEqual(
    (output.uids as string[]).map((uid) => expect.objectContaining({preconditions: {uid}, gracePeriodSeconds: 0})),
  );
  await expect.poll(effect).toEqual({seen: true, detail: '2 of 2 old pods are gone'});
});

test('the undo waits until the Deployment has healed, and says what it has', async () => {
  await using world = await startWorld();
  await world.play('pod/delete', {...dns, gracePeriod: '0s'});
  expect(await world.undoAll()).toEqual(
    Array(2).fill({state: 'already', detail: 'healed: Deployment kube-system/coredns has 2 of 2 pods ready'}),
  );
  for (const intent of world.intents) expect(await world.verify(intent)).toMatchObject({ok: true});
});

test('a workload that does not heal is a failed undo with a command', async () => {
  await using world = await startWorld();
  await world.play('pod/delete', {...dns, gracePeriod: '0s'});
  const type = {'content-type': 'application/merge-patch+json'};
  await call(
    world.cluster,
    'PATCH',
    '/apis/apps/v1/namespaces/kube-system/deployments/coredns',
    {spec: {replicas: 0}},
    type,
  );
  const [intent] = world.intents;
  const outcome = await world.undo(intent ?? expect.unreachable(), 1500);
  expect(outcome).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining('wanted 2 before'),
    command: 'kubectl -n kube-system rollout status deployment.apps/coredns',
  });
});

test.each([
  [{count: 1}, 1],
  [{count: '50%'}, 2],
  [{count: '1%'}, 1],
  [{count: '75%'}, 3],
  [{count: 9}, 4],
  [{name: '/web-.*/'}, 4],
  [{names: ['/web-.*/', 'other']}, 4],
])('%j of four pods are %i', async (input, expected) => {
  await using world = await startWorld();
  await call(world.cluster, 'POST', '/apis/apps/v1/namespaces/default/deployments', webApp('default', 4).deployment);
  await expect
    .poll(async () => (await call(world.cluster, 'GET', '/api/v1/namespaces/default/pods')).body.items.length)
    .toBe(4);
  const plan = await world.plan('pod/delete', {
    ...('name' in input || 'names' in input ? {} : {selector: 'app=web'}),
    ...input,
  });
  expect(plan.targets).toHaveLength(expected);
});

test('a pod that is on its way out is no target and does not use up the count', async () => {
  await using world = await startWorld();
  const listed = await call(world.cluster, 'GET', `${pods}?labelSelector=k8s-app%3Dkube-dns`);
  const [leaving] = listed.body.items;
  const held = {metadata: {finalizers: ['example.org/hold']}};
  const leavingPath = `${pods}/${leaving.metadata.name}`;
  await call(world.cluster, 'PATCH', leavingPath, held, {'content-type': 'application/merge-patch+json'});
  await call(world.cluster, 'DELETE', `${leavingPath}?gracePeriodSeconds=0`);
  const plan = await world.plan('pod/delete', {...dns, count: 1});
  expect(plan.targets).toHaveLength(1);
  expect(plan.targets[0]?.uid).not.toBe(leaving.metadata.uid);
  const all = await world.plan('pod/delete', dns);
  expect(all.targets.map(({uid}) => uid)).not.toContain(leaving.metadata.uid);
});

test('the same seed chooses the same pods', async () => {
  await using world = await startWorld();
  const {createRandom} = await import('../../../../src/io/random.ts');
  const chosen = new Set<string>();
  for (let round = 0; round < 5; round++) {
    world.context.random = createRandom(42);
    chosen.add(JSON.stringify((await world.plan('pod/delete', {...dns, count: 1})).targets));
  }
  expect(chosen.size).toBe(1);
});

test('a name is exact, a regex matches the whole name', async () => {
  await using world = await startWorld();
  for (const name of ['coredns', '/coredns/', '/-[a-z0-9]+/']) {
    await expect(world.plan('pod/delete', {namespace: 'kube-system', name})).rejects.toMatchObject({
      code: 'E_TARGET_NOT_FOUND',
    });
  }
});

test('no pod that matches is refused with the number there is and a command', async () => {
  await using world = await startWorld();
  const error = await world
    .plan('pod/delete', {namespace: 'kube-system', selector: 'app=cart'})
    .catch((thrown) => thrown);
  expect(error).toMatchObject({
    code: 'E_TARGET_NOT_FOUND',
    exitCode: 3,
    message: expect.stringMatching(
      /^pod\/delete: no running pod in namespace kube-system matches app=cart \(0 of [1-9]\d* pods\)$/,
    ),
    hint: 'Check it with: kubectl -n kube-system get pod -l app=cart',
  });
  await expect(world.plan('pod/delete', {namespace: 'nowhere', selector: 'app=cart'})).rejects.toThrow(
    'there is no namespace nowhere',
  );
});

test('a bare pod is refused, whatever else matches', async () => {
  await using world = await startWorld();
  const bare = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: 'bare'},
    spec: {containers: [{name: 'c', image: 'pause'}]},
  };
  await call(world.cluster, 'POST', '/api/v1/namespaces/default/pods', bare);
  await expect(world.plan('pod/delete', {name: 'bare'})).rejects.toMatchObject({
    code: 'E_TARGET_REFUSED',
    message: expect.stringContaining('has no controller'),
  });
});

test('a pod that was replaced after planning is not deleted', async () => {
  await using world = await startWorld();
  const {actions} = await import('../../../../src/actions/index.ts');
  const definition = actions['pod/delete'] ?? expect.unreachable();
  const input = definition.input.parse(dns);
  const plan = await definition.plan(world.context, input);
  const [first] = plan.targets;
  await call(world.cluster, 'DELETE', `${pods}/${first?.name}?gracePeriodSeconds=0`);
  await expect(definition.run(world.context, input, plan)).rejects.toMatchObject({code: 'E_TARGET_CHANGED'});
  expect(world.intents).toHaveLength(0);
});

test('a pod that stopped matching after planning is not deleted', async () => {
  await using world = await startWorld();
  const {actions} = await import('../../../../src/actions/index.ts');
  const definition = actions['pod/delete'] ?? expect.unreachable();
  const input = definition.input.parse(dns);
  const plan = await definition.plan(world.context, input);
  const type = {'content-type': 'application/merge-patch+json'};
  const labels = {metadata: {labels: {'k8s-app': 'other'}}};
  await call(world.cluster, 'PATCH', `${pods}/${plan.targets[0]?.name}`, labels, type);
  await expect(definition.run(world.context, input, plan)).rejects.toThrow('does not match any more');
});

/** One pod's delete as the journal has it after a crash, without the call. */
async function lostDelete(world: World): Promise<Intent> {
  const listed = await call(world.cluster, 'GET', `${pods}?labelSelector=k8s-app%3Dkube-dns`);
  const {name, namespace, uid} = listed.body.items[0].metadata;
  const plan = await world.plan('pod/delete', {namespace, name});
  const data = plan.details?.[uid] as JsonObject;
  return {
    undo: {kind: 'platform/heals', data},
    target: {apiVersion: 'v1', kind: 'Pod', namespace, name, uid},
    outcome: 'failed',
  };
}

test('a delete that never arrived has nothing to undo', async () => {
  await using world = await startWorld();
  const lost = await lostDelete(world);
  expect(await world.undo(lost)).toMatchObject({
    state: 'already',
    detail: `Pod kube-system/${lost.target.name} is as it was: the call never took effect`,
  });
  expect(await world.verify(lost)).toMatchObject({ok: true});
});

test('a delete that arrives while its undo looks is waited for', async () => {
  await using world = await startWorld();
  const lost = await lostDelete(world);
  const seenAt = () => world.seen.filter(({method, path}) => method === 'GET' && path.includes('/pods')).length;
  const before = seenAt();
  const undo = world.undo(lost);
  await expect.poll(seenAt).toBeGreaterThan(before + 2);
  await call(world.cluster, 'DELETE', `${pods}/${lost.target.name}`);
  expect(await undo).toMatchObject({state: 'already', detail: expect.stringContaining('healed: Deployment')});
});

test('a pod that is on its way out is no proof that nothing was done', async () => {
  await using world = await startWorld();
  const lost = await lostDelete(world);
  const path = `${pods}/${lost.target.name}`;
  const type = {'content-type': 'application/merge-patch+json'};
  await call(world.cluster, 'PATCH', path, {metadata: {finalizers: ['example.org/hold']}}, type);
  await call(world.cluster, 'DELETE', `${path}?gracePeriodSeconds=0`);
  expect(await world.verify(lost)).toMatchObject({ok: false});
  expect(await world.undo(lost, 6000)).toMatchObject({state: 'failed', detail: expect.stringContaining('old ones')});
});

const configMaps = '/api/v1/namespaces/default/configmaps';
const defaultPods = '/api/v1/namespaces/default/pods';

/** A pod of an owner that is no workload of Kubernetes' own: here a ConfigMap, whose operator is the test. */
async function operated(world: World, name: string): Promise<void> {
  const known = await call(world.cluster, 'GET', `${configMaps}/brokers`);
  const made = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'brokers'}};
  const owner = known.status === 200 ? known : await call(world.cluster, 'POST', configMaps, made);
  const {uid} = owner.body.metadata;
  const ownerReferences = [{apiVersion: 'v1', kind: 'ConfigMap', name: 'brokers', uid, controller: true}];
  const metadata = {name, labels: {app: 'broker'}, ownerReferences};
  const spec = {terminationGracePeriodSeconds: 0, containers: [{name: 'c', image: 'pause'}]};
  await call(world.cluster, 'POST', defaultPods, {apiVersion: 'v1', kind: 'Pod', metadata, spec});
  await expect
    .poll(async () => (await call(world.cluster, 'GET', `${defaultPods}/${name}`)).body.status?.phase, {
      timeout: 20_000,
    })
    .toBe('Running');
}

test('a pod of an operator goes by consent, and has healed when its owner has as many as before', async () => {
  await using world = await startWorld();
  await operated(world, 'broker-0');
  await operated(world, 'broker-1');
  const {plan} = await world.play('pod/delete', {name: 'broker-0', gracePeriod: '0s'});
  expect(plan).toMatchObject({
    losses: [{loss: 'objects', of: 'Pod'}],
    notes: [expect.stringMatching(/^whether ConfigMap default\/brokers replaces its pods is not known here/)],
    permissions: [{verb: 'get', resource: 'configmaps', namespace: 'default'}],
  });
  const [intent = expect.unreachable()] = world.intents;
  expect(await world.undo(intent, 1000)).toMatchObject({
    state: 'failed',
    detail: 'not healed in time: ConfigMap default/brokers has 1 of 2 pods ready',
    command: 'kubectl -n default get configmap/brokers',
  });
  await operated(world, 'broker-0');
  expect(await world.undo(intent, 20_000)).toMatchObject({
    state: 'already',
    detail: 'healed: ConfigMap default/brokers has 2 of 2 pods ready',
  });
  expect(await world.verify(intent)).toMatchObject({ok: true});
});

test.each([
  ['pod/delete', {name: 'static'}],
  ['object/delete', {apiVersion: 'v1', kind: 'Pod', name: 'static'}],
])('%s refuses the mirror of a static pod, and says what would stop it', async (kind, input) => {
  await using world = await startWorld();
  const node = await call(world.cluster, 'GET', '/api/v1/nodes/practice-worker');
  const {name, uid} = node.body.metadata;
  await call(world.cluster, 'POST', defaultPods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'static',
      annotations: {'kubernetes.io/config.mirror': 'abc'},
      ownerReferences: [{apiVersion: 'v1', kind: 'Node', name, uid, controller: true}],
    },
    spec: {nodeName: name, containers: [{name: 'c', image: 'pause'}]},
  });
  await expect(world.plan(kind, input)).rejects.toMatchObject({
    code: 'E_TARGET_REFUSED',
    message: expect.stringContaining('is the mirror of a static pod'),
    hint: expect.stringContaining('on the node itself'),
  });
});
