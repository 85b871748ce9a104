import {expect, test} from 'vitest';
import {call, type Loose, practice, until, webApp} from '../support/practice.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string, data: Record<string, string> = {a: '1'}, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {name, ...metadata},
  data,
});
const merge = {'content-type': 'application/merge-patch+json'};
const apply = {'content-type': 'application/apply-patch+yaml'};

test('it says what it is', async () => {
  await using cluster = await practice();
  const version = await call(cluster, 'GET', '/version');
  expect(version.body.gitVersion).toMatch(/\+kubedrill-practice$/);
  for (const path of ['/healthz', '/livez', '/readyz'])
    expect(await call(cluster, 'GET', path)).toEqual({status: 200, body: 'ok'});
  const nodes = await call(cluster, 'GET', '/api/v1/nodes');
  expect(nodes.body.items).toHaveLength(3);
  for (const node of nodes.body.items) {
    expect(node.spec.providerID).toBe(`practice://${node.metadata.name}`);
    expect(node.status.nodeInfo.osImage).toContain('practice');
  }
  expect(cluster.kubeconfig).toContain('current-context: kubedrill-practice');
});

test('failures are Status objects with the reasons of Kubernetes', async () => {
  await using cluster = await practice();
  const failures = [
    [await call(cluster, 'GET', `${configMaps}/none`), 404, 'NotFound', 'configmaps "none" not found'],
    [await call(cluster, 'GET', '/apis/apps/v1/things'), 404, 'NotFound', /could not find/],
    [
      await call(cluster, 'POST', '/api/v1/namespaces/gone/configmaps', configMap('a')),
      404,
      'NotFound',
      /namespaces "gone"/,
    ],
    [await call(cluster, 'POST', configMaps, configMap('Not_A_Name')), 422, 'Invalid', /metadata.name: Invalid value/],
    [await call(cluster, 'POST', configMaps, '{"broken'), 400, 'BadRequest', /json parse error/],
    [await call(cluster, 'PUT', configMaps, configMap('a')), 405, 'MethodNotAllowed', /method/],
    [await call(cluster, 'GET', `${configMaps}?labelSelector=a%20b%20c`), 400, 'BadRequest', /requirement/],
    [
      await call(cluster, 'GET', `${configMaps}?fieldSelector=spec.x=1`),
      400,
      'BadRequest',
      /"spec.x" is not a known field selector/,
    ],
    [await call(cluster, 'PATCH', `${configMaps}/none`, {}, merge), 404, 'NotFound', /"none" not found/],
  ] as const;
  for (const [{status, body}, code, reason, message] of failures) {
    expect({status, kind: body.kind, code: body.code, reason: body.reason}).toEqual({
      status: code,
      kind: 'Status',
      code,
      reason,
    });
    expect(body.message).toMatch(message);
  }
});

test('writes are guarded by name, revision and UID', async () => {
  await using cluster = await practice();
  const created = await call(cluster, 'POST', configMaps, configMap('a'));
  expect(created.status).toBe(201);
  expect((await call(cluster, 'POST', configMaps, configMap('a'))).body.reason).toBe('AlreadyExists');
  const changed = await call(cluster, 'PUT', `${configMaps}/a`, {...created.body, data: {a: '2'}});
  expect(changed.body.data).toEqual({a: '2'});
  expect((await call(cluster, 'PUT', `${configMaps}/a`, {...created.body, data: {a: '3'}})).body.reason).toBe(
    'Conflict',
  );
  const wrongUid = {preconditions: {uid: '00000000-0000-0000-0000-000000000000'}};
  expect((await call(cluster, 'DELETE', `${configMaps}/a`, wrongUid)).status).toBe(409);
  const oldRevision = {preconditions: {resourceVersion: created.body.metadata.resourceVersion}};
  expect((await call(cluster, 'DELETE', `${configMaps}/a`, oldRevision)).status).toBe(409);
  const right = {preconditions: {uid: created.body.metadata.uid}};
  expect((await call(cluster, 'DELETE', `${configMaps}/a`, right)).body.status).toBe('Success');
  const generated = await call(cluster, 'POST', configMaps, {metadata: {generateName: 'x-'}});
  expect(generated.body.metadata.name).toMatch(/^x-[a-z0-9]{5}$/);
});

test('a dry run answers like the write and changes nothing', async () => {
  await using cluster = await practice();
  const before = (await call(cluster, 'GET', configMaps)).body;
  const dry = await call(cluster, 'POST', `${configMaps}?dryRun=All`, configMap('a'));
  expect(dry.status).toBe(201);
  expect(dry.body.metadata.uid).toMatch(/-/);
  await call(cluster, 'PATCH', `${configMaps}/kube-root-ca.crt?dryRun=All`, {data: {x: 'y'}}, merge);
  await call(cluster, 'DELETE', `${configMaps}/kube-root-ca.crt?dryRun=All`);
  await call(cluster, 'PATCH', `${configMaps}/b?dryRun=All&fieldManager=t`, configMap('b'), apply);
  const items = (list: Loose) => list.items.map((each: Loose) => each.metadata);
  expect(items((await call(cluster, 'GET', configMaps)).body)).toEqual(items(before));
  expect((await call(cluster, 'POST', `${configMaps}?dryRun=Some`, configMap('a'))).status).toBe(422);
});

test('fields that a kind does not have are dropped with a warning, or refused by name', async () => {
  await using cluster = await practice();
  const {deployment} = webApp('default');
  deployment.spec.replics = 3;
  deployment.spec.template.spec.containers[0].imagePulPolicy = 'Always';
  const deploymentsPath = '/apis/apps/v1/namespaces/default/deployments';
  const both = 'unknown field "spec.template.spec.containers[0].imagePulPolicy", unknown field "spec.replics"';
  const strict = await call(cluster, 'POST', `${deploymentsPath}?fieldValidation=Strict`, deployment);
  expect(strict).toMatchObject({status: 400, body: {reason: 'BadRequest', message: expect.stringContaining(both)}});
  const init = {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(deployment)};
  const warned = await fetch(cluster.url + deploymentsPath, init);
  expect(warned.headers.get('warning')).toBe(
    both
      .split(', ')
      .map((text) => `299 - ${JSON.stringify(text)}`)
      .join(', '),
  );
  expect(await warned.json()).not.toHaveProperty('spec.replics');
  const web = `${deploymentsPath}/web`;
  const patch = {spec: {replics: 0}};
  for (const [type, path] of [
    ['application/merge-patch+json', web],
    ['application/strategic-merge-patch+json', web],
    ['application/merge-patch+json', `${web}/scale`],
  ] as const) {
    const answer = await call(cluster, 'PATCH', `${path}?fieldValidation=Strict`, patch, {'content-type': type});
    expect(answer).toMatchObject({
      status: 422,
      body: {message: expect.stringMatching(/unknown field "spec.replics"$/)},
    });
  }
  const applied = await call(cluster, 'PATCH', `${web}?fieldManager=t`, deployment, apply);
  expect(applied).toMatchObject({
    status: 500,
    body: {message: expect.stringContaining('field not declared in schema')},
  });
});

test('a list comes in pages of one revision, and a spent token is gone', async () => {
  await using cluster = await practice();
  for (const name of ['a', 'b', 'c', 'd'])
    await call(cluster, 'POST', configMaps, configMap(name, {}, {labels: {t: 'x'}}));
  const first = await call(cluster, 'GET', `${configMaps}?limit=3&labelSelector=t%3Dx`);
  // How many are left is told only where nothing is selected.
  expect(first.body.metadata.remainingItemCount).toBeUndefined();
  expect((await call(cluster, 'GET', `${configMaps}?limit=3`)).body.metadata.remainingItemCount).toBe(2);
  await call(cluster, 'DELETE', `${configMaps}/d`);
  const second = await call(cluster, 'GET', `${configMaps}?limit=3&continue=${first.body.metadata.continue}`);
  expect(second.body.items.map((each: Loose) => each.metadata.name)).toEqual(['d']);
  expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
  const none = await call(cluster, 'GET', `${configMaps}?limit=3&continue=none`);
  expect(none).toMatchObject({status: 400, body: {reason: 'BadRequest'}});
  const future = await call(cluster, 'GET', `${configMaps}?resourceVersion=999999&resourceVersionMatch=NotOlderThan`);
  expect(future).toMatchObject({status: 504, body: {reason: 'Timeout'}});
});

test('permissions can be taken away: the review and the request agree', async () => {
  await using cluster = await practice({deny: ({verb, resource}) => verb === 'delete' && resource === 'pods'});
  const review = async (verb: string) => {
    const spec = {resourceAttributes: {verb, resource: 'pods', namespace: 'kube-system'}};
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    return (await call(cluster, 'POST', path, {spec})).body.status.allowed;
  };
  expect([await review('delete'), await review('list')]).toEqual([false, true]);
  const refused = await call(cluster, 'DELETE', '/api/v1/namespaces/kube-system/pods/x');
  expect(refused.body).toMatchObject({code: 403, reason: 'Forbidden'});
  expect(refused.body.message).toContain(
    'cannot delete resource "pods" in API group "" in the namespace "kube-system"',
  );
});

test('server-side apply keeps owners apart, and takes away what its manager no longer wants', async () => {
  await using cluster = await practice();
  const path = (manager: string, force = false) => `${configMaps}/a?fieldManager=${manager}&force=${force}`;
  expect((await call(cluster, 'PATCH', path('one'), configMap('a', {x: '1', y: '1'}), apply)).status).toBe(201);
  expect((await call(cluster, 'PATCH', path('two'), configMap('a', {z: '1'}), apply)).body.data).toEqual({
    x: '1',
    y: '1',
    z: '1',
  });
  const conflict = await call(cluster, 'PATCH', path('two'), configMap('a', {x: '2', z: '1'}), apply);
  expect(conflict).toMatchObject({
    status: 409,
    body: {details: {causes: [{reason: 'FieldManagerConflict', field: '.data.x'}]}},
  });
  const forced = await call(cluster, 'PATCH', path('two', true), configMap('a', {x: '2', z: '1'}), apply);
  expect(forced.body.data).toEqual({x: '2', y: '1', z: '1'});
  const owners = forced.body.metadata.managedFields.map((each: Loose) => [
    each.manager,
    Object.keys(each.fieldsV1['f:data']),
  ]);
  expect(owners).toEqual([
    ['one', ['f:y']],
    ['two', ['f:x', 'f:z']],
  ]);
  const dropped = await call(cluster, 'PATCH', path('one'), configMap('a', {}), apply);
  expect(dropped.body.data).toEqual({x: '2', z: '1'});
  const again = await call(cluster, 'PATCH', path('one'), configMap('a', {}), apply);
  expect(again.body.metadata.resourceVersion).toBe(dropped.body.metadata.resourceVersion);
});

test('finalizers hold an object, and the last one lets it go', async () => {
  await using cluster = await practice();
  await call(cluster, 'POST', configMaps, configMap('a', {}, {finalizers: ['example.org/hold']}));
  const marked = await call(cluster, 'DELETE', `${configMaps}/a`);
  expect(marked.body.metadata.deletionTimestamp).toBeDefined();
  expect((await call(cluster, 'GET', `${configMaps}/a`)).status).toBe(200);
  await call(cluster, 'PATCH', `${configMaps}/a`, {metadata: {finalizers: null}}, merge);
  expect((await call(cluster, 'GET', `${configMaps}/a`)).status).toBe(404);
});

test('dependents follow their owner, before it, after it or not at all', async () => {
  await using cluster = await practice();
  const deployments = '/apis/apps/v1/namespaces/default/deployments';
  const count = async (path: string) => (await call(cluster, 'GET', `${path}?labelSelector=app=web`)).body.items.length;
  const sets = '/apis/apps/v1/namespaces/default/replicasets';
  const pods = '/api/v1/namespaces/default/pods';
  for (const policy of ['Background', 'Foreground']) {
    await call(cluster, 'POST', deployments, webApp('default').deployment);
    await until(
      () => count(pods),
      (found) => found === 2,
    );
    await call(cluster, 'DELETE', `${deployments}/web?propagationPolicy=${policy}`);
    await until(
      async () => (await count(deployments)) + (await count(sets)) + (await count(pods)),
      (left) => left === 0,
    );
  }
  await call(cluster, 'POST', deployments, webApp('default').deployment);
  await until(
    () => count(pods),
    (found) => found === 2,
  );
  await call(cluster, 'DELETE', `${deployments}/web?propagationPolicy=Orphan`);
  await until(
    () => count(deployments),
    (left) => left === 0,
  );
  const left = await call(cluster, 'GET', `${sets}?labelSelector=app=web`);
  expect(left.body.items.map((each: Loose) => each.metadata.ownerReferences ?? [])).toEqual([[]]);
  expect(await count(pods)).toBe(2);
  const owner = {apiVersion: 'v1', kind: 'ConfigMap', name: 'never', uid: '00000000-0000-0000-0000-000000000000'};
  await call(cluster, 'POST', configMaps, configMap('child', {}, {ownerReferences: [owner]}));
  await until(
    () => call(cluster, 'GET', `${configMaps}/child`),
    ({status}) => status === 404,
  );
});

test('a namespace takes its content with it, and says what it waits for', async () => {
  await using cluster = await practice();
  await call(cluster, 'POST', '/api/v1/namespaces', {metadata: {name: 'shop'}});
  await until(
    () => call(cluster, 'GET', '/api/v1/namespaces/shop/configmaps/kube-root-ca.crt'),
    ({status}) => status === 200,
  );
  const held = configMap('held', {}, {finalizers: ['example.org/hold']});
  await call(cluster, 'POST', '/api/v1/namespaces/shop/configmaps', held);
  await call(cluster, 'POST', '/apis/apps/v1/namespaces/shop/deployments', webApp('shop').deployment);
  const deleted = await call(cluster, 'DELETE', '/api/v1/namespaces/shop');
  expect(deleted.body.status.phase).toBe('Terminating');
  const refused = await call(cluster, 'POST', '/api/v1/namespaces/shop/configmaps', configMap('late'));
  expect(refused.body).toMatchObject({code: 403, details: {causes: [{reason: 'NamespaceTerminating'}]}});
  const waiting = await until(
    () => call(cluster, 'GET', '/api/v1/namespaces/shop'),
    ({body}) => /configmaps\. has 1 resource/.test(JSON.stringify(body.status.conditions ?? [])),
  );
  expect(JSON.stringify(waiting.body.status.conditions)).toContain('example.org/hold in 1 resource instances');
  await call(cluster, 'PATCH', '/api/v1/namespaces/shop/configmaps/held', {metadata: {finalizers: null}}, merge);
  await until(
    () => call(cluster, 'GET', '/api/v1/namespaces/shop'),
    ({status}) => status === 404,
  );
});

test('an eviction asks the disruption budget', async () => {
  await using cluster = await practice();
  const pods = '/api/v1/namespaces/kube-system/pods';
  const budget = {metadata: {name: 'dns'}, spec: {minAvailable: 2, selector: {matchLabels: {'k8s-app': 'kube-dns'}}}};
  await call(cluster, 'POST', '/apis/policy/v1/namespaces/kube-system/poddisruptionbudgets', budget);
  const {body} = await call(cluster, 'GET', `${pods}?labelSelector=k8s-app=kube-dns`);
  const {name} = body.items[0].metadata;
  const path = `${pods}/${name}/eviction`;
  const eviction = {apiVersion: 'policy/v1', kind: 'Eviction', metadata: {name}};
  const blocked = await call(cluster, 'POST', path, eviction);
  expect(blocked).toMatchObject({status: 429, body: {details: {causes: [{reason: 'DisruptionBudget'}]}}});
  await call(cluster, 'DELETE', '/apis/policy/v1/namespaces/kube-system/poddisruptionbudgets/dns');
  expect((await call(cluster, 'POST', path, eviction)).status).toBe(201);
});

test('the scale subresource moves a Deployment', async () => {
  await using cluster = await practice();
  const path = '/apis/apps/v1/namespaces/kube-system/deployments/coredns/scale';
  const scale = await call(cluster, 'GET', path);
  expect(scale.body).toMatchObject({
    kind: 'Scale',
    spec: {replicas: 2},
    status: {replicas: 2, selector: 'k8s-app=kube-dns'},
  });
  const wrong = {...scale.body, metadata: {...scale.body.metadata, resourceVersion: '1'}, spec: {replicas: 3}};
  expect((await call(cluster, 'PUT', path, wrong)).status).toBe(409);
  expect((await call(cluster, 'PUT', path, {...scale.body, spec: {replicas: 3}})).body.spec.replicas).toBe(3);
  const deployment = '/apis/apps/v1/namespaces/kube-system/deployments/coredns';
  await until(
    () => call(cluster, 'GET', deployment),
    ({body}) => body.status.readyReplicas === 3,
  );
});
