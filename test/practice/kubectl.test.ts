import {execFile, spawn} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {stringify} from 'yaml';
import {findKubectl} from '../support/kubectl.ts';
import {practice, type TestCluster, until, webApp} from '../support/practice.ts';

const kubectl = findKubectl();
if (!kubectl)
  process.stderr.write('SKIPPED test/practice/kubectl.test.ts: no kubectl on PATH or in the testbed cache\n');

describe.skipIf(!kubectl)('kubectl against the practice cluster', () => {
  let cluster: TestCluster;
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    cluster = await practice();
    folder = await mkdtemp(join(tmpdir(), 'practice-kubectl-'));
    await writeFile(join(folder, 'config'), cluster.kubeconfig);
    const {deployment, service} = webApp('shop', 3);
    const namespace = {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'shop'}};
    await writeFile(
      join(folder, 'app.yaml'),
      [namespace, deployment, service].map((each) => stringify(each)).join('---\n'),
    );
    // Its own HOME: kubectl caches discovery by address, and ports come round again.
    env = {...process.env, KUBECONFIG: join(folder, 'config'), HOME: folder};
  });
  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
    await rm(folder, {recursive: true, force: true});
  });

  const run = async (...args: string[]): Promise<string> => {
    const {stdout, stderr} = await promisify(execFile)(kubectl ?? '', args, {env, timeout: 25_000});
    return stdout + stderr;
  };
  const shop = (...args: string[]) => run('-n', 'shop', ...args);
  const app = () => join(folder, 'app.yaml');

  test('version and get show a practice cluster', async () => {
    expect(await run('version')).toContain('+kubedrill-practice');
    const wide = await run('get', 'nodes', '-o', 'wide');
    expect(wide).toMatch(/practice-control-plane +Ready +control-plane/);
    expect(wide).toContain('kubedrill practice cluster (simulated)');
    expect(await run('get', 'pods', '-A')).toMatch(/kube-system +coredns-\S+ +1\/1 +Running +0/);
    expect(await run('get', 'deploy', '-n', 'kube-system', 'coredns', '-o', 'yaml')).toContain('k8s-app: kube-dns');
    expect(await run('get', 'all', '-n', 'kube-system', '-o', 'name')).toContain('service/kube-dns');
  });

  test('apply, client-side and server-side, and rollout status', async () => {
    expect(await run('apply', '-f', app())).toContain('deployment.apps/web created');
    expect(await shop('rollout', 'status', 'deployment/web', '--timeout=20s')).toContain('successfully rolled out');
    expect(await run('apply', '-f', app())).toContain('deployment.apps/web unchanged');
    expect(await run('apply', '--server-side', '-f', app())).toContain('deployment.apps/web serverside-applied');
    const twice = await run('apply', '--server-side', '--field-manager=other', '-f', app());
    expect(twice).toContain('deployment.apps/web serverside-applied');
    expect(await run('diff', '-f', app())).toBe('');
  });

  test('describe tells of pods, Deployments, Services and nodes, with their events', async () => {
    const deployment = await shop('describe', 'deployment', 'web');
    expect(deployment).toContain('3 desired | 3 updated | 3 total | 3 available | 0 unavailable');
    expect(deployment).toContain('Scaled up replica set');
    expect(await shop('describe', 'pod', '-l', 'app=web')).toMatch(/Started container web/);
    expect(await shop('describe', 'service', 'web')).toMatch(/Endpoints: +10\.244\.\d+\.\d+:80,/);
    expect(await run('describe', 'node', 'practice-worker')).toContain('practice://practice-worker');
  });

  test('scale, wait, rollout restart and undo', async () => {
    await shop('scale', 'deployment/web', '--replicas=2');
    await shop('wait', '--for=jsonpath={.status.readyReplicas}=2', 'deployment/web', '--timeout=20s');
    const before = await shop('get', 'pods', '-l', 'app=web', '-o', 'name');
    await shop('rollout', 'restart', 'deployment/web');
    expect(await shop('rollout', 'status', 'deployment/web', '--timeout=20s')).toContain('successfully rolled out');
    const after = await until(
      () => shop('get', 'pods', '-l', 'app=web', '-o', 'name'),
      (names) => names.trim().split('\n').length === 2,
    );
    for (const name of before.trim().split('\n')) expect(after).not.toContain(name);
    expect(await shop('wait', '--for=condition=Available', 'deployment/web', '--timeout=20s')).toContain(
      'condition met',
    );
    expect(await shop('rollout', 'undo', 'deployment/web')).toContain('rolled back');
    await shop('rollout', 'status', 'deployment/web', '--timeout=20s');
  });

  test('logs, and logs that follow', async () => {
    expect(await shop('logs', 'deployment/web')).toContain('listening on port 80');
    const [pod = ''] = (await shop('get', 'pods', '-l', 'app=web', '-o', 'name')).trim().split('\n');
    const following = spawn(kubectl ?? '', ['-n', 'shop', 'logs', '-f', '--tail=1', pod], {env});
    let text = '';
    following.stdout.on('data', (chunk) => {
      text += chunk;
    });
    const name = pod.replace('pod/', '');
    await run('get', '--raw', `/api/v1/namespaces/shop/pods/${name}:80/proxy/hello-from-the-test`);
    await until(
      async () => text,
      (seen) => seen.includes('/hello-from-the-test'),
    );
    following.kill();
  });

  test('cordon and drain', async () => {
    expect(await run('drain', 'practice-worker', '--ignore-daemonsets', '--timeout=20s')).toContain('drained');
    expect(await run('get', 'node', 'practice-worker')).toContain('SchedulingDisabled');
    expect(await run('uncordon', 'practice-worker')).toContain('uncordoned');
  });

  test('delete waits until it is gone', async () => {
    const [pod = ''] = (await shop('get', 'pods', '-l', 'app=web', '-o', 'name')).trim().split('\n');
    expect(await shop('delete', pod, '--grace-period=0', '--force')).toContain('force deleted');
    expect(await run('delete', 'namespace', 'shop', '--timeout=20s')).toContain('deleted');
    await expect(run('get', 'namespace', 'shop')).rejects.toThrow(/NotFound/);
  });
});
