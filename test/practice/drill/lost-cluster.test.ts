import {rm} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {startPracticeCluster} from '../../../src/cli/support/practice.ts';
import {playOn} from '../../support/drill.ts';
import {temporaryFolder} from '../../support/kubedrill.ts';
import {quick} from '../../support/practice.ts';
import {startProxy} from '../../support/proxy.ts';

const scenario = `
apiVersion: kubedrill.dev/v1
kind: Scenario
metadata: {name: lost, title: A cluster that goes away, owner: tests}
spec:
  type: disaster
  target: {environments: [practice], maxTargets: 1, allowProtected: [{namespace: kube-system, kind: Pod, selector: k8s-app=kube-dns, reason: a test}]}
  probes:
    - {name: api, uses: kubernetes/api, from: runner, every: 50ms}
  services: {api: {up: [api], outage: possible}}
  objectives: [{rto: 10s, of: api, from: fault, source: a test}]
  steady: {for: 300ms}
  inject: [{id: kill, uses: pod/delete, with: {namespace: kube-system, selector: k8s-app=kube-dns, count: 1}}]
  verify:
    within: 12s
    stableFor: 300ms
    checks: [{name: there are pods, uses: kubernetes/object, with: {apiVersion: v1, kind: Pod, namespace: kube-system, selector: k8s-app=kube-dns}, states: {before: pass, broken: skip, after: pass}, control: absent}]
  stopWhen: {none: a test}
`;

test('a cluster that is lost before the fault is an error, and no unsteady service', async () => {
  const cluster = await startPracticeCluster({seed: 1, latency: quick});
  const proxy = await startProxy(cluster);
  const folder = await temporaryFolder();
  try {
    const played = await playOn(proxy.cluster, folder, scenario, {
      onEntry: (entry) => {
        if (entry.type === 'phase.entered' && entry.phase === 'steady') proxy.when({}, ({cut}) => cut());
        // It is back for the undo.
        if (entry.type === 'stopped') proxy.clear();
      },
    });
    expect(played).toMatchObject({verdict: 'error', cleanup: 'clean', exitCode: 5, residue: []});
    expect(played.sentence).toContain('The cluster was lost before the fault');
    expect(played.entries.some((entry) => entry.type === 'stopped' && entry.cause === 'clusterLost')).toBe(true);
  } finally {
    await proxy[Symbol.asyncDispose]();
    await cluster.stop();
    await rm(folder, {recursive: true, force: true});
  }
});
