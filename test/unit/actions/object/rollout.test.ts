import {expect, test} from 'vitest';
import {noteRollout, rolledBack} from '../../../../src/actions/object/rollout.ts';
import type {KubeObject} from '../../../../src/cluster/types.ts';
import {tableCluster} from '../../../support/table-cluster.ts';

const place = {namespace: 'shop'};
const target = {apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', ...place};

/** A StatefulSet of one pod, whose controller wants the revision `good`. */
const statefulSet = (status: object = {}, spec: object = {}): KubeObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: {name: 'db', ...place, uid: 'sts', generation: 3},
    spec: {replicas: 1, selector: {matchLabels: {app: 'db'}}, ...spec},
    status: {observedGeneration: 3, replicas: 1, updatedReplicas: 0, updateRevision: 'good', ...status},
  }) as KubeObject;

const pod = (uid: string, revision: string, ready: boolean, name = 'db-0'): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...{name, ...place, uid, labels: {app: 'db', 'controller-revision-hash': revision}},
      ownerReferences: [{apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', uid: 'sts', controller: true}],
    },
    status: {conditions: [{type: 'Ready', status: ready ? 'True' : 'False'}]},
  }) as KubeObject;

const before = {ready: 1, complete: true, pods: ['p1']};

/** The controller makes a good pod in the place of one that is deleted. */
function playing(objects: KubeObject[]) {
  const table = tableCluster(objects, {
    onDelete: () => objects.splice(0, 2, statefulSet({updatedReplicas: 1}), pod('p3', 'good', true)),
  });
  return table;
}

test('a pod that never became ready under the template of the drill is taken out of its controller’s way', async () => {
  const table = playing([statefulSet(), pod('p2', 'broken', false)]);
  expect(await rolledBack(table.undoing(), before, target)).toBeUndefined();
  expect(table.deleted).toEqual(['db-0']);
});

test.each([
  ['one that was there before the drill', [statefulSet(), pod('p1', 'broken', false)]],
  ['one that is of the template', [statefulSet(), pod('p2', 'good', false)]],
  [
    'one below the partition',
    [statefulSet({}, {updateStrategy: {rollingUpdate: {partition: 1}}}), pod('p2', 'old', false)],
  ],
  ['one before the controller has seen the template', [statefulSet({observedGeneration: 2}), pod('p2', 'x', true)]],
])('%s is left alone, and told when time runs out', async (_name, objects) => {
  const table = playing(objects);
  expect(await rolledBack(table.undoing(300), before, target)).toMatchObject({
    state: 'failed',
    detail: expect.stringMatching(/^the template is put back, but StatefulSet shop\/db is not: /),
    command: 'kubectl -n shop rollout status statefulset.apps/db',
  });
  expect(table.deleted).toEqual([]);
});

test.each([
  ['pods of another template are left', statefulSet({replicas: 2, updatedReplicas: 1}), false],
  ['they were there before', statefulSet({replicas: 2, updatedReplicas: 1}), true],
  ['only deleted pods get it', statefulSet({}, {updateStrategy: {type: 'OnDelete'}}), true],
  ['it is scaled to zero meanwhile', statefulSet({updatedReplicas: 0, replicas: 0}, {replicas: 0}), true],
])('%s: back %#', async (_name, set, isBack) => {
  const complete = _name !== 'they were there before';
  const table = tableCluster([set, pod('p3', 'good', true)]);
  const outcome = await rolledBack(table.undoing(300), {...before, complete}, target);
  expect(outcome === undefined).toBe(isBack);
});

test('a workload that is gone has no pods to wait for', async () => {
  expect(await rolledBack(tableCluster([]).undoing(300), before, target)).toBeUndefined();
});

test.each([
  [['spec', 'template', 'spec', 'containers'], {ready: 1, complete: false, pods: ['p1']}],
  [['spec'], {ready: 1, complete: false, pods: ['p1']}],
  [['spec', 'replicas'], undefined],
  [['metadata', 'labels', 'a'], undefined],
])('what is noted before %j is changed', async (path, noted) => {
  const {cluster} = tableCluster([pod('p1', 'good', true)]);
  const looking = {cluster, signal: AbortSignal.timeout(1000)};
  expect(await noteRollout(looking, statefulSet(), [{path}])).toEqual(noted);
});

test('the pods of a Deployment are those of its ReplicaSets', async () => {
  const owned = (kind: string, name: string, owner: {kind: string; uid: string}) =>
    ({
      ...pod(name, '', true, name),
      kind,
      metadata: {
        ...{name, ...place, uid: name, labels: {app: 'db'}},
        ownerReferences: [{apiVersion: 'apps/v1', ...owner, name: owner.uid, controller: true}],
      },
    }) as KubeObject;
  const deployment = {
    ...statefulSet(),
    kind: 'Deployment',
    metadata: {name: 'web', ...place, uid: 'web'},
  } as KubeObject;
  const {cluster} = tableCluster([
    owned('ReplicaSet', 'web-1', {kind: 'Deployment', uid: 'web'}),
    owned('ReplicaSet', 'other-1', {kind: 'Deployment', uid: 'other'}),
    owned('Pod', 'a', {kind: 'ReplicaSet', uid: 'web-1'}),
    owned('Pod', 'b', {kind: 'ReplicaSet', uid: 'other-1'}),
  ]);
  const looking = {cluster, signal: AbortSignal.timeout(1000)};
  expect(await noteRollout(looking, deployment, [{path: ['spec', 'template']}])).toMatchObject({ready: 1, pods: ['a']});
});
