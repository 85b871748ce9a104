import {expect, test} from 'vitest';
import {actions} from '../../../../src/actions/index.ts';
import {startWorld, type World} from '../../../support/action-context.ts';
import {call, until, webApp} from '../../../support/practice.ts';

const web = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web'};
const path = '/apis/apps/v1/namespaces/default/deployments';
const maps = '/api/v1/namespaces/default/configmaps';
const secrets = '/api/v1/namespaces/default/secrets';

test('deletes a Deployment with what it owns, and makes it again from the vault', async () => {
  await using world = await startWorld();
  await call(world.cluster, 'POST', path, webApp('default').deployment);
  const ready = () => call(world.cluster, 'GET', `${path}/web`);
  const before = await until(ready, ({body}) => body.status?.readyReplicas === 2);
  const {plan, effect} = await world.play('object/delete', web);
  expect(plan.cascade?.map(({kind}) => kind).toSorted()).toEqual(['Pod', 'Pod', 'ReplicaSet']);
  await expect.poll(effect).toEqual({seen: true, detail: '1 of 1 objects are gone, and 2 of 2 pods with them'});
  expect(await world.undoAll()).toMatchObject([{state: 'undone'}]);
  const after = await until(ready, ({body}) => body.status?.readyReplicas === 2);
  expect(after.body.metadata.uid).not.toBe(before.body.metadata.uid);
  expect(after.body.spec).toEqual(before.body.spec);
  expect(await world.undoAll()).toMatchObject([{state: 'already'}]);
  expect(await world.verify(world.intents[0] ?? expect.unreachable())).toMatchObject({ok: true});
});

/** A ConfigMap with a Secret that belongs to it. */
async function ownerAndChild(world: World): Promise<void> {
  const owner = await call(world.cluster, 'POST', maps, {metadata: {name: 'owner'}, data: {a: '1'}});
  const reference = {apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.body.metadata.uid};
  await call(world.cluster, 'POST', secrets, {metadata: {name: 'child', ownerReferences: [reference]}});
}

test('an object comes back under the owner that came back before it', async () => {
  await using world = await startWorld();
  await ownerAndChild(world);
  await world.play('object/delete', {apiVersion: 'v1', kind: 'Secret', name: 'child'});
  await world.play('object/delete', {apiVersion: 'v1', kind: 'ConfigMap', name: 'owner'});
  expect(await world.undoAll()).toMatchObject([{state: 'undone'}, {state: 'undone'}]);
  const owner = await call(world.cluster, 'GET', `${maps}/owner`);
  const child = await call(world.cluster, 'GET', `${secrets}/child`);
  expect(child.body.metadata.ownerReferences).toMatchObject([{uid: owner.body.metadata.uid}]);
});

test('what belongs to an object and nobody makes again is a loss', async () => {
  await using world = await startWorld();
  await ownerAndChild(world);
  const owner = {apiVersion: 'v1', kind: 'ConfigMap', name: 'owner'};
  expect(await world.plan('object/delete', owner)).toMatchObject({
    cascade: [{kind: 'Secret', name: 'child'}],
    losses: [{loss: 'objects', of: 'Secret'}],
  });
  expect(await world.plan('object/delete', {...owner, propagationPolicy: 'Orphan'})).toMatchObject({
    cascade: [],
    losses: [],
  });
});

test('what has another owner left stays', async () => {
  await using world = await startWorld();
  await ownerAndChild(world);
  const other = await call(world.cluster, 'POST', maps, {metadata: {name: 'other'}});
  const {ownerReferences} = (await call(world.cluster, 'GET', `${secrets}/child`)).body.metadata;
  const added = {apiVersion: 'v1', kind: 'ConfigMap', name: 'other', uid: other.body.metadata.uid};
  const metadata = {ownerReferences: [...ownerReferences, added]};
  await call(world.cluster, 'PATCH', `${secrets}/child`, {metadata}, {'content-type': 'application/merge-patch+json'});
  const owner = {apiVersion: 'v1', kind: 'ConfigMap', name: 'owner'};
  expect(await world.plan('object/delete', owner)).toMatchObject({cascade: [], losses: []});
});

test('what controllers make again is none', async () => {
  await using world = await startWorld();
  await call(world.cluster, 'POST', path, webApp('default').deployment);
  await until(
    () => call(world.cluster, 'GET', `${path}/web`),
    ({body}) => body.status?.readyReplicas === 2,
  );
  const {cascade, losses} = await world.plan('object/delete', web);
  expect(cascade).toHaveLength(3);
  expect(losses).toEqual([]);
});

test('an object whose owner is gone comes back without it', async () => {
  await using world = await startWorld();
  await ownerAndChild(world);
  await world.play('object/delete', {apiVersion: 'v1', kind: 'Secret', name: 'child'});
  await call(world.cluster, 'DELETE', `${maps}/owner`);
  expect(await world.undoAll()).toMatchObject([{state: 'undone'}]);
  expect((await call(world.cluster, 'GET', `${secrets}/child`)).body.metadata.ownerReferences).toBeUndefined();
});

test('a Service comes back with its address', async () => {
  await using world = await startWorld();
  await call(world.cluster, 'POST', '/api/v1/namespaces/default/services', webApp('default').service);
  const get = () => call(world.cluster, 'GET', '/api/v1/namespaces/default/services/web');
  const {clusterIP} = (await get()).body.spec;
  await world.play('object/delete', {apiVersion: 'v1', kind: 'Service', name: 'web'});
  expect((await get()).status).toBe(404);
  expect(await world.undoAll()).toMatchObject([{state: 'undone'}]);
  expect((await get()).body.spec.clusterIP).toBe(clusterIP);
});

test('an object that was made anew after planning is not deleted', async () => {
  await using world = await startWorld();
  const settings = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'settings'}};
  await call(world.cluster, 'POST', maps, settings);
  const definition = actions['object/delete'] ?? expect.unreachable();
  const input = definition.input.parse({apiVersion: 'v1', kind: 'ConfigMap', name: 'settings'});
  const plan = await definition.plan(world.context, input);
  await call(world.cluster, 'DELETE', `${maps}/settings`);
  await call(world.cluster, 'POST', maps, settings);
  await expect(definition.run(world.context, input, plan)).rejects.toMatchObject({code: 'E_TARGET_CHANGED'});
  expect(world.intents).toHaveLength(0);
});

test('what somebody else made in the meantime is a conflict, and stays', async () => {
  await using world = await startWorld();
  await call(world.cluster, 'POST', path, webApp('default').deployment);
  await world.play('object/delete', web);
  await until(
    () => call(world.cluster, 'GET', `${path}/web`),
    ({status}) => status === 404,
  );
  await call(world.cluster, 'POST', path, webApp('default', 5).deployment);
  expect(await world.undoAll()).toMatchObject([{state: 'conflict', detail: expect.stringContaining('spec.replicas')}]);
  expect((await call(world.cluster, 'GET', `${path}/web`)).body.spec.replicas).toBe(5);
});

const merge = {'content-type': 'application/merge-patch+json'};
/** What somebody may have written to the metadata of the ConfigMap `settings`, by what is lost when it is made anew. */
const written: Record<string, {metadata: {finalizers?: string[]; [key: string]: unknown}; lost: object}> = {
  annotations: {metadata: {annotations: {'example.org/owner': 'ada'}}, lost: {annotations: null}},
  'one annotation': {
    metadata: {annotations: {'example.org/owner': 'ada', 'example.org/tier': 'gold'}},
    lost: {annotations: {'example.org/tier': null}},
  },
  labels: {metadata: {labels: {tier: 'gold'}}, lost: {labels: null}},
  finalizers: {metadata: {finalizers: ['example.org/keep']}, lost: {finalizers: null}},
  ownerReferences: {metadata: {}, lost: {ownerReferences: null}},
};

test.each(Object.entries(written))(
  'what somebody else made anew without its %s is not as it was',
  async (_name, one) => {
    await using world = await startWorld();
    const owner = await call(world.cluster, 'POST', maps, {metadata: {name: 'owner'}});
    const ownerReferences = [{apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.body.metadata.uid}];
    const metadata = {name: 'settings', ownerReferences, ...one.metadata};
    const settings = {apiVersion: 'v1', kind: 'ConfigMap', metadata, data: {a: '1'}};
    const again = async () => {
      await call(world.cluster, 'PATCH', `${maps}/settings`, {metadata: {finalizers: null}}, merge);
      return await call(world.cluster, 'POST', maps, settings);
    };
    await call(world.cluster, 'POST', maps, settings);
    await world.play('object/delete', {apiVersion: 'v1', kind: 'ConfigMap', name: 'settings'});
    expect((await again()).status).toBe(201);
    // More than there was is no loss.
    const more = {
      annotations: {'example.org/seen': 'yes'},
      finalizers: [...(one.metadata.finalizers ?? []), 'example.org/b'],
    };
    await call(world.cluster, 'PATCH', `${maps}/settings`, {metadata: more}, merge);
    expect(await world.undoAll()).toMatchObject([{state: 'already'}]);
    await call(world.cluster, 'PATCH', `${maps}/settings`, {metadata: one.lost}, merge);
    const detail = new RegExp(`^somebody else made it again: metadata\\.${Object.keys(one.lost)[0]}`);
    expect(await world.undoAll()).toMatchObject([{state: 'conflict', detail: expect.stringMatching(detail)}]);
    expect(await world.verify(world.intents[0] ?? expect.unreachable())).toMatchObject({ok: false});
  },
);

test('the notes of controllers and tools are nobody’s will', async () => {
  await using world = await startWorld();
  const notes = {
    'kubectl.kubernetes.io/last-applied-configuration': '{}',
    'deployment.kubernetes.io/revision': '7',
  };
  const web = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'settings', annotations: notes}};
  await call(world.cluster, 'POST', maps, web);
  await world.play('object/delete', {apiVersion: 'v1', kind: 'ConfigMap', name: 'settings'});
  await call(world.cluster, 'POST', maps, {metadata: {name: 'settings'}});
  expect(await world.undoAll()).toMatchObject([{state: 'already', detail: 'it is there, as it was'}]);
});

test('what was never deleted, and somebody changed meanwhile, is not the drill’s', async () => {
  await using world = await startWorld();
  await call(world.cluster, 'POST', maps, {metadata: {name: 'settings', annotations: {a: '1'}}});
  world.context.mutate = async ({undo, target}) => {
    world.intents.push({undo, target, outcome: 'failed'});
    throw new Error('the process died here');
  };
  const input = {apiVersion: 'v1', kind: 'ConfigMap', name: 'settings'};
  await expect(world.play('object/delete', input)).rejects.toThrow('died');
  await call(world.cluster, 'PATCH', `${maps}/settings`, {metadata: {annotations: {a: '2'}}}, merge);
  expect(await world.undoAll()).toEqual([{state: 'already', detail: 'it was never deleted'}]);
  expect(await world.verify(world.intents[0] ?? expect.unreachable())).toMatchObject({ok: true});
});

test('a delete that was never made needs no undo', async () => {
  await using world = await startWorld();
  await call(world.cluster, 'POST', path, webApp('default').deployment);
  world.context.mutate = async ({undo, target}) => {
    world.intents.push({undo, target, outcome: 'failed'});
    throw new Error('the process died here');
  };
  await expect(world.play('object/delete', web)).rejects.toThrow('died');
  expect(await world.undoAll()).toEqual([{state: 'already', detail: 'it is there, as it was'}]);
});

test('an object that a finalizer holds is waited for, then made again', async () => {
  await using world = await startWorld();
  const held = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'held', finalizers: ['example.org/hold']}};
  await call(world.cluster, 'POST', maps, held);
  const {effect} = await world.play('object/delete', {apiVersion: 'v1', kind: 'ConfigMap', name: 'held'});
  const by = 'its finalizer example.org/hold keeps it';
  expect(await effect()).toEqual({
    seen: false,
    detail: `0 of 1 objects are gone; ConfigMap default/held: ${by}`,
  });
  const [intent = expect.unreachable()] = world.intents;
  // To delete it once more, or to make it, would not work.
  expect(await world.undo(intent, 700)).toEqual({
    state: 'failed',
    detail: `ConfigMap default/held is on its way out, but ${by}`,
    command: expect.stringMatching(
      /^kubectl -n default patch configmap\/held --type=merge -p '\{"metadata":\{"finalizers":null\}\}' && kubectl create -f vault\/ConfigMap-/,
    ),
  });
  const undoing = world.undo(intent);
  await call(
    world.cluster,
    'PATCH',
    `${maps}/held`,
    {metadata: {finalizers: null}},
    {'content-type': 'application/merge-patch+json'},
  );
  expect(await undoing).toMatchObject({state: 'undone'});
});

test.each([
  [{apiVersion: 'v1', kind: 'Namespace', name: 'default'}, 'everything in it'],
  [{apiVersion: 'v1', kind: 'Pod', namespace: 'kube-system', selector: 'k8s-app=kube-dns'}, 'belongs to a controller'],
])('%j is refused', async (input, message) => {
  await using world = await startWorld();
  await expect(world.plan('object/delete', input)).rejects.toMatchObject({
    code: 'E_TARGET_REFUSED',
    message: expect.stringContaining(message),
  });
});

test('nothing that matches is refused with a command', async () => {
  await using world = await startWorld();
  await expect(world.plan('object/delete', web)).rejects.toMatchObject({
    code: 'E_TARGET_NOT_FOUND',
    message: 'object/delete: there is no Deployment default/web',
  });
  await expect(
    world.plan('object/delete', {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', selector: 'a=b'}),
  ).rejects.toThrow(/no ConfigMap in namespace kube-system matches a=b \(0 of \d+\)/);
});

test('a volume claim names the loss of its data', async () => {
  await using world = await startWorld();
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {name: 'data', annotations: {'pv.kubernetes.io/bind-completed': 'yes', mine: 'kept'}},
    spec: {accessModes: ['ReadWriteOnce'], volumeName: 'pv-1', resources: {requests: {storage: '1Gi'}}},
  };
  const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
  await call(world.cluster, 'POST', claims, claim);
  const {plan} = await world.play('object/delete', {apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: 'data'});
  expect(plan.losses).toEqual([{loss: 'volumeData', of: 'PersistentVolumeClaim'}]);
  await world.undoAll();
  const {body} = await call(world.cluster, 'GET', `${claims}/data`);
  expect(body.metadata.annotations).toEqual({mine: 'kept'});
  expect(body.spec).not.toHaveProperty('volumeName');
});
