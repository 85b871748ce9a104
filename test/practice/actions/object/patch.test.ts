import {expect, test} from 'vitest';
import type {JsonObject} from '../../../../src/io/json.ts';
import {startWorld} from '../../../support/action-context.ts';
import {call, webApp} from '../../../support/practice.ts';

const corefile = '/api/v1/namespaces/kube-system/configmaps/coredns';
const dns = {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', name: 'coredns'};
const web = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web'};
// A Deployment changes while it starts, so that a patch may take several intents; the last is the one that was made.
const path = '/apis/apps/v1/namespaces/default/deployments/web';

test.each([
  ['merge', {data: {Corefile: 'broken'}}],
  ['strategic', {data: {Corefile: 'broken'}}],
  ['json', [{op: 'replace', path: '/data/Corefile', value: 'broken'}]],
])('a %s patch is seen and put back', async (type, patch) => {
  await using world = await startWorld();
  const before = (await call(world.cluster, 'GET', corefile)).body.data;
  const {output, effect} = await world.play('object/patch', {...dns, type, patch});
  expect(output.fields).toEqual(['data.Corefile']);
  expect(await effect()).toEqual({seen: true, detail: '1 of 1 fields are as patched'});
  expect((await call(world.cluster, 'GET', corefile)).body.data.Corefile).toBe('broken');
  expect(await world.undoAll()).toEqual([{state: 'undone', detail: 'data.Corefile'}]);
  // Neither the step nor its undo overwrites what somebody else writes after the look.
  const patches = world.seen.filter(({method}) => method === 'PATCH');
  expect(patches.map((seen) => seen.path.includes('dryRun=All'))).toEqual([true, false, false]);
  for (const {body} of patches) expect(body).toMatch(/resourceVersion/);
  expect((await call(world.cluster, 'GET', corefile)).body.data).toEqual(before);
  expect(await effect()).toMatchObject({seen: false});
});

test.each([
  ['merge', {data: {Corefile: 'broken'}}],
  ['strategic', {data: {Corefile: 'broken'}}],
  ['json', [{op: 'replace', path: '/data/Corefile', value: 'broken'}]],
])('a %s patch of an object that changes after the look is made on what it is by then', async (type, patch) => {
  await using world = await startWorld();
  const {mutate} = world.context;
  world.context.mutate = async (mutation, write) => {
    world.context.mutate = mutate;
    const merge = {'content-type': 'application/merge-patch+json'};
    await call(world.cluster, 'PATCH', corefile, {metadata: {labels: {busy: 'yes'}}}, merge);
    return await mutate(mutation, write);
  };
  await world.play('object/patch', {...dns, type, patch});
  expect(world.intents.map(({outcome}) => outcome)).toEqual(['failed', 'applied']);
  expect((await call(world.cluster, 'GET', corefile)).body).toMatchObject({
    metadata: {labels: {busy: 'yes'}},
    data: {Corefile: 'broken'},
  });
});

test('a removed field and a list come back as they were', async () => {
  await using world = await startWorld();
  await call(world.cluster, 'POST', '/apis/apps/v1/namespaces/default/deployments', webApp('default').deployment);
  const spec = async () => (await call(world.cluster, 'GET', path)).body.spec;
  const before = await spec();
  const patch = [
    {op: 'remove', path: '/spec/template/spec/containers/0/readinessProbe'},
    {op: 'add', path: '/spec/template/spec/containers/-', value: {name: 'side', image: 'pause'}},
    {op: 'add', path: '/spec/template/metadata/labels/extra', value: 'x'},
  ];
  await world.play('object/patch', {...web, type: 'json', patch});
  expect((await spec()).template.spec.containers).toHaveLength(2);
  expect((await world.undoAll())[0]).toMatchObject({state: 'undone'});
  expect(await spec()).toEqual(before);
  expect((await world.undoAll())[0]).toMatchObject({state: 'already'});
});

test('a strategic patch of one container is found again among the defaults', async () => {
  await using world = await startWorld();
  await call(world.cluster, 'POST', '/apis/apps/v1/namespaces/default/deployments', webApp('default').deployment);
  const spec = async () => (await call(world.cluster, 'GET', path)).body.spec;
  const before = await spec();
  const resources = {limits: {cpu: '0.5', memory: '1024Mi'}};
  const patch = {spec: {template: {spec: {containers: [{name: 'web', resources}]}}}};
  const {effect} = await world.play('object/patch', {...web, type: 'strategic', patch});
  expect(await effect()).toMatchObject({seen: true});
  expect((await world.undoAll())[0]).toMatchObject({state: 'undone'});
  expect(await spec()).toEqual(before);
});

test('text that reads as an equal number is another text', async () => {
  await using world = await startWorld();
  const settings = {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'settings'};
  const data = {version: '1.10', mode: '0644', other: 'a'};
  const collection = '/api/v1/namespaces/default/configmaps';
  await call(world.cluster, 'POST', collection, {metadata: {name: 'settings', namespace: 'default'}, data});
  const patch = {data: {version: '1.1', mode: '644', other: 'b'}};
  const {output} = await world.play('object/patch', {...settings, patch});
  expect(output.fields).toEqual(['data.version', 'data.mode', 'data.other']);
  expect(await world.undoAll()).toMatchObject([{state: 'undone'}]);
  expect((await call(world.cluster, 'GET', `${collection}/settings`)).body.data).toEqual(data);
});

test("somebody else's item in a touched list stays, and what they add to a touched item", async () => {
  await using world = await startWorld();
  await call(world.cluster, 'POST', '/apis/apps/v1/namespaces/default/deployments', webApp('default').deployment);
  const type = 'strategic';
  const strategic = {'content-type': 'application/strategic-merge-patch+json'};
  const patchOf = (...containers: JsonObject[]) => ({spec: {template: {spec: {containers}}}});
  const before = (await call(world.cluster, 'GET', path)).body.spec.template.spec.containers;
  await world.play('object/patch', {...web, type, patch: patchOf({name: 'ours', image: 'pause'})});
  await world.play('object/patch', {...web, type, patch: patchOf({name: 'web', image: 'broken'})});
  const theirs = patchOf({name: 'theirs', image: 'pause'}, {name: 'web', env: [{name: 'FEATURE', value: 'on'}]});
  await call(world.cluster, 'PATCH', path, theirs, strategic);
  expect(await world.undoAll()).toMatchObject(
    world.intents.map(() => ({state: expect.stringMatching(/undone|already/)})),
  );
  const {containers} = (await call(world.cluster, 'GET', path)).body.spec.template.spec;
  expect(containers.map(({name}: {name: string}) => name).toSorted()).toEqual(['theirs', 'web']);
  const ours = containers.find(({name}: {name: string}) => name === 'web');
  expect(ours).toEqual({...before[0], env: [...(before[0].env ?? []), {name: 'FEATURE', value: 'on'}]});
});

const found = (kind: string, plural: string) => ({
  ref: {apiVersion: 'v1', kind, namespace: 'default', name: 'it'},
  path: `/api/v1/namespaces/default/${plural}`,
});

test.each([
  ['text of a Secret', found('Secret', 'secrets'), {data: {password: 'b2xk'}}, {stringData: {password: 'new'}}],
  [
    'the type of a Service',
    found('Service', 'services'),
    {spec: {selector: {app: 'web'}, ports: [{port: 80}]}},
    {spec: {type: 'ExternalName', externalName: 'gone.example.invalid'}},
  ],
  [
    'a field taken away, for which there is a default',
    found('Service', 'services'),
    {spec: {sessionAffinity: 'ClientIP', ports: [{port: 80}]}},
    {spec: {sessionAffinity: null}},
  ],
  ['finalizers', found('ConfigMap', 'configmaps'), {data: {a: 'b'}}, {metadata: {finalizers: ['example.org/ours']}}],
])('what the API server made of a change is taken back: %s', async (_, {ref, path: collection}, content, patch) => {
  await using world = await startWorld();
  await call(world.cluster, 'POST', collection, {...content, metadata: {name: 'it', namespace: 'default'}});
  const read = async () => {
    const {metadata, ...rest} = (await call(world.cluster, 'GET', `${collection}/it`)).body;
    const {resourceVersion: _version, managedFields: _fields, ...kept} = metadata;
    return {...rest, metadata: kept};
  };
  const before = await read();
  const {effect} = await world.play('object/patch', {...ref, patch});
  expect(await read()).not.toEqual(before);
  expect(await effect()).toMatchObject({seen: true});
  expect(await world.undoAll()).toMatchObject([{state: 'undone'}]);
  expect(await read()).toEqual(before);
});

test('finalizers that a strategic merge patch adds go alone', async () => {
  await using world = await startWorld();
  const {ref, path: collection} = found('ConfigMap', 'configmaps');
  const metadata = {name: 'it', namespace: 'default', finalizers: ['example.org/theirs']};
  await call(world.cluster, 'POST', collection, {metadata});
  const patch = {metadata: {finalizers: ['example.org/ours']}};
  await world.play('object/patch', {...ref, type: 'strategic', patch});
  expect(await world.undoAll()).toMatchObject([{state: 'undone'}]);
  expect((await call(world.cluster, 'GET', `${collection}/it`)).body.metadata.finalizers).toEqual(metadata.finalizers);
});

test('an object that was made anew in the meantime is a conflict', async () => {
  await using world = await startWorld();
  await world.play('object/patch', {...dns, patch: {data: {Corefile: 'broken'}}});
  await call(world.cluster, 'DELETE', corefile);
  expect(await world.undoAll()).toMatchObject([{state: 'conflict', detail: 'ConfigMap kube-system/coredns is gone'}]);
  const again = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'coredns'}, data: {Corefile: 'broken'}};
  await call(world.cluster, 'POST', '/api/v1/namespaces/kube-system/configmaps', again);
  expect(await world.undoAll()).toMatchObject([{state: 'conflict', detail: expect.stringContaining('UID differs')}]);
});

test.each([
  [{...dns, patch: {metadata: {name: 'coredns'}}}, 'changes nothing'],
  [{...dns, type: 'json', patch: [{op: 'remove', path: '/data/none'}]}, 'operation 1 of the patch names /data/none'],
  [{...dns, type: 'json', patch: [{op: 'test', path: '/data/Corefile', value: 'x'}]}, 'holds something else'],
  [{...dns, type: 'strategic', patch: {data: {$patch: 'replace'}}}, 'with $patch cannot be foreseen'],
  [{...dns, name: 'none', patch: {data: {a: 'b'}}}, 'there is no ConfigMap kube-system/none'],
])('%j is refused', async (input, message) => {
  await using world = await startWorld();
  await expect(world.plan('object/patch', input)).rejects.toThrow(message);
});
