import {expect, test} from 'vitest';
import {podsComing} from '../../../../src/actions/common/coming.ts';
import {podDelete} from '../../../../src/actions/pod/delete.ts';
import type {KubeObject} from '../../../../src/cluster/types.ts';

const workload = (kind: string, spec: object, namespace = 'shop'): KubeObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: {name: 'web', namespace},
  spec: {template: {metadata: {labels: {app: 'web'}}}, ...spec},
});
const objects = [
  workload('Deployment', {replicas: 3}),
  workload('StatefulSet', {}),
  workload('DaemonSet', {}),
  workload('Job', {parallelism: 2}),
  workload('Deployment', {replicas: 5}, 'other'),
  workload('Deployment', {replicas: 7, template: {metadata: {labels: {app: 'api'}}}}),
  {apiVersion: 'v1', kind: 'Pod', metadata: {name: 'bare', namespace: 'shop', labels: {app: 'web'}}},
  {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'c', namespace: 'shop', labels: {app: 'web'}}},
] as KubeObject[];
const coming = {objects, defaultNamespace: 'shop'};

test('as many pods come as their workloads declare, and of a DaemonSet one at least', () => {
  expect(podsComing(coming, 'shop', 'app=web')).toBe(3 + 1 + 1 + 2 + 1);
  expect(podsComing(coming, 'shop', 'app=none')).toBe(0);
});

test.each([
  [{selector: 'app=web'}, 8],
  [{selector: 'app=web', count: 2}, 2],
  [{selector: 'app=web', count: '50%'}, 4],
  [{selector: 'app=api', namespace: 'other'}, 0],
  [{name: 'web-0'}, undefined],
])('what pod/delete foresees of %j', (input, targets) => {
  expect(podDelete.foresees?.(podDelete.input.parse(input), coming)).toBe(targets);
});
