import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {execa} from 'execa';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import {type CountingFront, countingFront} from '../support/counting-front.ts';
import {type Grant, grantsOf, objectsOf} from '../support/rbac.ts';
import {atRest} from './rest.ts';
import {clusters, kubectl, kubedrill, residue} from './support.ts';

const {single, multi} = clusters;
const account = {namespace: 'kubedrill', name: 'least'};
const vars = ['--var', 'image=kubedrill/toolbox:dev'];

/** Every shipped scenario, the cluster that it needs, and how it ends there. */
const scenarios = [
  {name: 'kill-coredns', kubeconfig: single, extra: []},
  {name: 'kill-one-coredns-pod', kubeconfig: single, extra: []},
  {name: 'scale-to-zero', kubeconfig: single, extra: vars},
  {name: 'deny-all-ingress', kubeconfig: single, extra: vars},
  {name: 'node-drain-pdb', kubeconfig: multi, extra: vars},
];

const apply = (kubeconfig: string, input: string) =>
  execa('kubectl', ['apply', '-f', '-'], {env: {KUBECONFIG: kubeconfig}, input});

/** What rbac prints for a scenario, given to the cluster. */
async function grant(kubeconfig: string, name: string, extra: readonly string[]): Promise<string> {
  const args = ['rbac', name, '--service-account', `${account.namespace}:${account.name}`, ...extra];
  const {stdout, exitCode} = await kubedrill(args, {kubeconfig: '', bare: true});
  expect(exitCode).toBe(0);
  await apply(kubeconfig, stdout);
  return stdout;
}

/** A way to the cluster as the ServiceAccount that counts what is forbidden. */
async function asAccount(kubeconfig: string): Promise<{front: CountingFront; file: string}> {
  const config = parse(await kubectl(kubeconfig, 'config', 'view', '--raw', '--minify'));
  const {server, 'certificate-authority-data': ca} = config.clusters[0].cluster;
  const token = await kubectl(kubeconfig, '-n', account.namespace, 'create', 'token', account.name);
  const front = await countingFront({server, ca: Buffer.from(ca, 'base64').toString(), token});
  const file = join(await mkdtemp(join(tmpdir(), 'kubedrill-rbac-')), 'kubeconfig');
  await writeFile(file, front.kubeconfig);
  return {front, file};
}

/** Waits until the API server's authorizer has seen a change of roles. */
async function untilDenied(kubeconfig: string, {verb, group, resource, namespace, name}: Grant): Promise<void> {
  const [plural = '', sub] = resource.split('/');
  const attributes = {
    verb,
    group,
    resource: plural,
    ...(sub && {subresource: sub}),
    ...(namespace && {namespace}),
    ...(name && {name}),
  };
  const user = `system:serviceaccount:${account.namespace}:${account.name}`;
  const groups = ['system:authenticated', 'system:serviceaccounts'];
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {user, groups, resourceAttributes: attributes},
  };
  for (let allowed = true; allowed; ) {
    const {stdout} = await execa('kubectl', ['create', '-f', '-', '-o', 'json'], {
      env: {KUBECONFIG: kubeconfig},
      input: JSON.stringify(review),
    });
    allowed = JSON.parse(stdout).status.allowed;
  }
}

const described = ({verb, group, resource}: Grant): string => {
  const [plural = '', sub] = resource.split('/');
  return `${verb} ${plural}${group === '' ? '' : `.${group}`}${sub === undefined ? '' : `/${sub}`}`;
};

describe.each(scenarios)('$name, as a ServiceAccount with what rbac prints', ({name, kubeconfig, extra}) => {
  let granted = '';
  beforeAll(async () => {
    expect(kubeconfig, 'KUBEDRILL_E2E_SINGLE and KUBEDRILL_E2E_MULTI name the kubeconfigs').not.toBe('');
    expect(await residue(kubeconfig)).toBe('');
  });
  beforeEach(() => atRest(kubeconfig));
  afterEach(async () => {
    const kubectlDelete = ['delete', '--ignore-not-found', '--wait', '-f', '-'];
    if (granted !== '') await execa('kubectl', kubectlDelete, {env: {KUBECONFIG: kubeconfig}, input: granted});
    expect(await residue(kubeconfig)).toBe('');
  });

  it('runs, and nothing is forbidden', async () => {
    granted = await grant(kubeconfig, name, extra);
    const {front, file} = await asAccount(kubeconfig);
    await using _front = front;
    const run = await kubedrill(['run', name, ...extra], {kubeconfig: file});
    expect(front.forbidden).toEqual([]);
    expect(front.calls()).toBeGreaterThan(50);
    expect(run.stdout + run.stderr).toMatch(/PASSED/);
    expect(run.exitCode).toBe(0);
  });

  it('is refused, and what is missing is named, without any one of the rules', async () => {
    granted = await grant(kubeconfig, name, extra);
    const {front, file} = await asAccount(kubeconfig);
    await using _front = front;
    const objects = objectsOf(granted) as {kind: string; rules?: unknown[]}[];
    for (const role of objects.filter(({rules}) => rules !== undefined)) {
      for (const rule of role.rules ?? []) {
        const without = {...role, rules: role.rules?.filter((other) => other !== rule)};
        const lost = grantsOf([{...role, rules: [rule]} as never]);
        await apply(kubeconfig, JSON.stringify(without));
        const [first] = lost;
        if (first) await untilDenied(kubeconfig, first);
        const planned = await kubedrill(['plan', name, ...extra], {kubeconfig: file});
        const said = planned.stdout + planned.stderr;
        expect([planned.exitCode, said]).toEqual([
          3,
          expect.stringMatching(/missing: |cannot get resource "namespaces"/),
        ]);
        // Without the identity of the cluster there is no plan: that one is told in the API server's words.
        if (lost.every((one) => one.name !== 'kube-system') && !said.includes('cannot get resource "namespaces"')) {
          for (const one of lost) expect(said).toContain(`missing: ${described(one)}`);
        }
        await apply(kubeconfig, JSON.stringify(role));
      }
    }
  });
});
