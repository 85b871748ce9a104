import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {atRest} from './rest.ts';
import {clusters, type Finished, kubectl, kubedrill, residue} from './support.ts';

const proven = ({entries}: Finished) =>
  entries.filter((entry) => entry.type === 'effect.seen').every(({seen}) => seen) &&
  entries.some((entry) => entry.type === 'effect.seen');

const samplesOf = ({entries}: Finished) => entries.filter((entry) => entry.type === 'series.opened').length;

describe.each(Object.entries(clusters))('on the kind cluster "%s"', (name, kubeconfig) => {
  beforeAll(async () => {
    expect(kubeconfig, `KUBEDRILL_E2E_${name.toUpperCase()} names no kubeconfig`).not.toBe('');
    expect(await residue(kubeconfig)).toBe('');
  });
  beforeEach(() => atRest(kubeconfig));

  it('kill-coredns passes, proves its effect, and leaves nothing behind', async () => {
    const before = await kubectl(
      kubeconfig,
      '-n',
      'kube-system',
      'get',
      'pods',
      '-l',
      'k8s-app=kube-dns',
      '-o',
      'name',
    );
    const run = await kubedrill(['run', 'kill-coredns'], {kubeconfig});
    expect(run.stdout + run.stderr).toMatch(/PASSED/);
    expect(run.exitCode).toBe(0);
    expect(proven(run)).toBe(true);
    const nodes = (await kubectl(kubeconfig, 'get', 'nodes', '-o', 'name')).split('\n').length;
    expect(samplesOf(run), 'UDP and TCP on each node').toBe(2 * nodes);
    const after = await kubectl(kubeconfig, '-n', 'kube-system', 'get', 'pods', '-l', 'k8s-app=kube-dns', '-o', 'name');
    for (const pod of before.split('\n')) expect(after).not.toContain(pod);
    expect(await residue(kubeconfig)).toBe('');
  });

  it('kill-one-coredns-pod passes: nobody noticed', async () => {
    const run = await kubedrill(['run', 'kill-one-coredns-pod'], {kubeconfig});
    expect(run.stdout + run.stderr).toMatch(/PASSED/);
    expect(run.exitCode).toBe(0);
    expect(proven(run)).toBe(true);
    expect(await residue(kubeconfig)).toBe('');
  });

  it('scale-to-zero measures the whole outage', async () => {
    const args = ['run', 'scale-to-zero', '--var', 'image=kubedrill/toolbox:dev'];
    const run = await kubedrill(args, {kubeconfig});
    expect(run.stdout + run.stderr).toMatch(/PASSED/);
    expect(run.exitCode).toBe(0);
    const rto = run.report.objectives[0].figure;
    // The scenario waits for 5 s before it takes the fault back: the outage cannot have been shorter.
    expect(rto.upper).toBeGreaterThanOrEqual(5000);
    expect(rto.lower).toBeGreaterThan(4000);
    expect(await residue(kubeconfig)).toBe('');
  });
});

describe('on the kind cluster "single"', () => {
  const kubeconfig = clusters.single;
  beforeEach(() => atRest(kubeconfig));

  it('renders a report again from its folder, byte for byte', async () => {
    const run = await kubedrill(['run', 'kill-one-coredns-pod'], {kubeconfig});
    const files = ['report.md', 'report.json'];
    const first = await Promise.all(files.map((file) => readFile(join(run.folder, file))));
    const again = await kubedrill(['report', run.folder], {kubeconfig: '', reports: run.reports});
    expect(again.exitCode).toBe(0);
    const second = await Promise.all(files.map((file) => readFile(join(run.folder, file))));
    for (const [index, content] of first.entries()) expect(content.equals(second[index] ?? Buffer.alloc(0))).toBe(true);
  });

  it.each([
    ['SIGINT', 130, /phase steady/],
    ['SIGTERM', 143, /phase recover/],
  ] as const)('%s ends a drill, undone and reported, with exit code %i', async (signal, exitCode, line) => {
    const args = ['run', 'scale-to-zero', '--var', 'image=kubedrill/toolbox:dev'];
    const run = await kubedrill(args, {kubeconfig, on: {line, act: (child) => child.kill(signal)}});
    expect(run.stdout).toMatch(/ABORTED/);
    expect(run.exitCode).toBe(exitCode);
    expect(await residue(kubeconfig)).toBe('');
  });

  it('refuses a second drill while one is running, and names its holder', async () => {
    const first = kubedrill(['run', 'kill-one-coredns-pod', '--operator', 'ada'], {
      kubeconfig,
      on: {
        line: /phase steady/,
        act: () => {
          second = kubedrill(['run', 'kill-one-coredns-pod', '--operator', 'grace'], {kubeconfig});
        },
      },
    });
    let second: Promise<Finished> | undefined;
    expect((await first).exitCode).toBe(0);
    const refused = await second;
    expect(refused?.exitCode).toBe(3);
    expect(refused?.stdout).toMatch(/REFUSED.*another drill is running.*ada/i);
    expect(await residue(kubeconfig)).toBe('');
  });
});
