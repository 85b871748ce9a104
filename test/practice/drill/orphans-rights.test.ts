import {expect, test} from 'vitest';
import {connect} from '../../../src/cluster/connect.ts';
import {rollbackOrphans} from '../../../src/drill/undo/orphans.ts';
import {systemClock} from '../../../src/io/clock.ts';
import {call, type TestCluster} from '../../support/practice.ts';
import {type ApiProxy, failing, practiceBehindProxy} from '../../support/proxy.ts';

const labels = {'kubedrill.dev/run': '7f3a51c20b9e'};
const configMap = {apiVersion: 'v1', kind: 'ConfigMap'};

/** A cluster with a left ConfigMap in each of these namespaces, seen by a user who may list within namespaces alone. */
async function narrow(...namespaces: string[]): Promise<{cluster: TestCluster; proxy: ApiProxy} & AsyncDisposable> {
  const world = await practiceBehindProxy();
  const {cluster, proxy} = world;
  for (const name of namespaces) {
    if (name !== 'default') await call(cluster, 'POST', '/api/v1/namespaces', {metadata: {name}});
    await call(cluster, 'POST', `/api/v1/namespaces/${name}/configmaps`, {metadata: {name: 'left', labels}});
  }
  proxy.when({method: 'GET', path: /^\/apis?\/([^/]+\/)?[^/]+\/[^/]+\?.*limit=/}, failing(403, 'Forbidden'));
  return world;
}

async function orphansOf(proxy: ApiProxy, options: {dryRun?: boolean; namespace?: string} = {}) {
  const connection = await connect({kubeconfigText: proxy.cluster.kubeconfig, env: {}});
  try {
    return await rollbackOrphans(connection, {dryRun: false, clock: systemClock, ...options});
  } finally {
    connection.close();
  }
}

const isLeft = async (cluster: TestCluster, namespace: string) =>
  (await call(cluster, 'GET', `/api/v1/namespaces/${namespace}/configmaps/left`)).status === 200;

test('a user with rights in namespaces alone is shown and rid of the orphans there, and told what was not looked at', async () => {
  await using world = await narrow('default', 'kubedrill', 'shop');
  const {cluster, proxy} = world;
  const {found, left, partly, unseen} = await orphansOf(proxy);
  expect(found.map(({kind, namespace}) => `${kind} ${namespace}`).sort()).toEqual([
    'ConfigMap default',
    'ConfigMap kubedrill',
  ]);
  expect(left).toEqual([]);
  expect(partly).toContainEqual({...configMap, namespaces: ['default', 'kubedrill']});
  expect(partly).toContainEqual({apiVersion: 'v1', kind: 'Namespace', namespaces: ['default', 'kubedrill']});
  expect(unseen).toContainEqual({apiVersion: 'v1', kind: 'Node'});
  expect(unseen).not.toContainEqual(configMap);
  expect([await isLeft(cluster, 'default'), await isLeft(cluster, 'kubedrill')]).toEqual([false, false]);
  // Nobody has said that there is one.
  expect(await isLeft(cluster, 'shop')).toBe(true);
});

test('the namespace that is named is looked at as well', async () => {
  await using world = await narrow('shop');
  const {found, partly} = await orphansOf(world.proxy, {namespace: 'shop', dryRun: true});
  expect(found).toMatchObject([{...configMap, namespace: 'shop'}]);
  expect(partly).toContainEqual({...configMap, namespaces: ['default', 'kubedrill', 'shop']});
});

test('a user who may list the namespaces is looked around for in all of them', async () => {
  await using world = await narrow('default', 'shop');
  const {cluster, proxy} = world;
  proxy.when({method: 'GET', path: /^\/api\/v1\/namespaces\?/}, ({pass}) => pass());
  const {found, partly} = await orphansOf(proxy);
  expect(found.map(({namespace}) => namespace).sort()).toEqual(['default', 'shop']);
  expect(partly.find(({kind}) => kind === 'ConfigMap')?.namespaces).toContain('shop');
  expect(partly.find(({kind}) => kind === 'Namespace')).toBeUndefined();
  expect([await isLeft(cluster, 'default'), await isLeft(cluster, 'shop')]).toEqual([false, false]);
});

test('a kind that may not be listed in any namespace is unseen, one that may in some is not', async () => {
  await using world = await narrow('default');
  const {proxy} = world;
  proxy.when({method: 'GET', path: /\/namespaces\/[^/]+\/secrets\?/}, failing(403, 'Forbidden'));
  proxy.when({method: 'GET', path: /\/namespaces\/kubedrill\/configmaps\?/}, failing(403, 'Forbidden'));
  const {partly, unseen} = await orphansOf(proxy);
  expect(unseen).toContainEqual({apiVersion: 'v1', kind: 'Secret'});
  expect(partly).toContainEqual({...configMap, namespaces: ['default']});
});

test('a user who may look everywhere is told of nothing else', async () => {
  await using world = await narrow('default');
  const {proxy} = world;
  proxy.clear();
  expect(await orphansOf(proxy)).toMatchObject({found: [configMap], left: [], partly: [], unseen: []});
});

test('a group of which nobody tells the kinds is named: there may be orphans', async () => {
  await using world = await practiceBehindProxy();
  world.proxy.when({method: 'GET', path: /^\/apis\/apps\/v1$/}, failing(503, 'ServiceUnavailable'));
  expect(await orphansOf(world.proxy, {dryRun: true})).toMatchObject({found: [], silent: ['apps/v1']});
});
