import {expect, test} from 'vitest';
import {healerOf, isHealed} from '../../../../src/actions/common/heals.ts';
import {ClusterError} from '../../../../src/cluster/errors.ts';
import type {ClusterReader, KubeObject} from '../../../../src/cluster/types.ts';

const ref = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web'};

const controller = (name: string, kind = 'ReplicaSet') => ({
  apiVersion: 'apps/v1',
  kind,
  name,
  uid: name,
  controller: true,
});
const replicaSet = (name: string): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name,
    namespace: 'shop',
    uid: name,
    ownerReferences: [controller(name.replace('set-of-', ''), 'Deployment')],
  },
});

/**
 * A reader of one Deployment and its pods, `uid:ready` each; a trailing `!` is on its way out, and one that begins with
 * `other` belongs to another Deployment whose pods match the selector, too.
 */
function reader(deployment: {wanted?: number; generation?: number; observed?: number} | undefined, ...pods: string[]) {
  const {wanted = 2, generation = 1, observed = generation} = deployment ?? {};
  const object = {
    ...ref,
    metadata: {name: 'web', namespace: 'shop', uid: 'web', generation},
    spec: {replicas: wanted, selector: {matchLabels: {app: 'web'}}},
    status: {observedGeneration: observed},
  };
  const items = pods.map((text) => {
    const [uid = '', ready = ''] = text.split(':');
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: uid,
        namespace: 'shop',
        uid,
        ownerReferences: [controller(`set-of-${uid.startsWith('other') ? 'other' : 'web'}`)],
        ...(ready.endsWith('!') ? {deletionTimestamp: 'now'} : {}),
      },
      status: {conditions: [{type: 'Ready', status: ready.startsWith('ready') ? 'True' : 'False'}]},
    };
  });
  const answers: Pick<ClusterReader, 'get' | 'list'> = {
    get: async ({kind, name}) => {
      if (kind === 'ReplicaSet') return replicaSet(name);
      if (deployment === undefined) throw new ClusterError('gone', {reason: 'notFound'});
      return object as KubeObject;
    },
    list: async ({labelSelector}) => (labelSelector === 'app=web' ? (items as KubeObject[]) : []),
  };
  return answers as ClusterReader;
}

test.each([
  ['new pods, as many as wanted', reader({}, 'c:ready', 'd:ready'), true],
  ['one not ready yet', reader({}, 'c:ready', 'd:not'), false],
  ['an old one still there', reader({}, 'c:ready', 'd:ready', 'a:ready!'), false],
  ['a new one on its way out does not count', reader({}, 'c:ready', 'd:ready!'), false],
  ['its last change not seen by the controller', reader({generation: 3, observed: 2}, 'c:ready', 'd:ready'), false],
  ['scaled to zero meanwhile', reader({wanted: 0}), false],
  ['scaled up meanwhile, and there', reader({wanted: 3}, 'c:ready', 'd:ready', 'e:ready'), true],
  ['the rest are pods of another workload that carry its labels', reader({}, 'c:ready', 'other:ready'), false],
  ['pods of another workload besides', reader({}, 'c:ready', 'd:ready', 'other:not'), true],
  ['the workload itself is gone', reader(undefined), false],
])('%s: %s', async (_name, cluster, ok) => {
  expect((await isHealed(cluster, {ref, desired: 2}, {uids: ['a', 'b']}, {})).ok).toBe(ok);
});

test('a workload that wanted no pods before is healed without any', async () => {
  expect((await isHealed(reader({wanted: 0}), {ref, desired: 0}, {uids: []}, {})).ok).toBe(true);
});

/** A reader of any workload and its pods, of which it is the controller itself. */
function direct(workload: KubeObject, pods: readonly {name: string; uid?: string; ready?: boolean}[]) {
  const owner = {apiVersion: workload.apiVersion, kind: workload.kind, name: 'w', uid: 'w', controller: true};
  const items = pods.map(({name, uid = name, ready = true}) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name, namespace: 'shop', uid, ownerReferences: [owner]},
    status: {conditions: [{type: 'Ready', status: ready ? 'True' : 'False'}]},
  }));
  const answers: Pick<ClusterReader, 'get' | 'list'> = {
    get: async () => workload,
    list: async () => items as KubeObject[],
  };
  return answers as ClusterReader;
}

const metadata = {name: 'w', namespace: 'shop', uid: 'w', generation: 2};
const set = (spec: object): KubeObject => ({
  ...{apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, status: {observedGeneration: 2}},
  spec: {replicas: 3, selector: {matchLabels: {app: 'w'}}, ...spec},
});
const three = [{name: 'w-0'}, {name: 'w-1'}, {name: 'w-2', uid: 'new'}];
const partition = {updateStrategy: {rollingUpdate: {partition: 2}}};
const job = (spec: object, status: object): KubeObject => ({
  ...{apiVersion: 'batch/v1', kind: 'Job', metadata, spec: {completions: 4, ...spec} as never, status: status as never},
});
const custom: KubeObject = {apiVersion: 'core.example.org/v1', kind: 'PodSet', metadata, spec: {pods: ['w-0', 'w-1']}};

test.each([
  ['what its partition keeps is not waited for in a rollout', set(partition), three, {isRollout: true}, true],
  ['with ordinals that begin later', set({...partition, ordinals: {start: 1}}), three, {isRollout: true}, true],
  ['pods that were deleted are waited for all the same', set(partition), three, {}, false],
  [
    'a lower partition keeps less',
    set({updateStrategy: {rollingUpdate: {partition: 1}}}),
    three,
    {isRollout: true},
    false,
  ],
  ['updates on delete only', set({updateStrategy: {type: 'OnDelete'}}), three, {isRollout: true}, true],
  ['a Job that has as many as before', job({}, {}), [{name: 'x'}, {name: 'y'}, {name: 'z'}], {}, true],
  ['a Job that has fewer', job({}, {}), [{name: 'x'}], {}, false],
  ['a Job that needs fewer, as others have done their work', job({}, {succeeded: 3}), [{name: 'x'}], {}, true],
  ['a Job that is over', job({}, {conditions: [{type: 'Complete', status: 'True'}]}), [], {}, true],
  ['a Job that has failed', job({}, {conditions: [{type: 'Failed', status: 'True'}]}), [], {}, false],
  ['an operator that has made as many as before', custom, [{name: 'x'}, {name: 'y'}, {name: 'z'}], {}, true],
  ['an operator that has not', custom, [{name: 'x'}, {name: 'y'}], {}, false],
  ['an operator whose new pod is not ready', custom, [{name: 'x'}, {name: 'y'}, {name: 'z', ready: false}], {}, false],
])('%s', async (_name, workload, pods, taken, ok) => {
  const healer = {
    ref: {apiVersion: workload.apiVersion, kind: workload.kind, namespace: 'shop', name: 'w'},
    desired: 3,
  };
  const seen = await isHealed(direct(workload, pods), healer, {uids: ['w-0', 'w-1'], ...taken}, {});
  expect(seen, seen.detail).toMatchObject({ok});
});

test.each([
  [
    'is there',
    'w',
    {ref: {apiVersion: 'batch/v1', kind: 'Job', name: 'w', namespace: 'shop'}, desired: 2, isSure: false},
  ],
  ['is another one of its name by now', 'another', undefined],
])('who may replace a pod whose controller %s', async (_name, uid, expected) => {
  const cluster = direct(job({}, {}), [{name: 'x'}, {name: 'y'}]);
  const resource: ClusterReader['resource'] = async () => ({namespaced: true}) as never;
  const ownerReferences = [{apiVersion: 'batch/v1', kind: 'Job', name: 'w', uid, controller: true}];
  const pod = {apiVersion: 'v1', kind: 'Pod', metadata: {name: 'x', namespace: 'shop', ownerReferences}};
  expect(await healerOf({...cluster, resource}, pod as never, {})).toEqual(expected);
});
