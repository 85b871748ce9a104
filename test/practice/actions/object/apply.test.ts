import {expect, test} from 'vitest';
import {startWorld, type World} from '../../../support/action-context.ts';
import {call, webApp} from '../../../support/practice.ts';

const merge = {'content-type': 'application/merge-patch+json'};
const settings = '/api/v1/namespaces/default/configmaps/settings';
const configMap = (data: Record<string, string>, name = 'settings') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {name},
  data,
});
const make = (world: World, object: object, path = '/api/v1/namespaces/default/configmaps') =>
  call(world.cluster, 'POST', path, object);

const shop = `
apiVersion: v1
kind: ConfigMap
metadata: {name: modes, namespace: shop}
data: {mode: "0644"}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Secret
    metadata: {name: keys, namespace: shop}
    stringData: {password: hunter2}
`;

test('makes what files hold, the namespace first, and removes it again', async () => {
  await using world = await startWorld();
  world.files.set('shop.yaml', shop);
  const {output, effect, plan} = await world.play('object/apply', {files: ['shop.yaml']});
  expect(output).toEqual({
    created: ['Namespace shop', 'Secret shop/keys', 'ConfigMap shop/modes'],
    changed: [],
    unchanged: [],
  });
  expect(plan.notes).toContain('ConfigMap shop/modes: is created');
  const create = {verb: 'create', group: '', resource: 'configmaps', namespace: 'shop'};
  expect(plan.permissions).toContainEqual(expect.objectContaining(create));
  expect(await effect()).toEqual({seen: true, detail: '3 of 3 objects are as written'});
  const {body} = await call(world.cluster, 'GET', '/api/v1/namespaces/shop/configmaps/modes');
  expect(body).toMatchObject({data: {mode: '0644'}, metadata: {labels: {'kubedrill.dev/run': 'abcdef012345'}}});
  expect((await world.undoAll()).map(({state}) => state)).toEqual(['undone', 'undone', 'undone']);
  expect((await call(world.cluster, 'GET', '/api/v1/namespaces/shop')).status).toBe(404);
  for (const intent of world.intents) expect(await world.verify(intent)).toMatchObject({ok: true});
  expect((await world.undoAll()).map(({state}) => state)).toEqual(['already', 'already', 'already']);
});

test('what a Secret holds is in the vault, not in the record', async () => {
  await using world = await startWorld();
  world.files.set('shop.yaml', shop);
  await world.play('object/apply', {files: ['shop.yaml']});
  const records = JSON.stringify(world.intents);
  expect(records).not.toContain('hunter2');
  expect(records).not.toContain(Buffer.from('hunter2').toString('base64'));
  expect(world.vault.size).toBe(1);
});

test('changes what is there, and puts the touched fields back', async () => {
  await using world = await startWorld();
  await make(world, configMap({a: '1', b: '2'}));
  const inline = configMap({a: 'new', c: 'more'});
  const {output} = await world.play('object/apply', {inline, force: true});
  expect(output).toMatchObject({changed: ['ConfigMap default/settings']});
  expect((await call(world.cluster, 'GET', settings)).body.data).toEqual({a: 'new', b: '2', c: 'more'});
  // Somebody else's change of another field is theirs.
  await call(world.cluster, 'PATCH', settings, {data: {b: 'theirs'}}, merge);
  expect(await world.undoAll()).toEqual([{state: 'undone', detail: 'data.a, data.c'}]);
  expect((await call(world.cluster, 'GET', settings)).body.data).toEqual({a: '1', b: 'theirs'});
  expect(await world.undoAll()).toMatchObject([{state: 'already'}]);
});

test("somebody else's change of a touched field is a conflict, and nothing is written", async () => {
  await using world = await startWorld();
  await make(world, configMap({a: '1', b: '2'}));
  await world.play('object/apply', {inline: configMap({a: 'new', b: 'new'}), force: true});
  await call(world.cluster, 'PATCH', settings, {data: {a: 'theirs'}}, merge);
  expect(await world.undoAll()).toEqual([
    {
      state: 'conflict',
      detail: 'data.a is "theirs" where "new" was written',
      command: `kubectl -n default patch configmap/settings --type=merge -p '{"data":{"a":"1","b":"2"}}'`,
    },
  ]);
  expect((await call(world.cluster, 'GET', settings)).body.data).toEqual({a: 'theirs', b: 'new'});
});

test('an object that is as written is left alone', async () => {
  await using world = await startWorld();
  await make(world, configMap({a: '1'}));
  const {output} = await world.play('object/apply', {inline: configMap({a: '1'})});
  expect(output).toMatchObject({unchanged: ['ConfigMap default/settings']});
  expect(world.intents).toEqual([]);
});

test('without force the field manager in the way is named, and nothing is done', async () => {
  await using world = await startWorld();
  await make(world, configMap({a: '1', b: '1'}));
  const play = (data: Record<string, string>, role: 'fault' | 'recovery') => {
    world.context.role = role;
    return world.play('object/apply', {inline: configMap(data)});
  };
  const hint = expect.stringContaining('force: true');
  const message = 'object/apply: fields of ConfigMap default/settings belong to others: data.a (node)';
  await expect(play({a: '2', b: '1', c: '1'}, 'fault')).rejects.toMatchObject({
    code: 'E_TARGET_REFUSED',
    message,
    hint,
  });
  // Planned while it was otherwise.
  await expect(play({a: '2'}, 'recovery')).rejects.toMatchObject({
    code: 'E_OWNED',
    message: expect.stringContaining('.data.a'),
    hint,
  });
  expect(world.intents).toEqual([]);
  expect(world.seen.filter(({method, path}) => method === 'PATCH' && !path.includes('dryRun=All'))).toEqual([]);
});

test('a Deployment that was made is removed with defaults filled in, but not when somebody changed it', async () => {
  await using world = await startWorld();
  const {deployment, service} = webApp('default');
  await world.play('object/apply', {inline: [deployment, service]});
  const path = '/apis/apps/v1/namespaces/default/deployments/web';
  await call(world.cluster, 'PATCH', path, {spec: {replicas: 3}}, merge);
  expect(await world.undoAll()).toMatchObject([
    {state: 'undone'},
    {state: 'conflict', detail: 'spec.replicas is 3 where 2 was written'},
  ]);
  await call(world.cluster, 'PATCH', path, {spec: {replicas: 2}}, merge);
  expect(await world.undoAll()).toMatchObject([{state: 'already'}, {state: 'undone'}]);
});

test('an object of the same name that somebody else made later is left alone, and the one of the drill is gone', async () => {
  await using world = await startWorld();
  await world.play('object/apply', {inline: configMap({a: '1'})});
  await call(world.cluster, 'DELETE', settings);
  await make(world, configMap({a: '1'}));
  expect(await world.undoAll()).toMatchObject([{state: 'already', detail: expect.stringContaining('is absent')}]);
  expect((await call(world.cluster, 'GET', settings)).status).toBe(200);
});

test('two applies of one object are taken back one after the other', async () => {
  await using world = await startWorld();
  await world.play('object/apply', {inline: configMap({a: '1'})});
  await world.play('object/apply', {inline: configMap({a: '2'}), force: true});
  expect((await world.undoAll()).map(({state}) => state)).toEqual(['undone', 'undone']);
});

test.each([
  ['a: [', /shop\.yaml:1: /],
  ['just text', /must be an object/],
  ['apiVersion: v1\nkind: ConfigMap', /shop\.yaml: ConfigMap has no metadata\.name/],
  ['', /no manifest in shop\.yaml/],
  ['apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: nowhere}', /there is no namespace nowhere/],
  ['apiVersion: v1\nkind: ConfigMaps\nmetadata: {name: a}', /kind ConfigMaps in v1: the API server does not serve it/],
])('a file with %j is refused before anything is done', async (source, message) => {
  await using world = await startWorld();
  world.files.set('shop.yaml', source);
  await expect(world.plan('object/apply', {files: ['shop.yaml']})).rejects.toThrow(message);
});
