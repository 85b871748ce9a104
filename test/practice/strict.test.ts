import {expect, test} from 'vitest';
import {call, practice, webApp} from '../support/practice.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const apply = {'content-type': 'application/apply-patch+yaml'};

/** A Deployment with a field in its container that nobody knows. */
const misspelt = () => {
  const {deployment} = webApp('default');
  deployment.spec.template.spec.containers[0].imagePullPolcy = 'Never';
  return deployment;
};
const field = 'spec.template.spec.containers[0].imagePullPolcy';

test('a field that the kind does not have is left out and warned of', async () => {
  await using cluster = await practice();
  const init = {method: 'POST', body: JSON.stringify(misspelt()), headers: {'content-type': 'application/json'}};
  const response = await fetch(cluster.url + deployments, init);
  expect([response.status, response.headers.get('warning')]).toEqual([201, `299 - "unknown field \\"${field}\\""`]);
  expect(await response.text()).not.toContain('imagePullPolcy');
});

test('it is refused with strict validation, and by server-side apply', async () => {
  await using cluster = await practice();
  const strict = await call(cluster, 'POST', `${deployments}?fieldValidation=Strict`, misspelt());
  expect(strict).toMatchObject({status: 400, body: {reason: 'BadRequest'}});
  expect(strict.body.message).toContain(`strict decoding error: unknown field "${field}"`);
  const applied = await call(cluster, 'PATCH', `${deployments}/web?fieldManager=t`, misspelt(), apply);
  expect(applied).toMatchObject({
    status: 500,
    body: {message: expect.stringContaining('field not declared in schema')},
  });
});

test.each([
  ['a number for a string', {data: {a: 1}}, 400],
  ['a text for a map', {data: 'a'}, 400],
  ['a bad key', {data: {'a/b': '1'}}, 422],
  ['a finalizer without a domain', {metadata: {name: 'x', finalizers: ['hold']}}, 422],
  [
    'an owner without a UID',
    {metadata: {name: 'x', ownerReferences: [{apiVersion: 'v1', kind: 'Pod', name: 'y'}]}},
    422,
  ],
  ['a revision', {metadata: {name: 'x', resourceVersion: '1'}}, 500],
])('%s is refused', async (_, more, status) => {
  await using cluster = await practice();
  expect((await call(cluster, 'POST', configMaps, {metadata: {name: 'x'}, ...more})).status).toBe(status);
  expect((await call(cluster, 'GET', `${configMaps}/x`)).status).toBe(404);
});

test('the namespaces that every cluster has stay', async () => {
  await using cluster = await practice();
  for (const name of ['default', 'kube-system', 'kube-public']) {
    expect((await call(cluster, 'DELETE', `/api/v1/namespaces/${name}`)).status).toBe(403);
  }
});
