import {expect, test} from 'vitest';
import {guessResource, kubectl, kubectlList, shellWord} from '../../../src/cluster/names.ts';

test.each([
  ['Pod', 'pods'],
  ['Endpoints', 'endpoints'],
  ['Ingress', 'ingresses'],
  ['NetworkPolicy', 'networkpolicies'],
  ['Gateway', 'gateways'],
  ['StorageClass', 'storageclasses'],
])('the resource of %s is %s', (kind, resource) => {
  expect(guessResource(kind)).toBe(resource);
});

test('commands can be pasted', () => {
  const web = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web'};
  expect(kubectl('scale', web, '--replicas=2')).toBe('kubectl -n shop scale deployment.apps/web --replicas=2');
  expect(kubectlList({apiVersion: 'v1', kind: 'Node', labelSelector: 'a in (b, c)'})).toBe(
    "kubectl get node -l 'a in (b, c)'",
  );
  expect(shellWord("it's $HOME")).toBe(`'it'\\''s $HOME'`);
});
