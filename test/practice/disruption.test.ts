import {expect, test} from 'vitest';
import {call, type Loose, practice, type TestCluster, until, webApp} from '../support/practice.ts';

const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
const pods = '/api/v1/namespaces/default/pods';
const selector = {matchLabels: {app: 'web'}};
const merge = {'content-type': 'application/merge-patch+json'};

async function withWeb(cluster: TestCluster, replicas: number): Promise<void> {
  const path = '/apis/apps/v1/namespaces/default/deployments';
  await call(cluster, 'POST', path, webApp('default', replicas).deployment);
  await until(
    () => call(cluster, 'GET', `${path}/web`),
    ({body}) => body.status?.readyReplicas === replicas,
  );
}

/** The status of a budget once its controller has seen it as it is. */
const statusOf = async (cluster: TestCluster, name: string): Promise<Loose> => {
  const {body} = await until(
    () => call(cluster, 'GET', `${budgets}/${name}`),
    (answer) => answer.body.status?.observedGeneration === answer.body.metadata.generation,
  );
  return body.status;
};

test.each([
  [{minAvailable: 3}, {desiredHealthy: 3, disruptionsAllowed: 1}],
  [{minAvailable: '100%'}, {desiredHealthy: 4, disruptionsAllowed: 0}],
  [{maxUnavailable: 2}, {desiredHealthy: 2, disruptionsAllowed: 2}],
  [{maxUnavailable: '25%'}, {desiredHealthy: 3, disruptionsAllowed: 1}],
  [{minAvailable: 9}, {desiredHealthy: 9, disruptionsAllowed: 0}],
])('of four pods, %j gives %j', async (limit, counts) => {
  await using cluster = await practice();
  await withWeb(cluster, 4);
  await call(cluster, 'POST', budgets, {metadata: {name: 'web'}, spec: {selector, ...limit}});
  const status = await statusOf(cluster, 'web');
  expect(status).toMatchObject({currentHealthy: 4, expectedPods: 4, ...counts});
  expect(status.conditions).toMatchObject([
    {type: 'DisruptionAllowed', status: counts.disruptionsAllowed > 0 ? 'True' : 'False'},
  ]);
});

test('evictions at once do not get more than the budget has, and it follows its pods', async () => {
  await using cluster = await practice();
  await withWeb(cluster, 3);
  await call(cluster, 'POST', budgets, {metadata: {name: 'web'}, spec: {selector, minAvailable: 2}});
  const {body} = await call(cluster, 'GET', `${pods}?labelSelector=app%3Dweb`);
  const evict = (name: string) => call(cluster, 'POST', `${pods}/${name}/eviction`, {metadata: {name}});
  const answers = await Promise.all(body.items.map(({metadata}: Loose) => evict(metadata.name)));
  expect(answers.map(({status}) => status).toSorted()).toEqual([201, 429, 429]);
  expect(answers.find(({status}) => status === 429)?.body.details.causes).toEqual([
    {reason: 'DisruptionBudget', message: 'The disruption budget web needs 2 healthy pods and has 2 currently'},
  ]);
  await until(
    () => statusOf(cluster, 'web'),
    ({disruptionsAllowed}) => disruptionsAllowed === 1,
  );
  await call(cluster, 'PATCH', `${budgets}/web`, {spec: {minAvailable: 3}}, merge);
  expect(await statusOf(cluster, 'web')).toMatchObject({disruptionsAllowed: 0, desiredHealthy: 3});
});

test.each([
  [{maxUnavailable: 1}, 429],
  [{minAvailable: '50%'}, 429],
  [{minAvailable: 0}, 201],
])('of a pod that nobody owns, %j answers %d: of how many it is one is not known', async (limit, status) => {
  await using cluster = await practice();
  const bare = {metadata: {name: 'bare', labels: {app: 'web'}}, spec: {containers: [{name: 'web', image: 'pause'}]}};
  await call(cluster, 'POST', pods, bare);
  await until(
    () => call(cluster, 'GET', `${pods}/bare`),
    ({body}) => body.status.phase === 'Running',
  );
  await call(cluster, 'POST', budgets, {metadata: {name: 'web'}, spec: {selector, ...limit}});
  expect((await call(cluster, 'POST', `${pods}/bare/eviction`, {metadata: {name: 'bare'}})).status).toBe(status);
});
