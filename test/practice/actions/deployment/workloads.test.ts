import {expect, test} from 'vitest';
import {type Intent, startWorld, type World} from '../../../support/action-context.ts';
import {call, until, webApp} from '../../../support/practice.ts';

const path = '/apis/apps/v1/namespaces/shop/deployments/web';
const merge = {'content-type': 'application/merge-patch+json'};
const web = {namespace: 'shop', name: 'web'};

/** A world with a ready Deployment shop/web of two pods. */
async function withShop(): Promise<World> {
  const world = await startWorld();
  await call(world.cluster, 'POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {name: 'shop'},
  });
  await call(world.cluster, 'POST', '/apis/apps/v1/namespaces/shop/deployments', webApp('shop').deployment);
  await until(
    () => call(world.cluster, 'GET', path),
    ({body}) => body.status?.readyReplicas === 2,
  );
  return world;
}

test('scale to zero takes every pod, and its undo brings them back', async () => {
  await using world = await withShop();
  const {plan, output, effect} = await world.play('deployment/scale', {...web, replicas: 0});
  expect(plan).toMatchObject({notes: ['2 → 0 replicas'], cascade: [{kind: 'Pod'}, {kind: 'Pod'}]});
  expect(output).toMatchObject({before: 2, replicas: 0});
  await expect.poll(effect, {timeout: 20_000}).toEqual({seen: true, detail: 'Deployment shop/web wants 0, has 0 pods'});
  expect(await world.undoAll()).toEqual([{state: 'undone', detail: 'spec.replicas is 2 again'}]);
  expect(await world.verify(world.intents[0] ?? expect.unreachable())).toMatchObject({ok: true});
  expect(await world.undoAll()).toMatchObject([{state: 'already'}]);
});

test('somebody else who scales in between is not overruled, by the step nor by its undo', async () => {
  await using world = await withShop();
  await world.play('deployment/scale', {...web, replicas: 0});
  await call(world.cluster, 'PATCH', path, {spec: {replicas: 7}}, merge);
  expect(await world.undoAll()).toEqual([
    {
      state: 'conflict',
      detail: 'spec.replicas is 7 where 0 was written',
      command: 'kubectl -n shop scale deployment.apps/web --replicas=2',
    },
  ]);
});

/** Has somebody else change the Deployment between the next look at it and the write that follows. */
function changeBeforeNextWrite(world: World, change: object): void {
  const {mutate} = world.context;
  world.context.mutate = async (mutation, write) => {
    world.context.mutate = mutate;
    await call(world.cluster, 'PATCH', path, change, merge);
    return await mutate(mutation, write);
  };
}

test('somebody else who scales between the look and the write is not overruled', async () => {
  await using world = await withShop();
  changeBeforeNextWrite(world, {spec: {replicas: 5}});
  await expect(world.play('deployment/scale', {...web, replicas: 0})).rejects.toMatchObject({code: 'E_TARGET_CHANGED'});
  expect((await call(world.cluster, 'GET', path)).body.spec.replicas).toBe(5);
  expect(await world.undoAll()).toMatchObject([{state: 'conflict', detail: 'spec.replicas is 5 where 0 was written'}]);
});

test('a Deployment that changes between the look and the write is scaled as it is by then', async () => {
  await using world = await withShop();
  changeBeforeNextWrite(world, {metadata: {labels: {busy: 'yes'}}});
  await world.play('deployment/scale', {...web, replicas: 0});
  expect((await call(world.cluster, 'GET', path)).body).toMatchObject({
    metadata: {labels: {busy: 'yes'}},
    spec: {replicas: 0},
  });
});

test('a scale that was planned for another number is not made', async () => {
  await using world = await withShop();
  const {actions} = await import('../../../../src/actions/index.ts');
  const definition = actions['deployment/scale'] ?? expect.unreachable();
  const input = definition.input.parse({...web, replicas: 0});
  const plan = await definition.plan(world.context, input);
  await call(world.cluster, 'PATCH', path, {spec: {replicas: 4}}, merge);
  await expect(definition.run(world.context, input, plan)).rejects.toMatchObject({code: 'E_TARGET_CHANGED'});
  expect(world.intents).toHaveLength(0);
});

test('a restart replaces the pods, and the platform heals it', async () => {
  await using world = await withShop();
  const {output, effect} = await world.play('deployment/restart', web);
  expect(output.podUids).toHaveLength(2);
  await expect.poll(effect, {timeout: 20_000}).toMatchObject({seen: true});
  const [intent = expect.unreachable()] = world.intents;
  expect(await world.undo(intent, 20_000)).toMatchObject({
    state: 'already',
    detail: expect.stringContaining('2 of 2 pods ready'),
  });
  expect(await world.verify(intent)).toMatchObject({ok: true});
});

test('a restart whose call never arrived has nothing to undo', async () => {
  await using world = await withShop();
  const lost: Intent[] = [];
  world.context.mutate = async ({undo, target}) => {
    lost.push({undo, target, outcome: 'failed'});
    throw new Error('the connection was lost');
  };
  await expect(world.play('deployment/restart', web)).rejects.toThrow('was lost');
  const [intent = expect.unreachable()] = lost;
  expect(await world.undo(intent)).toMatchObject({
    state: 'already',
    detail: 'Deployment shop/web is as it was: the call never took effect',
  });
  expect(await world.verify(intent)).toMatchObject({ok: true});
});

test.each([
  ['deployment/scale', {...web, replicas: 2}, 'has 2 replicas already'],
  ['deployment/scale', {namespace: 'shop', name: 'none', replicas: 2}, 'there is no Deployment shop/none'],
  ['deployment/restart', {namespace: 'shop', name: 'none'}, 'there is no Deployment shop/none'],
])('%s %j is refused', async (kind, input, message) => {
  await using world = await withShop();
  await expect(world.plan(kind, input)).rejects.toThrow(message);
});

test('a restart that would do nothing is refused', async () => {
  await using world = await withShop();
  await call(world.cluster, 'PATCH', path, {spec: {paused: true}}, merge);
  await expect(world.plan('deployment/restart', web)).rejects.toThrow('is paused');
  await call(world.cluster, 'PATCH', path, {spec: {replicas: 0}}, merge);
  await expect(world.plan('deployment/restart', web)).rejects.toThrow('wants no pods');
});

/** Another Deployment whose pods carry the labels by which `web` selects its own, and one of its own besides. */
async function shareLabels({cluster}: World): Promise<void> {
  const {deployment} = webApp('shop');
  deployment.metadata.name = 'cache';
  deployment.spec.replicas = 1;
  deployment.spec.selector = {matchLabels: {tier: 'cache'}} as never;
  Object.assign(deployment.spec.template.metadata.labels, {tier: 'cache'});
  await call(cluster, 'POST', '/apis/apps/v1/namespaces/shop/deployments', deployment);
  await until(
    () => call(cluster, 'GET', path.replace('web', 'cache')),
    ({body}) => body.status?.readyReplicas === 1,
  );
}

test('pods of another workload that carry the same labels are none of its own', async () => {
  await using world = await withShop();
  await shareLabels(world);
  const {plan, effect} = await world.play('deployment/scale', {...web, replicas: 0});
  expect(plan.cascade).toHaveLength(2);
  await expect.poll(effect, {timeout: 20_000}).toEqual({seen: true, detail: 'Deployment shop/web wants 0, has 0 pods'});
  await world.undoAll();
  await until(
    () => call(world.cluster, 'GET', path),
    ({body}) => body.status?.readyReplicas === 2,
  );
  const restart = await world.play('deployment/restart', web);
  expect(restart.output.podUids).toHaveLength(2);
  expect(restart.plan.cascade).toHaveLength(2);
  await expect.poll(restart.effect, {timeout: 20_000}).toMatchObject({seen: true});
  const intent = world.intents.at(-1) ?? expect.unreachable();
  expect(await world.undo(intent, 20_000)).toMatchObject({detail: 'healed: Deployment shop/web has 2 of 2 pods ready'});
});

test('the ready pod of another workload does not heal the loss of its own', async () => {
  await using world = await withShop();
  await shareLabels(world);
  // From now on no new pod of it can start.
  const nowhere = {spec: {template: {spec: {nodeSelector: {nowhere: 'at-all'}}}}};
  await call(world.cluster, 'PATCH', path, {spec: {paused: true}}, merge);
  await call(world.cluster, 'PATCH', path, {spec: {replicas: 1}}, merge);
  await until(
    () => call(world.cluster, 'GET', path),
    ({body}) => body.status?.replicas === 1,
  );
  for (const set of (await call(world.cluster, 'GET', '/apis/apps/v1/namespaces/shop/replicasets')).body.items) {
    if (!set.metadata.name.startsWith('web-')) continue;
    await call(
      world.cluster,
      'PATCH',
      `/apis/apps/v1/namespaces/shop/replicasets/${set.metadata.name}`,
      nowhere,
      merge,
    );
  }
  await world.play('pod/delete', {namespace: 'shop', selector: 'app=web,!tier', gracePeriod: '0s'});
  const [intent = expect.unreachable()] = world.intents;
  expect(await world.undo(intent, 2000)).toMatchObject({
    state: 'failed',
    detail: 'not healed in time: Deployment shop/web has 0 of 1 pods ready',
  });
});
