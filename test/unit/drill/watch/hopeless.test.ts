import {describe, expect, test} from 'vitest';
import type {ClusterReader, KubeObject} from '../../../../src/cluster/types.ts';
import {troubleOfPod, troubleOfWorkload} from '../../../../src/drill/watch/hopeless.ts';
import type {JsonObject} from '../../../../src/io/json.ts';

const {signal} = new AbortController();
const object = (kind: string, status: JsonObject): KubeObject => ({
  apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1',
  kind,
  metadata: {name: 'web', namespace: 'shop', uid: 'u'},
  status,
});
/** A cluster that has these Events of the object, each as reason and message; undefined: which may not be listed. */
const cluster = (events: [string, string][] | undefined): ClusterReader =>
  ({
    review: async () => ({allowed: events !== undefined, reason: ''}),
    list: async () => (events ?? []).map(([reason, message]) => ({reason, message, metadata: {name: reason}})),
  }) as unknown as ClusterReader;

const quota = 'pods "web-1" is forbidden: exceeded quota: q, requested: pods=1, used: pods=3, limited: pods=3';

describe('pods that a controller cannot make', () => {
  const failing = (message: string) =>
    object('ReplicaSet', {conditions: [{type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message}]});

  test.each([
    quota,
    'pods "web-1" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
    'pods "web-1" is forbidden: maximum cpu usage per Container is 100m, but limit is 1',
    'admission webhook "deny.example.org" denied the request: not on Fridays',
    "pods \"web-1\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no",
    'pods "web-1" is forbidden: no PriorityClass with name high was found',
  ])('%s', async (message) => {
    expect(await troubleOfWorkload(cluster([]), failing(message), signal)).toMatchObject({detail: message});
  });

  test.each([
    'pods "web-1" is forbidden: error looking up service account shop/default: serviceaccount "default" not found',
    'Internal error occurred: failed calling webhook "w": connection refused',
  ])('may only be slow: %s', async (message) => {
    expect(await troubleOfWorkload(cluster([]), failing(message), signal)).toBeUndefined();
  });

  test('a StatefulSet has but Events to say so, where they may be listed', async () => {
    const set = object('StatefulSet', {});
    expect(await troubleOfWorkload(cluster([['FailedCreate', quota]]), set, signal)).toMatchObject({detail: quota});
    expect(await troubleOfWorkload(cluster([['SuccessfulCreate', 'made it']]), set, signal)).toBeUndefined();
    expect(await troubleOfWorkload(cluster(undefined), set, signal)).toBeUndefined();
  });
});

describe('a pod', () => {
  const waiting = (reason: string, of = 'containerStatuses') =>
    object('Pod', {[of]: [{state: {waiting: {reason, message: 'm'}}}]});
  const unplaced = (message: string) =>
    object('Pod', {conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message}]});

  test.each(['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'])('%s does not pass', async (reason) => {
    expect(await troubleOfPod(cluster([]), waiting(reason), signal)).toEqual({detail: `${reason}: m`, patience: 0});
    expect(await troubleOfPod(cluster([]), waiting(reason, 'initContainerStatuses'), signal)).toBeDefined();
  });

  test.each(['ContainerCreating', 'PodInitializing', 'ErrImagePull', 'CrashLoopBackOff', 'CreateContainerConfigError'])(
    '%s may only be slow',
    async (reason) => {
      expect(await troubleOfPod(cluster([]), waiting(reason), signal)).toBeUndefined();
    },
  );

  test('that no node takes has to wait long for a node that does not come', async () => {
    const pod = unplaced("0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.");
    expect((await troubleOfPod(cluster([]), pod, signal))?.patience).toBeGreaterThan(10_000);
    expect(await troubleOfPod(cluster([['TriggeredScaleUp', 'one more']]), pod, signal)).toBeUndefined();
    // Who may not see whether a node is on its way does not know.
    expect(await troubleOfPod(cluster(undefined), pod, signal)).toBeUndefined();
  });

  test.each([
    '0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.',
    '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
  ])('waits for what passes: %s', async (message) => {
    expect(await troubleOfPod(cluster([]), unplaced(message), signal)).toBeUndefined();
  });
});
