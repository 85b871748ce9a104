import {expect, test} from 'vitest';
import {losesClaims, noteClaims, removeClaims} from '../../../../src/actions/deployment/claims.ts';
import type {KubeObject} from '../../../../src/cluster/types.ts';
import {tableCluster} from '../../../support/table-cluster.ts';

const set = (policy?: object) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: {name: 'db'},
  spec: policy === undefined ? {} : {persistentVolumeClaimRetentionPolicy: policy as Record<string, string>},
});

test('only a policy that says Delete for the occasion loses the claims', () => {
  expect(losesClaims(set({whenDeleted: 'Delete', whenScaled: 'Retain'}), 'whenDeleted')).toBe(true);
  expect(losesClaims(set({whenDeleted: 'Delete', whenScaled: 'Retain'}), 'whenScaled')).toBe(false);
  expect(losesClaims(set(), 'whenDeleted')).toBe(false);
});

const place = {namespace: 'shop'};
const target = {apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', ...place};
const db = (replicas: number, more: object = {}): KubeObject =>
  ({
    ...{apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: {name: 'db', ...place, uid: 'db'}},
    spec: {replicas, volumeClaimTemplates: [{metadata: {name: 'data'}}], ...more},
  }) as KubeObject;
const claim = (name: string, uid = name): KubeObject => ({
  ...{apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: {name, uid, ...place}},
});
const volume = (name: string, claimName: string, policy: string): KubeObject => ({
  ...{apiVersion: 'v1', kind: 'PersistentVolume', metadata: {name, uid: name}},
  spec: {persistentVolumeReclaimPolicy: policy, claimRef: {...place, name: claimName, uid: claimName}},
});
const looking = (objects: KubeObject[]) => ({
  cluster: tableCluster(objects).cluster,
  signal: AbortSignal.timeout(1000),
});

test('what is noted: the claims of these names and the volumes of such, from the first new pod on', async () => {
  const objects = [
    ...['data-db-0', 'data-db-1', 'data-db-x', 'logs-db-1', 'data-other-1'].map((name) => claim(name)),
    volume('old', 'data-db-2', 'Retain'),
  ];
  const noted = {templates: ['data'], from: 1, there: ['data-db-1', 'data-db-2']};
  expect(await noteClaims(looking(objects), db(1), 1)).toEqual(noted);
  expect(await noteClaims(looking(objects), db(1, {ordinals: {start: 1}}), 0)).toEqual(noted);
  expect(await noteClaims(looking(objects), set(), 0)).toBeUndefined();
});

test('only what came since goes', async () => {
  const objects = ['data-db-0', 'data-db-1', 'data-db-2', 'data-other-2'].map((name) => claim(name));
  const table = tableCluster([db(1), ...objects]);
  const made = {templates: ['data'], from: 1, there: ['data-db-1']};
  expect(await removeClaims(table.undoing(), made, target)).toBeUndefined();
  expect(table.deleted).toEqual(['data-db-2']);
});

test('claims of pods that somebody wants by now stay', async () => {
  const table = tableCluster([db(3), claim('data-db-1')]);
  expect(await removeClaims(table.undoing(), {templates: ['data'], from: 1, there: []}, target)).toBeUndefined();
  expect(table.deleted).toEqual([]);
});

test('a volume that is to outlive its claim is named, with the command', async () => {
  const volumes = [
    volume('mine', 'data-db-0', 'Retain'),
    volume('gone', 'data-db-1', 'Delete'),
    volume('theirs', 'data-x-0', 'Retain'),
  ];
  const made = {templates: ['data'], from: 0, there: []};
  expect(await removeClaims(tableCluster(volumes).undoing(), made, target)).toEqual({
    state: 'failed',
    detail:
      'its claims are gone, but not PersistentVolume mine, which they had made and whose reclaim policy is Retain',
    command: 'kubectl delete persistentvolume/mine',
  });
  expect(await removeClaims(tableCluster(volumes, {allowed: false}).undoing(), made, target)).toBeUndefined();
});

test('a claim that a pod still uses is named with the pod', async () => {
  const held = {
    ...claim('data-db-0'),
    metadata: {...claim('data-db-0').metadata, finalizers: ['kubernetes.io/pvc-protection']},
  };
  const volumes = [{name: 'v', persistentVolumeClaim: {claimName: 'data-db-0'}}];
  const user = {apiVersion: 'v1', kind: 'Pod', metadata: {name: 'reader', uid: 'r', ...place}, spec: {volumes}};
  const table = tableCluster([held, user as KubeObject], {onDelete: () => undefined});
  expect(await removeClaims(table.undoing(300), {templates: ['data'], from: 0, there: []}, target)).toEqual({
    state: 'failed',
    detail:
      'PersistentVolumeClaim shop/data-db-0 is on its way out, but its finalizer kubernetes.io/pvc-protection keeps it as long as Pod shop/reader uses it',
    command: 'kubectl -n shop delete pod/reader',
  });
});
