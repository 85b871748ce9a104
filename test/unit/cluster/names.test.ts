import {expect, test} from 'vitest';
import {guessResource, isKubernetesGroup, kubectl, kubectlList, shellWord} from '../../../src/cluster/names.ts';

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

test.each([
  ['', true],
  ['apps', true],
  ['networking.k8s.io', true],
  ['snapshot.storage.k8s.io', false],
  ['metrics.k8s.io', false],
  ['chaos-mesh.org', false],
])('whether the kinds of the group "%s" come with Kubernetes: %s', (group, own) => {
  expect(isKubernetesGroup(group)).toBe(own);
});
