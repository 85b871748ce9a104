import {beforeEach, expect, it} from 'vitest';
import {atRest} from './rest.ts';
import {clusters, kubectl, kubedrill} from './support.ts';

const kubeconfig = clusters.single;
const namespace = 'kubedrill-canary';
const beats = async () => {
  const names = await kubectl(
    kubeconfig,
    '-n',
    namespace,
    'get',
    'configmaps',
    '-l',
    'kubedrill.dev/resident-canary',
    '-o',
    'name',
  );
  return names.split('\n').filter((name) => name !== '');
};

beforeEach(() => atRest(kubeconfig));

it('the resident canary writes from a pod of our image, with no more rights than it needs, and goes without a trace', async () => {
  expect((await kubedrill(['canary', 'install'], {kubeconfig, bare: true})).exitCode).toBe(0);
  try {
    await kubectl(kubeconfig, '-n', namespace, 'rollout', 'status', 'deployment/kubedrill-canary', '--timeout=120s');
    // The first one comes at once; the test's own timeout ends a wait in vain.
    while ((await beats()).length === 0) await new Promise((resolve) => setTimeout(resolve, 500));
    const account = `--as=system:serviceaccount:${namespace}:kubedrill-canary`;
    const may = async (...what: string[]) =>
      await kubectl(kubeconfig, 'auth', 'can-i', ...what, account).catch(({stdout}) => String(stdout));
    expect(await may('create', 'configmaps', '-n', namespace)).toBe('yes');
    expect(await may('get', 'secrets', '-n', namespace)).toBe('no');
    expect(await may('list', 'configmaps', '-n', 'kube-system')).toBe('no');
  } finally {
    const {exitCode, stdout} = await kubedrill(['canary', 'uninstall'], {kubeconfig, bare: true});
    expect(stdout).toContain(`deleted: Namespace ${namespace}`);
    expect(exitCode).toBe(0);
  }
  await kubectl(kubeconfig, 'wait', '--for=delete', `namespace/${namespace}`, '--timeout=120s');
  expect(await beats()).toEqual([]);
});
