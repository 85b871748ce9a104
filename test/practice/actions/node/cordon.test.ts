import {expect, test} from 'vitest';
import {actions} from '../../../../src/actions/index.ts';
import type {JsonObject} from '../../../../src/io/json.ts';
import {startWorld, type World} from '../../../support/action-context.ts';
import {call, until, webApp} from '../../../support/practice.ts';

const merge = {'content-type': 'application/merge-patch+json'};
const pathOf = (node: string) => `/api/v1/nodes/${node}`;
const isClosed = async ({cluster}: World, node: string): Promise<unknown> =>
  (await call(cluster, 'GET', pathOf(node))).body.spec.unschedulable;
const byHand = ({cluster}: World, node: string, unschedulable: boolean | null) =>
  call(cluster, 'PATCH', pathOf(node), {spec: {unschedulable}}, merge);

test('cordons the node, and its undo opens it again, once', async () => {
  await using world = await startWorld();
  const {plan, output, effect} = await world.play('node/cordon', {name: 'practice-worker'});
  expect(plan).toMatchObject({targets: [{kind: 'Node', name: 'practice-worker', uid: output.uid}]});
  expect(await isClosed(world, 'practice-worker')).toBe(true);
  expect(await effect()).toEqual({seen: true, detail: 'Node practice-worker takes no new pods'});
  expect(await world.undoAll()).toMatchObject([{state: 'undone'}]);
  expect(await isClosed(world, 'practice-worker')).toBeUndefined();
  expect(await effect()).toMatchObject({seen: false});
  expect(await world.undoAll()).toMatchObject([{state: 'already'}]);
});

test('a node that was cordoned before is left alone, and stays cordoned', async () => {
  await using world = await startWorld();
  await byHand(world, 'practice-worker', true);
  await expect(world.plan('node/cordon', {name: 'practice-worker'})).rejects.toMatchObject({
    code: 'E_TARGET_REFUSED',
    message: 'node/cordon: Node practice-worker is cordoned already, so this would change nothing',
  });
  expect(await isClosed(world, 'practice-worker')).toBe(true);
});

test('a cordon that somebody else sets between plan and call stays theirs', async () => {
  await using world = await startWorld();
  const definition = actions['node/cordon'] ?? expect.unreachable();
  const input = definition.input.parse({name: 'practice-worker'});
  const plan = await definition.plan(world.context, input);
  await byHand(world, 'practice-worker', true);
  await expect(definition.run(world.context, input, plan)).rejects.toMatchObject({code: 'E_TARGET_CHANGED'});
  expect(world.intents).toEqual([]);
});

test('somebody who opens the node meanwhile is not overruled', async () => {
  await using world = await startWorld();
  await world.play('node/cordon', {name: 'practice-worker'});
  await byHand(world, 'practice-worker', null);
  expect(await world.undoAll()).toMatchObject([{state: 'already'}]);
});

test('a selector means the first open node by name', async () => {
  await using world = await startWorld();
  const workers = {selector: '!node-role.kubernetes.io/control-plane'};
  expect((await world.play('node/cordon', workers)).output.node).toBe('practice-worker');
  expect((await world.play('node/cordon', workers)).output.node).toBe('practice-worker2');
  await expect(world.plan('node/cordon', workers)).rejects.toThrow('all 2 nodes that match are cordoned');
});

test('a node is found by a pod that is on it', async () => {
  await using world = await startWorld();
  const web = {running: {selector: 'app=web'}};
  await expect(world.plan('node/cordon', web)).rejects.toMatchObject({
    code: 'E_TARGET_NOT_FOUND',
    message: expect.stringContaining('none of 3 nodes runs a pod that matches app=web'),
  });
  const pods = '/api/v1/namespaces/default/pods?labelSelector=app%3Dweb';
  await call(world.cluster, 'POST', '/apis/apps/v1/namespaces/default/deployments', webApp('default', 1).deployment);
  const {body} = await until(
    () => call(world.cluster, 'GET', pods),
    (answer) => answer.body.items[0]?.spec.nodeName !== undefined,
  );
  expect(await world.plan('node/cordon', web)).toMatchObject({targets: [{name: body.items[0].spec.nodeName}]});
  const other = {name: 'practice-control-plane', ...web};
  await expect(world.plan('node/cordon', other)).rejects.toThrow('is on Node practice-control-plane');
});

test.each<[JsonObject, string]>([
  [{name: 'none'}, 'there is no Node none'],
  [{selector: 'zone=north'}, 'no node matches zone=north'],
])('%j is not found', async (input, message) => {
  await using world = await startWorld();
  await expect(world.plan('node/cordon', input)).rejects.toMatchObject({
    code: 'E_TARGET_NOT_FOUND',
    message: expect.stringContaining(message),
  });
});

test('an input that names no node is none', () => {
  expect(actions['node/cordon']?.input.safeParse({}).success).toBe(false);
});
