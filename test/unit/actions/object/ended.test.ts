import {expect, test} from 'vitest';
import {losesStatus, runsAgain} from '../../../../src/actions/object/ended.ts';
import {isMadeAgain} from '../../../../src/actions/object/owned-kinds.ts';
import {copyOf, recreatable} from '../../../../src/actions/object/recreatable.ts';
import type {KubeObject} from '../../../../src/cluster/types.ts';

const one = (apiVersion: string, kind: string, more: object = {}): KubeObject =>
  ({apiVersion, kind, metadata: {name: 'x', namespace: 'shop', uid: 'u'}, ...more}) as KubeObject;
const job = (status: object) => one('batch/v1', 'Job', {status});
const condition = (type: string, status = 'True') => ({conditions: [{type, status}]});

test.each([
  [job(condition('Complete')), true],
  [job(condition('Failed')), true],
  [job(condition('Complete', 'False')), false],
  [job(condition('Suspended')), false],
  [job({active: 1}), false],
  [one('v1', 'Pod', {status: {phase: 'Running'}}), false],
  [one('example.org/v1', 'Job', {status: condition('Complete')}), false],
])('whether the copy would run a second time %#', (object, again) => {
  expect(runsAgain(object) !== undefined).toBe(again);
});

test.each([
  [job({active: 1}), true],
  [job({succeeded: 2}), true],
  [job({}), false],
  [one('example.org/v1', 'Order', {status: {url: 'x'}}), true],
  [one('example.org/v1', 'Order', {status: {}}), false],
  [one('certificates.k8s.io/v1', 'CertificateSigningRequest', {status: {certificate: 'x'}}), true],
  [one('apps/v1', 'Deployment', {status: {replicas: 1}}), false],
  [one('networking.k8s.io/v1', 'Ingress', {status: {loadBalancer: {}}}), false],
])('whether what it has got done is lost %#', (object, lost) => {
  expect(losesStatus(object)).toBe(lost);
});

test.each([
  ['CronJob', 'batch/v1', one('batch/v1', 'Job'), false],
  ['Job', 'batch/v1', one('v1', 'Pod'), true],
  ['Service', 'v1', one('discovery.k8s.io/v1', 'EndpointSlice'), false],
  ['Node', 'v1', one('coordination.k8s.io/v1', 'Lease'), true],
  ['Node', 'v1', one('storage.k8s.io/v1', 'CSINode'), false],
  ['Database', 'example.org/v1', one('apps/v1', 'StatefulSet'), true],
  ['ClusterRole', 'rbac.authorization.k8s.io/v1', one('apps/v1', 'DaemonSet'), false],
])('what a %s makes again %#', (kind, apiVersion, object, again) => {
  expect(isMadeAgain({apiVersion, kind}, object)).toBe(again);
});

test('a slice that the controller has made is made again', () => {
  const slice = one('discovery.k8s.io/v1', 'EndpointSlice');
  const labels = {'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io'};
  slice.metadata.labels = labels;
  expect(isMadeAgain({apiVersion: 'v1', kind: 'Service'}, slice)).toBe(true);
});

test('a pod is made again without its debug containers, and its copy can be made by hand', () => {
  const spec = {containers: [{name: 'c'}], ephemeralContainers: [{name: 'debug'}]};
  const pod = one('v1', 'Pod', {spec, status: {phase: 'Running'}});
  expect(recreatable(pod)).toEqual({
    ...{apiVersion: 'v1', kind: 'Pod', metadata: {name: 'x', namespace: 'shop'}},
    spec: {containers: [{name: 'c'}]},
  });
  expect(copyOf(pod)).toEqual({...recreatable(pod), status: {phase: 'Running'}});
  expect(recreatable(copyOf(pod))).toEqual(recreatable(pod));
});

test('the status of a custom resource is a part of it, where its kind has no subresource for it', () => {
  expect(recreatable(one('example.org/v1', 'Order', {status: {url: 'x'}}))).toMatchObject({status: {url: 'x'}});
});
