import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {atRest} from './rest.ts';
import {clusters, kubectl, kubedrill, residue} from './support.ts';

const kubeconfig = clusters.single;
const namespace = 'owners';

/** What Kubernetes' controllers do here that the practice cluster does not have. */
const manifests = `
{apiVersion: v1, kind: Namespace, metadata: {name: ${namespace}}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: nightly, namespace: ${namespace}}
spec:
  backoffLimit: 1
  template:
    metadata: {labels: {app: nightly}}
    spec:
      restartPolicy: OnFailure
      terminationGracePeriodSeconds: 1
      containers: [{name: c, image: "kubedrill/toolbox:dev", imagePullPolicy: IfNotPresent, command: [sleep, "3600"]}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: part, namespace: ${namespace}}
spec:
  serviceName: part
  replicas: 2
  podManagementPolicy: Parallel
  updateStrategy: {rollingUpdate: {partition: 1}}
  selector: {matchLabels: {app: part}}
  template:
    metadata: {labels: {app: part}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: c, image: "kubedrill/toolbox:dev", imagePullPolicy: IfNotPresent, command: [sleep, "3600"]}]
`;

const scenario = (name: string, inject: string) => `
apiVersion: kubedrill.dev/v1
kind: Scenario
metadata: {name: ${name}, title: ${name}, owner: tests}
spec:
  type: redundancy
  target: {environments: [ephemeral], maxTargets: 2}
  accept: [{loss: objects, of: [Pod], reason: a Job's work is done again}]
  probes: [{name: api, uses: kubernetes/api, from: runner, every: 1s}]
  services: {api: {up: [api], outage: none}}
  inject: [${inject}]
  verify: {within: 1m, stableFor: 1s, checks: [{name: api, uses: kubernetes/api, states: {before: pass, broken: skip, after: pass}, control: unknownPath}]}
  stopWhen: [{service: api, downFor: 10s}]
`;

describe('owners of pods, on the kind cluster "single"', () => {
  let folder: string;
  beforeEach(async () => {
    expect(kubeconfig, 'KUBEDRILL_E2E_SINGLE names no kubeconfig').not.toBe('');
    await atRest(kubeconfig);
    folder = await mkdtemp(join(tmpdir(), 'kubedrill-owners-'));
    await writeFile(join(folder, 'manifests.yaml'), manifests);
    await kubectl(kubeconfig, 'apply', '-f', join(folder, 'manifests.yaml'));
    await kubectl(kubeconfig, '-n', namespace, 'rollout', 'status', 'statefulset/part', '--timeout=90s');
    await kubectl(
      kubeconfig,
      '-n',
      namespace,
      'wait',
      '--for=jsonpath={.status.ready}=1',
      'job/nightly',
      '--timeout=90s',
    );
  });
  afterEach(async () => {
    await kubectl(kubeconfig, 'delete', 'namespace', namespace, '--timeout=90s', '--ignore-not-found');
    await rm(folder, {recursive: true});
  });

  const play = async (name: string, inject: string) => {
    const file = join(folder, `${name}.yaml`);
    await writeFile(file, scenario(name, inject));
    return await kubedrill(['run', file], {kubeconfig});
  };
  const pods = `{id: f, uses: pod/delete, with: {namespace: ${namespace}, selector: app=nightly, gracePeriod: 0s}}`;

  it("a Job's pod goes by consent and has healed when the Job has made another; the last retry is not taken", async () => {
    const run = await play('job', pods);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stderr).toContain(`healed: Job ${namespace}/nightly has 1 of 1 pods ready`);
    const again = await play('again', pods);
    expect(again.exitCode).toBe(3);
    expect(again.stderr + again.stdout).toContain('has 0 retries left, and would fail for good');
    expect(await residue(kubeconfig)).toBe('');
  });

  it('what the partition of a StatefulSet keeps is neither counted nor waited for', async () => {
    const old = await kubectl(kubeconfig, '-n', namespace, 'get', 'pod', 'part-0', '-o', 'jsonpath={.metadata.uid}');
    const run = await play(
      'part',
      `{id: f, uses: deployment/restart, with: {namespace: ${namespace}, name: part, kind: StatefulSet}}`,
    );
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stderr).toContain('effect seen: 1 of 1 old pods are gone');
    expect(await kubectl(kubeconfig, '-n', namespace, 'get', 'pod', 'part-0', '-o', 'jsonpath={.metadata.uid}')).toBe(
      old,
    );
    expect(await residue(kubeconfig)).toBe('');
  });
});
