import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  Watch,
} from '@kubernetes/client-node';
import {expect, test} from 'vitest';
import {practice, type TestCluster, until, webApp} from '../support/practice.ts';

/** The practice cluster must satisfy the client that the program itself uses. */
function configFor(cluster: TestCluster): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(cluster.kubeconfig);
  return config;
}

test('the typed client lists, creates, patches and deletes', async () => {
  await using cluster = await practice();
  const core = configFor(cluster).makeApiClient(CoreV1Api);
  const dns = await core.listNamespacedPod({namespace: 'kube-system', labelSelector: 'k8s-app=kube-dns'});
  expect(dns.items.map((pod) => pod.status?.phase)).toEqual(['Running', 'Running']);
  const namespace = 'default';
  await core.createNamespacedConfigMap({namespace, body: {metadata: {name: 'a'}, data: {x: '1'}}});
  const merged = await core.patchNamespacedConfigMap(
    {namespace, name: 'a', body: {data: {y: '2'}}},
    setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
  );
  expect(merged.data).toEqual({x: '1', y: '2'});
  const operations = [{op: 'remove', path: '/data/x'}];
  const patched = await core.patchNamespacedConfigMap({namespace, name: 'a', body: operations});
  expect(patched.data).toEqual({y: '2'});
  await core.deleteNamespacedConfigMap({namespace, name: 'a'});
  await expect(core.readNamespacedConfigMap({namespace, name: 'a'})).rejects.toMatchObject({code: 404});
});

test('the generic client applies what discovery tells it', async () => {
  await using cluster = await practice();
  const config = configFor(cluster);
  const objects = KubernetesObjectApi.makeApiClient(config);
  const {deployment} = webApp('default');
  const apply = () =>
    objects.patch(deployment as KubernetesObject, undefined, undefined, 'drill', true, PatchStrategy.ServerSideApply);
  await apply();
  const apps = config.makeApiClient(AppsV1Api);
  const read = () => apps.readNamespacedDeployment({namespace: 'default', name: 'web'});
  const ready = await until(read, ({status}) => status?.readyReplicas === 2);
  expect(ready.metadata?.managedFields?.map(({manager, operation}) => [manager, operation])).toEqual([
    ['drill', 'Apply'],
    ['kube-controller-manager', 'Update'],
    ['kube-controller-manager', 'Update'],
  ]);
  await apply();
  expect((await read()).metadata?.generation).toBe(ready.metadata?.generation);
});

test('a watch and an informer see pods come and go', async () => {
  await using cluster = await practice();
  const config = configFor(cluster);
  const core = config.makeApiClient(CoreV1Api);
  const path = '/api/v1/namespaces/default/pods';
  const told: string[] = [];
  const informer = makeInformer(config, path, () => core.listNamespacedPod({namespace: 'default'}));
  informer.on('add', (pod) => told.push(`add ${pod.metadata?.name}`));
  informer.on('delete', (pod) => told.push(`delete ${pod.metadata?.name}`));
  await informer.start();
  const watched: string[] = [];
  const watch = await new Watch(config).watch(
    path,
    {},
    (type) => watched.push(type),
    () => {},
  );
  const body = {metadata: {name: 'p'}, spec: {containers: [{name: 'c', image: 'pause'}]}};
  await core.createNamespacedPod({namespace: 'default', body});
  await until(
    async () => told.length,
    (count) => count === 1,
  );
  await core.deleteNamespacedPod({namespace: 'default', name: 'p', gracePeriodSeconds: 0});
  await until(
    async () => told.length,
    (count) => count === 2,
  );
  expect(told).toEqual(['add p', 'delete p']);
  await until(
    async () => watched.at(-1),
    (last) => last === 'DELETED',
  );
  expect(watched[0]).toBe('ADDED');
  watch.abort();
  await informer.stop();
});
