import {expect, test} from 'vitest';
import {call, type Loose, practice, type TestCluster, until, webApp} from '../support/practice.ts';

const path = '/apis/apps/v1/namespaces/default/deployments/web';
const apply = {'content-type': 'application/apply-patch+yaml'};

const owners = ({metadata}: Loose): string[] =>
  (metadata.managedFields ?? []).map(({manager, subresource}: Loose) =>
    [manager, subresource].filter(Boolean).join('/'),
  );

async function ready(cluster: TestCluster): Promise<Loose> {
  await call(cluster, 'PATCH', `${path}?fieldManager=drill`, webApp('default').deployment, apply);
  const {body} = await until(
    () => call(cluster, 'GET', path),
    (answer) => answer.body.status?.readyReplicas === 2,
  );
  return body;
}

test('what the controllers write is theirs', async () => {
  await using cluster = await practice();
  const deployment = await ready(cluster);
  expect(owners(deployment)).toEqual(['drill', 'kube-controller-manager', 'kube-controller-manager/status']);
  const {body} = await call(cluster, 'GET', '/api/v1/namespaces/default/pods?labelSelector=app%3Dweb');
  expect(owners(body.items[0]).toSorted()).toEqual([
    'kube-controller-manager',
    'kube-scheduler',
    'kube-scheduler/status',
    // The annotation with the pod's loopback addresses.
    'kubelet',
    'kubelet/status',
  ]);
});

test('an apply that sets a field of a controller is a conflict with it, unless it is forced', async () => {
  await using cluster = await practice();
  await ready(cluster);
  const {deployment} = webApp('default');
  deployment.metadata.annotations = {'deployment.kubernetes.io/revision': '7'};
  const refused = await call(cluster, 'PATCH', `${path}?fieldManager=drill`, deployment, apply);
  expect(refused).toMatchObject({status: 409, body: {details: {causes: [{reason: 'FieldManagerConflict'}]}}});
  expect(refused.body.message).toContain('conflict with "kube-controller-manager"');
  expect((await call(cluster, 'PATCH', `${path}?fieldManager=drill&force=true`, deployment, apply)).status).toBe(200);
});
