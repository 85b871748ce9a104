import {describeRef} from '../../cluster/names.ts';
import type {CallOptions, ClusterReader, KubeObject, ObjectRef} from '../../cluster/types.ts';
import type {JsonObject} from '../../io/json.ts';
import type {UndoRecord} from '../define.ts';
import {valueAt} from '../fields/compare.ts';
import {controllerOf, find, isReady, numberAt, refOf, selectorText} from './objects.ts';
import {permit} from './permissions.ts';

/** The kinds whose controllers make a new pod for each one that is gone. */
const replacing = ['apps/v1 ReplicaSet', 'apps/v1 StatefulSet', 'apps/v1 DaemonSet', 'v1 ReplicationController'];

/** The annotation by which `kubectl rollout restart` does it. */
export const restartAnnotation = 'kubectl.kubernetes.io/restartedAt';

/** A controller that heals, and how many pods it wanted when the drill looked. */
export interface Healer {
  ref: ObjectRef;
  desired: number;
}

/**
 * The controller that will replace a pod: the Deployment behind its ReplicaSet where there is one, since a rollout
 * moves pods to another ReplicaSet. Undefined for a bare pod and for controllers that do not replace pods (Job, Node).
 */
export async function healerOf(
  cluster: ClusterReader,
  pod: KubeObject,
  options: CallOptions,
): Promise<Healer | undefined> {
  const owner = controllerOf(pod);
  if (owner === undefined || !replacing.includes(`${owner.apiVersion} ${owner.kind}`)) return undefined;
  const {namespace} = pod.metadata;
  const place = namespace === undefined ? {} : {namespace};
  const controller = await find(cluster, {...owner, ...place}, options);
  if (controller === undefined || controller.metadata.uid !== owner.uid) return undefined;
  const above = controllerOf(controller);
  const deployment = above?.kind === 'Deployment' ? await find(cluster, {...above, ...place}, options) : undefined;
  const healer = deployment ?? controller;
  return {ref: refOf(healer), desired: desiredOf(healer)};
}

/** How many pods a workload wants. */
export function desiredOf(workload: KubeObject): number {
  return workload.kind === 'DaemonSet'
    ? numberAt(workload, ['status', 'desiredNumberScheduled'], 0)
    : numberAt(workload, ['spec', 'replicas'], 1);
}

/** The record by which the undo phase waits until the platform has healed the loss of some pods. */
export function healsRecord({ref, desired}: Healer, uids: readonly string[]): UndoRecord {
  return {kind: 'platform/heals', data: {healer: {...ref} satisfies JsonObject, desired, uids: [...uids]}};
}

/** The pods that a workload selects, those on their way out included. */
export async function podsOf(
  cluster: ClusterReader,
  workload: KubeObject,
  options: CallOptions,
): Promise<KubeObject[]> {
  const {namespace} = workload.metadata;
  const labelSelector = selectorText(valueAt(workload, ['spec', 'selector']));
  if (labelSelector === '') return [];
  return await cluster.list(
    {apiVersion: 'v1', kind: 'Pod', labelSelector, ...(namespace === undefined ? {} : {namespace})},
    options,
  );
}

/**
 * Whether the platform has healed: the workload has as many ready pods as it wants, and none of the old ones is left.
 * Pods are counted themselves; a workload's status may lag behind.
 */
export async function isHealed(
  cluster: ClusterReader,
  {ref, desired}: Healer,
  uids: readonly string[],
  options: CallOptions,
): Promise<{ok: boolean; detail: string}> {
  const live = await find(cluster, ref, options);
  if (live === undefined) return {ok: false, detail: `${describeRef(ref)} is gone`};
  const pods = await podsOf(cluster, live, options);
  const left = pods.filter((pod) => uids.includes(pod.metadata.uid ?? '')).length;
  const ready = pods.filter(isReady).length;
  const wanted = desiredOf(live);
  const behind = numberAt(live, ['status', 'observedGeneration'], 0) < numberAt(live, ['metadata', 'generation'], 0);
  const state = `${describeRef(ref)} has ${ready} of ${wanted} pods ready`;
  if (left > 0) return {ok: false, detail: `${state}, ${left} of the old ones are still there`};
  if (wanted === 0 && desired > 0) return {ok: false, detail: `${state}; it wanted ${desired} before`};
  if (behind) return {ok: false, detail: `${state}, and its controller has not seen its last change`};
  return {ok: ready >= wanted, detail: state};
}

/** What looking for the healer and watching it heal asks of the API server; without a namespace, in all of them. */
export function healPermissions(namespace?: string) {
  const place = namespace === undefined ? {} : {namespace};
  const kinds = ['ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet'];
  return [
    ...permit(['list'], {apiVersion: 'v1', kind: 'Pod', ...place}),
    ...kinds.flatMap((kind) => permit(['get'], {apiVersion: 'apps/v1', kind, ...place})),
  ];
}
