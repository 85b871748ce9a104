import {expect, test} from 'vitest';
import {startWorld, type World} from '../../support/action-context.ts';
import {call, until, webApp} from '../../support/practice.ts';

const path = '/apis/apps/v1/namespaces/default/deployments';
const lost = (count: string) => `what ${count} in an emptyDir is lost for good`;

/** The Deployment default/web, of two pods, each with a cache of its own; and a pod by itself with one. */
async function withCaches(world: World): Promise<void> {
  const {deployment} = webApp('default');
  deployment.spec.template.spec.volumes = [{name: 'cache', emptyDir: {}}];
  await call(world.cluster, 'POST', path, deployment);
  await until(
    () => call(world.cluster, 'GET', `${path}/web`),
    ({body}) => body.status?.readyReplicas === 2,
  );
  const {containers, volumes} = deployment.spec.template.spec;
  await call(world.cluster, 'POST', '/api/v1/namespaces/default/pods', {
    ...{apiVersion: 'v1', kind: 'Pod', metadata: {name: 'alone'}, spec: {containers, volumes}},
  });
}

test('what pods lose with their emptyDir is told, and asked for where nobody replaces the pod', async () => {
  await using world = await startWorld();
  await withCaches(world);
  const notes = async (kind: string, input: Parameters<World['plan']>[1]) => (await world.plan(kind, input)).notes;
  expect(await notes('pod/delete', {selector: 'app=web', count: 1})).toEqual([lost('1 pod has')]);
  expect(await notes('deployment/restart', {name: 'web'})).toEqual([lost('2 pods have')]);
  expect(await notes('deployment/scale', {name: 'web', replicas: 0})).toContain(lost('2 pods have'));
  expect(await notes('deployment/scale', {name: 'web', replicas: 1})).toContain(
    `of the pods that go, ${lost('2 pods have')}`,
  );
  expect(await notes('deployment/scale', {name: 'web', replicas: 3})).toEqual(['2 → 3 replicas']);
  const workload = await world.plan('object/delete', {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'});
  expect(workload).toMatchObject({losses: [], notes: expect.arrayContaining([lost('2 pods have')])});
  const alone = await world.plan('object/delete', {apiVersion: 'v1', kind: 'Pod', name: 'alone'});
  expect(alone.losses).toEqual([{loss: 'volumeData', of: 'Pod'}]);
});

test('pods without one lose nothing', async () => {
  await using world = await startWorld();
  const dns = {namespace: 'kube-system', selector: 'k8s-app=kube-dns'};
  expect((await world.plan('pod/delete', dns)).notes).toEqual([]);
});

test('that nobody looks at what an undo command has done is told before and after', async () => {
  await using world = await startWorld();
  const verify = ['true'];
  const told = 'that it is taken back is the word of its undo command alone: `undo.verify` could look';
  expect((await world.plan('command/run', {argv: ['true'], undo: {argv: ['true']}})).notes).toContain(told);
  expect((await world.plan('command/run', {argv: ['true'], undo: {argv: ['true'], verify}})).notes).not.toContain(told);
  await world.play('command/run', {argv: ['true'], undo: {argv: ['true']}});
  await world.play('command/run', {argv: ['true'], undo: {argv: ['true'], verify}});
  expect(await world.undoAll()).toEqual([
    {state: 'undone', detail: 'its undo command ended with exit code 0'},
    {state: 'undone', detail: expect.stringMatching(/exit code 0; nobody looked whether all is as before/)},
  ]);
});
