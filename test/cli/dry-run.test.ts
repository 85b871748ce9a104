import {cp, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {kubedrill, output, root, start, temporaryFolder} from '../support/kubedrill.ts';

const dryRun = ['run', '--dry-run=server'];

test('run --dry-run=server is the plan with what the API server says to each write, and changes nothing', async () => {
  const cwd = await temporaryFolder();
  const {code, stdout, stderr} = await kubedrill([...dryRun, '--practice', 'kill-coredns'], {cwd});
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  expect(stdout).toContain('inject.0 kill: pod/delete, undo platform/heals');
  expect(stdout).toMatch(/Dry run: [^\n]+ nothing was changed\n {2}inject\.0 +pod\/delete +2 writes would be taken\n/);
  expect(stdout).toContain('run would go ahead');
  expect(await readdir(cwd)).toEqual([]);
});

test('several scenarios, and a folder of them, as one document', async () => {
  const cwd = await temporaryFolder();
  await cp(join(root, 'scenarios'), join(cwd, 'drills'), {recursive: true});
  const two = await kubedrill([...dryRun, '--practice', 'kill-coredns', 'scale-to-zero', '-o', 'json'], {cwd});
  expect(two.code).toBe(0);
  const document = JSON.parse(two.stdout);
  expect(document).toMatchObject({kind: 'Plan', dryRun: 'server', practice: true});
  expect(document.plans).toMatchObject([
    {scenario: 'kill-coredns', dryRun: [{path: 'inject.0', uses: 'pod/delete', sent: 2}]},
    {scenario: 'scale-to-zero'},
  ]);
  const all = await kubedrill([...dryRun, '--practice', 'drills/', '-o', 'json'], {cwd});
  expect(all.code).toBe(0);
  expect(JSON.parse(all.stdout).plans).toHaveLength((await readdir(join(root, 'scenarios'))).length);
});

test('what waits for a write does not wait for one that is only tried out', async () => {
  const cwd = await temporaryFolder();
  const scenario = join(root, 'test/fixtures/cli/writes-of-all-kinds.yaml');
  const {code, stdout} = await kubedrill([...dryRun, '--practice', scenario, '-o', 'json'], {cwd});
  expect({code, steps: JSON.parse(stdout).plans[0].dryRun}).toEqual({
    code: 0,
    steps: [
      {
        path: 'prepare.0',
        uses: 'object/apply',
        sent: 1,
        notes: ['Deployment dry/web: read, not checked: its namespace is not there yet'],
      },
      {path: 'inject.0', uses: 'node/drain', sent: expect.any(Number)},
      {path: 'inject.1', uses: 'command/run', sent: 0, skipped: 'only writes to the API can be tried out'},
    ],
  });
  expect(JSON.parse(stdout).plans[0].dryRun[1].sent).toBeGreaterThan(1);
});

test('exit 3 where plan has found by such a write that it would be refused', async () => {
  const cwd = await temporaryFolder();
  const text = await readFile(join(root, 'test/fixtures/cli/writes-of-all-kinds.yaml'), 'utf8');
  await writeFile(
    join(cwd, 'typo.yaml'),
    text.replace('mountPath', 'mountPth').replace('selector: {match', 'selectr: {match'),
  );
  const {code, stdout} = await kubedrill([...dryRun, '--practice', 'typo.yaml'], {cwd});
  expect(code).toBe(3);
  expect(stdout).toContain('prepare.0: the API server would refuse Deployment dry/web: unknown field');
  expect(stdout).toContain('unknown field "spec.selectr"');
  expect(stdout).toContain('unknown field "spec.template.spec.containers[0].volumeMounts[0].mountPth"');
  expect(stdout).toContain('Dry run: no write was sent');
});

test('exit 3 where the API server refuses a write, with its words', async () => {
  const cwd = await temporaryFolder();
  const corefile = '{apiVersion: v1, kind: ConfigMap, namespace: kube-system, name: coredns}';
  const patch = corefile.replace('}', ', patch: {datas: {Corefile: x}}}');
  const scenario = `
apiVersion: kubedrill.dev/v1
kind: Scenario
metadata: {name: typo, title: A misspelled patch, owner: tests}
spec:
  type: disaster
  target:
    environments: [practice]
    maxTargets: 1
    allowProtected: [{kind: ConfigMap, namespace: kube-system, name: coredns, reason: a test}]
  probes: [{name: there, uses: kubernetes/object, from: runner, every: 1s, with: ${corefile}}]
  services: {dns: {up: [there], outage: required}}
  objectives: [{rto: 30s, of: dns, from: fault, source: test}]
  inject: [{id: patch, uses: object/patch, with: ${patch}}]
  recover: [{undo: patch}]
  verify: {within: 1m}
  stopWhen: {none: a test}
`;
  await writeFile(join(cwd, 'typo.yaml'), scenario);
  const {code, stdout} = await kubedrill([...dryRun, '--practice', 'typo.yaml'], {cwd});
  expect(code).toBe(3);
  expect(stdout).toMatch(/inject\.0 +object\/patch .*refused: .*unknown field "datas"/);
  expect(stdout).toContain('run would not get through: the API server refuses a write of 1 step');
});

test('exit 3 where run would be refused: then nothing is sent', async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'kubedrill.config.yaml'), 'freeze: {reason: incident 4711}\n');
  const {code, stdout} = await kubedrill([...dryRun, '--practice', 'kill-coredns'], {cwd});
  expect(code).toBe(3);
  expect(stdout).toContain('drills are frozen: incident 4711');
  expect(stdout).toContain('Dry run: no write was sent');
});

test('a cluster by its kubeconfig is as it was', async () => {
  const cwd = await temporaryFolder();
  const cluster = start(['practice', '--write-kubeconfig', 'kubeconfig'], {cwd});
  try {
    await output(cluster, 'stdout', 'export KUBECONFIG');
    const on = {cwd, env: {KUBECONFIG: join(cwd, 'kubeconfig')}};
    const first = await kubedrill([...dryRun, 'kill-coredns', '--seed', '1', '-o', 'json'], on);
    expect(first.code).toBe(0);
    const second = await kubedrill([...dryRun, 'kill-coredns', '--seed', '1', '-o', 'json'], on);
    expect(JSON.parse(second.stdout).plans[0].plan.steps).toEqual(JSON.parse(first.stdout).plans[0].plan.steps);
    expect(await readdir(cwd)).toEqual(['kubeconfig']);
  } finally {
    cluster.kill('SIGINT');
    await cluster.ended;
  }
});
