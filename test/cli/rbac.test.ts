import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {beforeEach, describe, expect, test} from 'vitest';
import {startFakeApi} from '../support/api-server.ts';
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

describe('custom resources', () => {
  const crd = `{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: podchaos.chaos.example.org},
    spec: {group: chaos.example.org, scope: Namespaced, names: {kind: PodChaos, plural: podchaos},
    versions: [{name: v1, served: true, storage: true}]}}`;
  const scenario = (prepare: string) => `
apiVersion: kubedrill.dev/v1
kind: Scenario
metadata: {name: chaos, title: Chaos, owner: tests}
spec:
  type: disaster
  target: {environments: [practice], maxTargets: 1}
  ${prepare}
  probes: [{name: quiet, uses: kubernetes/object, from: runner, every: 1s, with: {apiVersion: chaos.example.org/v1, kind: PodChaos, namespace: shop, allowEmpty: true}}]
  services: {quiet: {up: [quiet], outage: required}}
  objectives: [{rto: 30s, of: quiet, from: fault, source: test}]
  inject: [{id: kill, uses: object/apply, with: {inline: {apiVersion: chaos.example.org/v1, kind: PodChaos, metadata: {name: kill, namespace: shop}}}}]
  recover: [{undo: kill}]
  verify: {within: 1m}
  stopWhen: {none: a test}
`;
  const called = (stdout: string) => [
    ...new Set(
      grantsOf(objectsOf(stdout))
        .filter(({group}) => group === 'chaos.example.org')
        .map(({resource}) => resource),
    ),
  ];
  let cwd: string;
  beforeEach(async () => {
    cwd = await temporaryFolder();
    await writeFile(join(cwd, 'drill.yaml'), scenario(''));
  });

  test('are called as their definition in the scenario says', async () => {
    const prepare = `prepare: [{id: crd, uses: object/apply, with: {inline: [${crd}]}}]`;
    await writeFile(join(cwd, 'drill.yaml'), scenario(prepare));
    const {code, stdout} = await kubedrill(['rbac', 'drill.yaml'], {cwd});
    expect({code, called: called(stdout)}).toEqual({code: 0, called: ['podchaos']});
    expect(stdout).not.toContain('--discover');
  });

  test('are guessed where nobody says it, and the guess is told', async () => {
    const {code, stdout} = await kubedrill(['rbac', 'drill.yaml'], {cwd});
    expect({code, called: called(stdout)}).toEqual({code: 0, called: ['podchaoses']});
    expect(stdout).toContain('# - PodChaos of chaos.example.org is called podchaoses');
  });

  test('--discover asks the cluster', async () => {
    const api = await startFakeApi();
    api.on('GET', '/apis/chaos.example.org/v1', {
      body: {kind: 'APIResourceList', resources: [{name: 'podchaos', kind: 'PodChaos', namespaced: true}]},
    });
    await writeFile(join(cwd, 'kubeconfig'), api.kubeconfig);
    const {code, stdout} = await kubedrill(['rbac', 'drill.yaml', '--discover', '--kubeconfig', 'kubeconfig'], {
      cwd,
    });
    await api.stop();
    expect({code, called: called(stdout)}).toEqual({code: 0, called: ['podchaos']});
    expect(stdout).not.toContain('is called');
  });
});
