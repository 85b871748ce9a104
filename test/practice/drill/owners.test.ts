import {expect, test} from 'vitest';
import {connect} from '../../../src/cluster/connect.ts';
import type {JsonObject} from '../../../src/io/json.ts';
import {type Chain, startChain} from '../../support/chain.ts';
import {call, type Loose, practice, type TestCluster, until, webApp} from '../../support/practice.ts';

const headers = {'content-type': 'application/apply-patch+yaml'};
const settings = '/api/v1/namespaces/default/configmaps/settings';
const web = '/apis/apps/v1/namespaces/default/deployments/web';
const named = {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'settings'};
const settingsOf = (mode: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {name: 'settings', namespace: 'default'},
  data: {mode, level: '3'},
});
const workload = {namespace: 'default', name: 'web'};

/** Deploys as a GitOps controller does: by server-side apply, without force. */
const deploy = (cluster: TestCluster, path: string, body: object) =>
  call(cluster, 'PATCH', `${path}?fieldManager=gitops`, body, headers);

/** Who owns what, without times, the status, and the control plane, which goes on writing. */
async function owners(cluster: TestCluster, path: string): Promise<Loose[]> {
  const {metadata} = (await call(cluster, 'GET', path)).body;
  return (metadata.managedFields ?? [])
    .filter(({manager, subresource}: Loose) => !/^kube(-|let)/.test(manager) && subresource !== 'status')
    .map(({time: _, ...entry}: Loose) => entry);
}

async function on(work: (cluster: TestCluster, chain: Chain) => Promise<void>): Promise<void> {
  await using cluster = await practice();
  const connection = await connect({kubeconfigText: cluster.kubeconfig, env: {}});
  try {
    await deploy(cluster, settings, settingsOf('fast'));
    await deploy(cluster, web, webApp('default').deployment);
    await work(cluster, startChain(connection));
  } finally {
    connection.close();
  }
}

const broken = {data: {mode: 'broken'}};
const node = '/api/v1/nodes/practice-worker';

test.each<[string, string, string, JsonObject]>([
  ['a merge patch', settings, 'object/patch', {...named, patch: broken}],
  ['a field taken away', settings, 'object/patch', {...named, patch: {data: {mode: null}}}],
  ['all of a map taken away', settings, 'object/patch', {...named, patch: {data: null}}],
  ['an apply', settings, 'object/apply', {force: true, inline: settingsOf('broken')}],
  ['a deletion', settings, 'object/delete', named],
  ['a deletion of a workload', web, 'object/delete', {apiVersion: 'apps/v1', kind: 'Deployment', ...workload}],
  ['a scaling', web, 'deployment/scale', {...workload, replicas: 0}],
  [
    'a container',
    web,
    'object/patch',
    {
      ...{apiVersion: 'apps/v1', kind: 'Deployment', ...workload, type: 'json'},
      patch: [{op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'broken'}],
    },
  ],
  ['a cordon', node, 'node/cordon', {name: 'practice-worker'}],
])('after %s and its undo each field belongs to whom it belonged', async (_, path, kind, input) => {
  await on(async (cluster, chain) => {
    const before = await owners(cluster, path);
    if (path !== node) expect(before.map(({manager}) => manager)).toContain('gitops');
    await chain.step('inject', kind, input);
    expect(await owners(cluster, path)).not.toEqual(before);
    expect(await chain.undo('undo')).toBe('clean');
    expect(await owners(cluster, path)).toEqual(before);
    const {deployment} = webApp('default');
    const next = path === web ? {...deployment, spec: {...deployment.spec, replicas: 1}} : settingsOf('next');
    if (path !== node) expect((await deploy(cluster, path, next)).status).toBe(200);
  });
});

test('the mark of a restart stays with the drill, as it was nobody’s', async () => {
  await on(async (cluster, chain) => {
    const before = await owners(cluster, web);
    await until(
      () => call(cluster, 'GET', web),
      ({body}) => body.status?.readyReplicas === body.spec.replicas,
    );
    await chain.step('inject', 'deployment/restart', workload);
    expect(await chain.undo('undo')).toBe('clean');
    const after = await owners(cluster, web);
    expect(after.filter(({manager}) => manager !== 'kubedrill')).toEqual(before);
    expect(JSON.stringify(after.filter(({manager}) => manager === 'kubedrill'))).toContain('restartedAt');
  });
});

test('what two steps have changed goes back to its owner, in whatever order they are undone', async () => {
  await on(async (cluster, chain) => {
    const before = await owners(cluster, settings);
    await chain.step('inject', 'object/patch', {...named, patch: broken});
    const second = await chain.step('inject', 'object/patch', {...named, patch: {data: {level: '9', mode: 'worse'}}});
    await chain.undoStep(second);
    expect(await chain.undo('rollback')).toBe('clean');
    expect(await owners(cluster, settings)).toEqual(before);
  });
});

test('a recovery that stays leaves the fields to their owners, and keeps what was nobody’s', async () => {
  await on(async (cluster, chain) => {
    await chain.step('inject', 'object/patch', {...named, patch: broken});
    const recovery = {...settingsOf('fast'), data: {mode: 'fast', level: '3', note: 'repaired'}};
    await chain.step('recover', 'object/apply', {force: true, inline: recovery});
    expect(await chain.undo('undo')).toBe('clean');
    const all = await owners(cluster, settings);
    const fields = (manager: string) => all.filter((one) => one.manager === manager).map(({fieldsV1}) => fieldsV1);
    expect(fields('kubedrill')).toEqual([{'f:data': {'f:note': {}}}]);
    expect(fields('gitops')).toEqual([{'f:data': {'f:level': {}, 'f:mode': {}}}]);
    expect((await deploy(cluster, settings, settingsOf('next'))).status).toBe(200);
  });
});

test('what somebody else has taken meanwhile stays theirs', async () => {
  await on(async (cluster, chain) => {
    await chain.step('inject', 'object/patch', {...named, patch: broken});
    await call(cluster, 'PATCH', `${settings}?fieldManager=helm&force=true`, settingsOf('fast'), headers);
    expect(await chain.undo('undo')).toBe('clean');
    const managers = (await owners(cluster, settings)).map(({manager}) => manager);
    expect(managers).toContain('helm');
    expect(managers).not.toContain('kubedrill');
  });
});

test('owners that nobody has noted are none again', async () => {
  await on(async (cluster, chain) => {
    const merge = {'content-type': 'application/merge-patch+json'};
    await call(cluster, 'PATCH', settings, {metadata: {managedFields: [{}]}}, merge);
    expect(await owners(cluster, settings)).toEqual([]);
    await chain.step('inject', 'object/patch', {...named, patch: broken});
    expect(await chain.undo('undo')).toBe('clean');
    expect(await owners(cluster, settings)).toEqual([]);
  });
});

test('of a pod that is made again, what was nobody’s is nobody’s again', async () => {
  await on(async (cluster, chain) => {
    const alone = '/api/v1/namespaces/default/pods/alone';
    const pod = {apiVersion: 'v1', kind: 'Pod', metadata: {name: 'alone', namespace: 'default', labels: {a: 'b'}}};
    await deploy(cluster, alone, {...pod, spec: {containers: [{name: 'web', image: 'echo:1'}]}});
    const {body} = await call(cluster, 'GET', alone);
    // As where admission plugins have filled fields in.
    const fieldsV1 = {'f:metadata': {'f:labels': {'f:a': {}}}};
    const managedFields = body.metadata.managedFields.map((one: Loose) =>
      one.manager === 'gitops' ? {...one, fieldsV1} : one,
    );
    await call(cluster, 'PATCH', alone, {metadata: {managedFields}}, {'content-type': 'application/merge-patch+json'});
    const before = await owners(cluster, alone);
    expect(before).toMatchObject([{manager: 'gitops', fieldsV1}]);
    const {kind, apiVersion, metadata} = pod;
    await chain.step('inject', 'object/delete', {apiVersion, kind, namespace: 'default', name: metadata.name});
    expect(await chain.undo('undo')).toBe('clean');
    expect(await owners(cluster, alone)).toEqual(before);
  });
});
