import {expect, test} from 'vitest';
import {actions} from '../../../../src/actions/index.ts';
import {startWorld, type World} from '../../../support/action-context.ts';
import {call, type Loose, until, webApp} from '../../../support/practice.ts';

const policies = '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies';
const list = async ({cluster}: World): Promise<Loose[]> => (await call(cluster, 'GET', policies)).body.items;

async function withWeb(): Promise<World> {
  const world = await startWorld();
  await call(world.cluster, 'POST', '/apis/apps/v1/namespaces/default/deployments', webApp('default').deployment);
  await until(
    () => call(world.cluster, 'GET', '/api/v1/namespaces/default/pods?labelSelector=app%3Dweb'),
    ({body}) => body.items.length === 2,
  );
  return world;
}

test('makes a policy that allows nothing, labelled as the run, and its undo removes it, once', async () => {
  await using world = await withWeb();
  const {plan, output} = await world.play('network/isolate', {selector: 'app=web,tier!=cache'});
  expect(plan).toMatchObject({
    targets: [{kind: 'NetworkPolicy', namespace: 'default', name: output.name}],
    cascade: [{kind: 'Pod'}, {kind: 'Pod'}],
    notes: ['NetworkPolicies are enforced by kubedrill-practice'],
  });
  expect(output.pods).toBe(2);
  const [policy] = await list(world);
  expect(policy.metadata).toMatchObject({
    name: output.name,
    uid: output.uid,
    labels: {'kubedrill.dev/run': 'abcdef012345'},
  });
  expect(policy.spec).toEqual({
    podSelector: {
      matchExpressions: [
        {key: 'app', operator: 'In', values: ['web']},
        {key: 'tier', operator: 'NotIn', values: ['cache']},
      ],
    },
    policyTypes: ['Ingress', 'Egress'],
  });
  expect(await world.undoAll()).toMatchObject([{state: 'undone'}]);
  expect(await list(world)).toEqual([]);
  expect(await world.undoAll()).toMatchObject([{state: 'already'}]);
});

test.each([
  ['ingress', ['Ingress']],
  ['egress', ['Egress']],
  ['both', ['Ingress', 'Egress']],
])('%s cuts off %j, of every pod where no selector is given', async (direction, policyTypes) => {
  await using world = await withWeb();
  await world.play('network/isolate', {direction});
  expect((await list(world))[0].spec).toEqual({podSelector: {}, policyTypes});
});

test('has no effect of its own: a policy that nobody enforces must not look like an outage', () => {
  expect(actions['network/isolate']?.effect).toBeUndefined();
});

test('warns when nothing is known to enforce policies', async () => {
  await using world = await withWeb();
  const {reader} = world.connection;
  const unknown = {
    ...world.context,
    cluster: {
      ...reader,
      server: reader.server,
      list: async (query: Parameters<typeof reader.list>[0]) =>
        query.kind === 'Node' || query.kind === 'DaemonSet' ? [] : await reader.list(query),
    },
  };
  const definition = actions['network/isolate'] ?? expect.unreachable();
  const plan = await definition.plan(unknown, definition.input.parse({selector: 'app=web'}));
  expect(plan.notes).toEqual([expect.stringContaining('nothing here is known to enforce NetworkPolicies')]);
});

test('tells which other policy keeps a way open', async () => {
  await using world = await withWeb();
  const allow = (name: string, spec: object) => call(world.cluster, 'POST', policies, {metadata: {name}, spec});
  await allow('open', {podSelector: {matchLabels: {app: 'web'}}, ingress: [{}]});
  await allow('other-pods', {podSelector: {matchLabels: {app: 'other'}}, ingress: [{}]});
  await allow('other-way', {podSelector: {}, policyTypes: ['Egress'], egress: [{}]});
  const {notes = []} = await world.plan('network/isolate', {selector: 'app=web', direction: 'ingress'});
  expect(notes.slice(1)).toEqual([
    'NetworkPolicy default/open selects pods of these too, and what it allows stays allowed',
  ]);
});

test('two isolations of one run do not get into each other’s way, the same one twice does', async () => {
  await using world = await withWeb();
  await world.play('network/isolate', {selector: 'app=web', direction: 'ingress'});
  await world.play('network/isolate', {selector: 'app=web', direction: 'egress'});
  const again = world.play('network/isolate', {selector: 'app=web', direction: 'egress'});
  await expect(again).rejects.toMatchObject({code: 'E_TARGET_CHANGED'});
  expect(world.intents).toHaveLength(2);
});

test('a policy that somebody has changed meanwhile is not removed', async () => {
  await using world = await withWeb();
  const {output} = await world.play('network/isolate', {selector: 'app=web', direction: 'ingress'});
  const merge = {'content-type': 'application/merge-patch+json'};
  await call(
    world.cluster,
    'PATCH',
    `${policies}/${output.name}`,
    {spec: {podSelector: {matchExpressions: [{key: 'app', operator: 'Exists'}]}}},
    merge,
  );
  expect(await world.undoAll()).toMatchObject([{state: 'conflict', command: expect.stringContaining('delete')}]);
});

test.each([
  [{selector: 'app=none'}, 'no pod in namespace default matches app=none'],
  [{namespace: 'none'}, 'there is no namespace none'],
])('%j is not found', async (input, message) => {
  await using world = await withWeb();
  await expect(world.plan('network/isolate', input)).rejects.toMatchObject({
    code: 'E_TARGET_NOT_FOUND',
    message: expect.stringContaining(message),
  });
});
