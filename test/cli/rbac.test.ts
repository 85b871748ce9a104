import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {kubedrill, temporaryFolder} from '../support/kubedrill.ts';
import {grantsOf, objectsOf} from '../support/rbac.ts';

test('rbac prints what kubectl can apply, with its assumptions on top', async () => {
  const {code, stdout, stderr} = await kubedrill(['rbac', 'kill-coredns', '--service-account', 'ops:drills']);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  expect(stdout).toMatch(/^# For kill-coredns, as ops:drills\. Assumed/);
  const objects = objectsOf(stdout);
  expect(objects.map(({kind}) => kind)).toEqual([
    'Namespace',
    'ServiceAccount',
    'Role',
    'RoleBinding',
    'Role',
    'RoleBinding',
    'ClusterRole',
    'ClusterRoleBinding',
  ]);
  expect(objects[1]?.metadata).toEqual({namespace: 'ops', name: 'drills'});
  const grants = grantsOf(objects);
  expect(grants).toContainEqual({verb: 'delete', group: '', resource: 'pods', namespace: 'kube-system'});
  // Nothing wider than that: neither deletes in every namespace, nor the right to make namespaces.
  expect(grants.filter(({verb, namespace}) => verb === 'delete' && namespace === undefined)).toEqual([]);
  expect(grants.filter(({verb, resource}) => verb === 'create' && resource === 'namespaces')).toEqual([]);
});

test('--in-pod, -n and several scenarios', async () => {
  const args = ['rbac', 'kill-coredns', 'scale-to-zero', '--in-pod', '--service-account', 'ops:drills', '-o', 'json'];
  const {code, stdout} = await kubedrill(args);
  expect(code).toBe(0);
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({apiVersion: 'kubedrill.dev/v1', kind: 'Rbac'});
  expect(grantsOf(document.objects)).toContainEqual({verb: 'get', group: '', resource: 'pods', namespace: 'ops'});
  expect(document.assumed.join('\n')).toContain('kubedrill-scale-to-zero is made by a drill');
  // A Role in a namespace that only the drill makes could not be applied.
  const places = document.objects.map(({metadata}: {metadata: {namespace?: string}}) => metadata.namespace);
  expect(places).not.toContain('kubedrill-scale-to-zero');
});

test('what an action needs of manifests in files is read from them; a missing file is told', async () => {
  const cwd = await temporaryFolder();
  const scenario = `
apiVersion: kubedrill.dev/v1
kind: Scenario
metadata: {name: files, title: Files, owner: tests}
spec:
  type: redundancy
  target: {environments: [practice], maxTargets: 1}
  prepare: [{id: app, uses: object/apply, with: {files: [app.yaml]}}]
  probes: [{name: web, uses: tcp, from: runner, every: 1s, with: {address: "localhost:80"}}]
  services: {web: {up: [web]}}
  inject: [{id: kill, uses: pod/delete, with: {namespace: shop, selector: app=web, count: 1}}]
  verify: {within: 1m}
  stopWhen: {none: a test}
`;
  await writeFile(join(cwd, 'files.yaml'), scenario);
  const missing = await kubedrill(['rbac', 'files.yaml'], {cwd});
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('app.yaml, named in files.yaml, cannot be read');
  await writeFile(join(cwd, 'app.yaml'), 'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c, namespace: shop}\n');
  const {code, stdout} = await kubedrill(['rbac', 'files.yaml'], {cwd});
  expect(code).toBe(0);
  expect(grantsOf(objectsOf(stdout))).toContainEqual({
    verb: 'patch',
    group: 'batch',
    resource: 'cronjobs',
    namespace: 'shop',
  });
});

test('a service account is named by namespace and name', async () => {
  const {code, stderr} = await kubedrill(['rbac', 'kill-coredns', '--service-account', 'drills']);
  expect(code).toBe(2);
  expect(stderr).toContain('namespace:name');
});
