import {beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {atRest} from './rest.ts';
import {clusters, kubectl, kubedrill, residue} from './support.ts';

const image = ['--var', 'image=kubedrill/toolbox:dev'];
const kubeconfig = clusters.multi;
const closed = async () =>
  (await kubectl(kubeconfig, 'get', 'nodes', '--field-selector', 'spec.unschedulable=true', '-o', 'name')).trim();

describe('on the kind cluster "multi"', () => {
  beforeAll(async () => {
    expect(kubeconfig, 'KUBEDRILL_E2E_MULTI names no kubeconfig').not.toBe('');
    expect(await residue(kubeconfig)).toBe('');
    expect(await closed()).toBe('');
  });
  beforeEach(() => atRest(kubeconfig));

  it('node-drain-pdb passes: the budget said no, nobody noticed, and the node is open again', async () => {
    const run = await kubedrill(['run', 'node-drain-pdb', ...image], {kubeconfig});
    expect(run.stdout + run.stderr).toMatch(/PASSED/);
    expect(run.exitCode).toBe(0);
    const refused = run.entries.filter((entry) => entry.type === 'mutation.failed');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.error.message).toContain("violate the pod's disruption budget");
    const effect = run.entries.find((entry) => entry.type === 'effect.seen');
    // Two of the application, and what else happened to be there.
    expect(effect).toMatchObject({seen: true, detail: expect.stringMatching(/^([2-9]) of \1 old pods are gone/)});
    expect(await closed()).toBe('');
    expect(await residue(kubeconfig)).toBe('');
  });

  it('a node that was closed before the drain stays closed', async () => {
    // Of two workers, the first by name is drained, and only the second one takes the pods.
    const [first = ''] = (
      await kubectl(kubeconfig, 'get', 'nodes', '-l', '!node-role.kubernetes.io/control-plane', '-o', 'name')
    ).split('\n');
    await kubectl(kubeconfig, 'cordon', first);
    try {
      const run = await kubedrill(['run', 'node-drain-pdb', ...image], {kubeconfig});
      // With one worker closed, the application cannot be on two nodes: nothing is drained.
      expect(run.exitCode).toBe(3);
      expect(run.entries.filter((entry) => entry.type === 'mutation.intent' && entry.role === 'fault')).toEqual([]);
      expect(await closed()).toBe(first);
    } finally {
      await kubectl(kubeconfig, 'uncordon', first);
    }
    expect(await residue(kubeconfig)).toBe('');
  });

  it('deny-all-ingress measures the outage that the policy makes', async () => {
    const run = await kubedrill(['run', 'deny-all-ingress', ...image], {kubeconfig});
    expect(run.stdout + run.stderr).toMatch(/PASSED/);
    expect(run.exitCode).toBe(0);
    // The scenario waits for 5 s before it takes the policy back.
    expect(run.report.objectives[0].figure.upper).toBeGreaterThanOrEqual(5000);
    const policies = await kubectl(kubeconfig, 'get', 'networkpolicies', '-A', '-l', 'kubedrill.dev/run', '-o', 'name');
    expect(policies).toBe('');
    expect(await residue(kubeconfig)).toBe('');
  });
});
