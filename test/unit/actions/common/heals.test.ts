import {expect, test} from 'vitest';
import {isHealed} from '../../../../src/actions/common/heals.ts';
import {ClusterError} from '../../../../src/cluster/errors.ts';
import type {ClusterReader, KubeObject} from '../../../../src/cluster/types.ts';

const ref = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web'};

/** A reader of one Deployment and its pods, `uid:ready` each; a trailing `!` is on its way out. */
function reader(deployment: {wanted?: number; generation?: number; observed?: number} | undefined, ...pods: string[]) {
  const {wanted = 2, generation = 1, observed = generation} = deployment ?? {};
  const object = {
    ...ref,
    metadata: {name: 'web', namespace: 'shop', generation},
    spec: {replicas: wanted, selector: {matchLabels: {app: 'web'}}},
    status: {observedGeneration: observed},
  };
  const items = pods.map((text) => {
    const [uid = '', ready = ''] = text.split(':');
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {name: uid, uid, ...(ready.endsWith('!') ? {deletionTimestamp: 'now'} : {})},
      status: {conditions: [{type: 'Ready', status: ready.startsWith('ready') ? 'True' : 'False'}]},
    };
  });
  const answers: Pick<ClusterReader, 'get' | 'list'> = {
    get: async () => {
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
  ['the workload itself is gone', reader(undefined), false],
])('%s: %s', async (_name, cluster, ok) => {
  expect((await isHealed(cluster, {ref, desired: 2}, ['a', 'b'], {})).ok).toBe(ok);
});

test('a workload that wanted no pods before is healed without any', async () => {
  expect((await isHealed(reader({wanted: 0}), {ref, desired: 0}, [], {})).ok).toBe(true);
});
