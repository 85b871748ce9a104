import {expect, test} from 'vitest';
import type {KubeObject} from '../../../../src/cluster/types.ts';
import {startWorld, type World} from '../../../support/action-context.ts';
import {call, until, webApp} from '../../../support/practice.ts';

const core = '/api/v1/namespaces/default';
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const sets = '/apis/apps/v1/namespaces/default/replicasets';
const merge = {'content-type': 'application/merge-patch+json'};
const map = (name: string) => ({apiVersion: 'v1', kind: 'ConfigMap', name});

const bare = (name: string, spec: object = {}) => ({
  metadata: {name},
  spec: {containers: [{name: 'main', image: 'kubedrill/echo'}], ...spec},
});

test('what belongs to an object in no namespace is looked for in all of them', async () => {
  await using world = await startWorld();
  const owner = await call(world.cluster, 'POST', `${rbac}/clusterroles`, {metadata: {name: 'policy'}, rules: []});
  const reference = {apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'policy'};
  const ownerReferences = [{...reference, uid: owner.body.metadata.uid}];
  await call(world.cluster, 'POST', '/api/v1/namespaces', {metadata: {name: 'owned'}});
  await call(world.cluster, 'POST', '/api/v1/namespaces/owned/configmaps', {
    metadata: {name: 'child', ownerReferences},
  });
  await call(world.cluster, 'POST', `${rbac}/clusterrolebindings`, {
    metadata: {name: 'binding', ownerReferences},
    roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'policy'},
  });
  const plan = await world.plan('object/delete', reference);
  expect(plan.cascade).toMatchObject([
    {kind: 'ConfigMap', namespace: 'owned', name: 'child'},
    {kind: 'ClusterRoleBinding', name: 'binding'},
  ]);
  expect(plan.losses).toMatchObject([
    {loss: 'objects', of: 'ConfigMap', what: 'ConfigMap owned/child'},
    {loss: 'objects', of: 'ClusterRoleBinding'},
  ]);
});

const projected = [{name: 'token', projected: {sources: [{serviceAccountToken: {path: 'token'}}]}}];

test('a ServiceAccount takes its tokens along: Secrets that name it, and those of the pods that use it', async () => {
  await using world = await startWorld();
  await call(world.cluster, 'POST', `${core}/serviceaccounts`, {metadata: {name: 'robot'}});
  const secret = (name: string, account: string) => ({
    metadata: {name, annotations: {'kubernetes.io/service-account.name': account}},
    type: 'kubernetes.io/service-account-token',
  });
  await call(world.cluster, 'POST', `${core}/secrets`, secret('robot-token', 'robot'));
  await call(world.cluster, 'POST', `${core}/secrets`, secret('other-token', 'other'));
  await call(world.cluster, 'POST', `${core}/secrets`, {...secret('plain', 'robot'), type: 'Opaque'});
  const pods = [
    bare('user', {serviceAccountName: 'robot', volumes: projected}),
    bare('without', {serviceAccountName: 'robot'}),
    bare('another', {volumes: projected}),
  ];
  for (const pod of pods) await call(world.cluster, 'POST', `${core}/pods`, pod);
  const plan = await world.plan('object/delete', {apiVersion: 'v1', kind: 'ServiceAccount', name: 'robot'});
  expect(plan.cascade).toMatchObject([{kind: 'Secret', name: 'robot-token'}]);
  expect(plan.losses).toMatchObject([
    {loss: 'objects', of: 'Secret', what: 'Secret default/robot-token'},
    {loss: 'credentials', of: 'Pod', what: expect.stringContaining('Pod default/user')},
  ]);
});

test('a Node takes its pods along; a bare one comes back by nobody', async () => {
  await using world = await startWorld();
  const {body} = await call(world.cluster, 'GET', '/api/v1/nodes');
  const [node] = body.items as KubeObject[];
  const nodeName = node?.metadata.name ?? '';
  await call(world.cluster, 'POST', `${core}/pods`, bare('alone', {nodeName}));
  const plan = await world.plan('object/delete', {apiVersion: 'v1', kind: 'Node', name: nodeName});
  const running = await call(world.cluster, 'GET', `/api/v1/pods?fieldSelector=spec.nodeName%3D${nodeName}`);
  const names = (running.body.items as KubeObject[]).map(({metadata}) => metadata.name).sort();
  expect(
    plan.cascade
      ?.filter(({kind}) => kind === 'Pod')
      .map(({name}) => name)
      .sort(),
  ).toEqual(names);
  expect(plan.losses?.filter(({of}) => of === 'Pod')).toEqual([
    {loss: 'objects', of: 'Pod', what: 'Pod default/alone'},
  ]);
});

async function twoReleases(world: World): Promise<string[]> {
  const {deployment} = webApp('default');
  await call(world.cluster, 'POST', deployments, deployment);
  const get = () => call(world.cluster, 'GET', `${deployments}/web`);
  await until(get, ({body}) => body.status?.readyReplicas === 2);
  const release = {spec: {template: {metadata: {annotations: {release: 'two'}}}}};
  await call(world.cluster, 'PATCH', `${deployments}/web`, release, merge);
  await until(get, ({body}) => body.status?.updatedReplicas === 2 && body.status?.replicas === 2);
  return await releases(world);
}

async function releases(world: World): Promise<string[]> {
  const {body} = await call(world.cluster, 'GET', sets);
  return (body.items as KubeObject[]).map(({metadata}) => metadata.name).sort();
}

test('a Deployment comes back with the releases that it can be rolled back to', async () => {
  await using world = await startWorld();
  const before = await twoReleases(world);
  expect(before).toHaveLength(2);
  await world.play('object/delete', {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'});
  expect(await world.undoAll()).toMatchObject([{state: 'undone'}]);
  const deployment = await until(
    () => call(world.cluster, 'GET', `${deployments}/web`),
    ({body}) => body.status?.readyReplicas === 2,
  );
  expect(await releases(world)).toEqual(before);
  const {body} = await call(world.cluster, 'GET', sets);
  for (const {metadata} of body.items as KubeObject[])
    expect(metadata.ownerReferences).toMatchObject([{uid: deployment.body.metadata.uid, controller: true}]);
  expect(await world.verify(world.intents[0] ?? expect.unreachable())).toMatchObject({ok: true});
  // Killed in between, or asked twice, it does nothing more.
  expect(await world.undoAll()).toMatchObject([{state: 'already'}]);
});

test('releases that are missing once it is back are no full undo', async () => {
  await using world = await startWorld();
  const [first = ''] = await twoReleases(world);
  await world.play('object/delete', {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'});
  await world.undoAll();
  await call(world.cluster, 'DELETE', `${sets}/${first}`);
  await until(
    () => call(world.cluster, 'GET', `${sets}/${first}`),
    ({status, body}) => status === 404 || body.metadata.deletionTimestamp !== undefined,
  );
  const [intent = expect.unreachable()] = world.intents;
  expect(await world.verify(intent)).toEqual({ok: false, detail: `ReplicaSet default/${first} is not there`});
});

test('a claim that a pod uses is neither deleted nor lost: it would hang, and could not be made again', async () => {
  await using world = await startWorld();
  const spec = {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Mi'}}};
  await call(world.cluster, 'POST', `${core}/persistentvolumeclaims`, {metadata: {name: 'data'}, spec});
  const volumes = [{name: 'v', persistentVolumeClaim: {claimName: 'data'}}];
  await call(world.cluster, 'POST', `${core}/pods`, bare('user', {volumes}));
  const claim = {apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: 'data'};
  await expect(world.plan('object/delete', claim)).rejects.toMatchObject({
    code: 'E_TARGET_HELD',
    message: expect.stringMatching(
      /its finalizer kubernetes\.io\/pvc-protection keeps it .* Pod default\/user uses it/,
    ),
  });
  await call(world.cluster, 'DELETE', `${core}/pods/user`, {gracePeriodSeconds: 0});
  expect(await world.plan('object/delete', claim)).toMatchObject({targets: [{name: 'data'}]});
});

test.each(['Succeeded', 'Failed'])('a bare pod that has %s would run a second time', async (phase) => {
  await using world = await startWorld();
  await call(world.cluster, 'POST', `${core}/pods`, bare('once', {restartPolicy: 'Never', nodeName: 'nowhere'}));
  await call(world.cluster, 'PATCH', `${core}/pods/once/status`, {status: {phase}}, merge);
  await expect(world.plan('object/delete', {apiVersion: 'v1', kind: 'Pod', name: 'once'})).rejects.toMatchObject({
    code: 'E_TARGET_REFUSED',
    message: expect.stringContaining('it would run a second time'),
  });
});

test('a pod that is to end once begins anew: what it has done is a loss', async () => {
  await using world = await startWorld();
  for (const [name, restartPolicy] of [
    ['once', 'Never'],
    ['always', 'Always'],
  ] as const)
    await call(world.cluster, 'POST', `${core}/pods`, bare(name, {restartPolicy}));
  const plan = (name: string) => world.plan('object/delete', {apiVersion: 'v1', kind: 'Pod', name});
  expect((await plan('once')).losses).toEqual([{loss: 'status', of: 'Pod', what: 'Pod default/once begins anew'}]);
  expect((await plan('always')).losses).toEqual([]);
});

test('what the controller of a finalizer takes away is a loss; Kubernetes’ own are none', async () => {
  await using world = await startWorld();
  const make = (name: string, finalizer: string) =>
    call(world.cluster, 'POST', `${core}/configmaps`, {metadata: {name, finalizers: [finalizer]}});
  await make('foreign', 'example.org/database');
  await make('known', 'kubernetes.io/pvc-protection');
  expect((await world.plan('object/delete', map('foreign'))).losses).toEqual([
    {
      loss: 'resources',
      of: 'ConfigMap',
      what: 'what the controller of example.org/database takes away with ConfigMap default/foreign',
    },
  ]);
  expect((await world.plan('object/delete', map('known'))).losses).toEqual([]);
});

test('an object of the drill that a finalizer keeps is named with it, and with a command that can work', async () => {
  await using world = await startWorld();
  const metadata = {name: 'late', finalizers: ['example.org/records', 'kubernetes.io/pvc-protection']};
  await world.play('object/apply', {inline: {apiVersion: 'v1', kind: 'ConfigMap', metadata}});
  const [intent = expect.unreachable()] = world.intents;
  expect(await world.undo(intent, 700)).toEqual({
    state: 'failed',
    detail:
      'ConfigMap default/late is on its way out, but its finalizers example.org/records, kubernetes.io/pvc-protection keep it',
    command: `kubectl -n default patch configmap/late --type=merge -p '{"metadata":{"finalizers":["kubernetes.io/pvc-protection"]}}'`,
  });
});

test('the copy in the vault is what `kubectl create -f` takes', async () => {
  await using world = await startWorld();
  await call(world.cluster, 'POST', deployments, webApp('default').deployment);
  await world.play('object/delete', {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'});
  const [[name, content] = expect.unreachable()] = [...world.vault];
  expect(name).toMatch(/^Deployment-/);
  await until(
    () => call(world.cluster, 'GET', `${deployments}/web`),
    ({status}) => status === 404,
  );
  const made = await call(world.cluster, 'POST', deployments, JSON.parse(content.toString('utf8')));
  expect(made.status).toBe(201);
  expect(await world.undoAll()).toMatchObject([{state: 'already'}]);
});
