import {isClusterError} from '../../cluster/errors.ts';
import {describeRef} from '../../cluster/names.ts';
import type {CallOptions, ClusterReader, KubeObject, ObjectRef, Permission} from '../../cluster/types.ts';
import type {JsonObject} from '../../io/json.ts';
import type {UndoRecord} from '../define.ts';
import {valueAt} from '../fields/compare.ts';
import {endOf, isJob, neededBy} from './jobs.ts';
import {controllerOf, find, isReady, numberAt, refOf} from './objects.ts';
import {candidatesOf, isBuiltIn, ownedAmong, podsOf} from './owned-pods.ts';
import {permit, permitExactly} from './permissions.ts';
import {isKeptByDesign} from './rollout.ts';

/** The annotation by which `kubectl rollout restart` does it. */
export const restartAnnotation = 'kubectl.kubernetes.io/restartedAt';

/** A controller that heals, and how many pods it wanted, or had, when the drill looked. */
export interface Healer {
  ref: ObjectRef;
  desired: number;
}

/** The controller of a pod, as far up as pods are counted. */
export interface Owner extends Healer {
  /** Whether it surely makes a new pod for one that is gone: what an operator does nobody knows. */
  isSure: boolean;
}

/**
 * The controller that will replace a pod, or may: the Deployment behind its ReplicaSet where there is one, since a
 * rollout moves pods to another ReplicaSet; else whatever controls it. Undefined for a bare pod, for one whose
 * controller is gone, and for the mirror of a static pod.
 */
export async function healerOf(
  cluster: ClusterReader,
  pod: KubeObject,
  options: CallOptions,
): Promise<Owner | undefined> {
  const controller = isMirror(pod) ? undefined : await controllerIn(cluster, pod, options);
  if (controller === undefined) return undefined;
  const above = controller.kind === 'ReplicaSet' ? await controllerIn(cluster, controller, options) : undefined;
  const top = above ?? controller;
  const desired = desiredOf(top) ?? (await podsOf(cluster, top, options)).filter(isAlive).length;
  return {ref: refOf(top), desired, isSure: isBuiltIn(controller)};
}

/** Whether a pod only shows what a kubelet runs from a file of its own. */
export const isMirror = ({metadata}: KubeObject): boolean =>
  metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;

/** Whether a pod is neither on its way out nor has ended. */
export function isAlive(pod: KubeObject): boolean {
  const phase = valueAt(pod, ['status', 'phase']);
  return pod.metadata.deletionTimestamp === undefined && phase !== 'Succeeded' && phase !== 'Failed';
}

/** The live controller of an object; undefined where it has none, or none any more. */
async function controllerIn(
  cluster: ClusterReader,
  object: KubeObject,
  options: CallOptions,
): Promise<KubeObject | undefined> {
  const owner = controllerOf(object);
  if (owner === undefined) return undefined;
  const {namespace} = object.metadata;
  try {
    const isNamespaced = isBuiltIn(owner) || (await cluster.resource(owner.apiVersion, owner.kind, options)).namespaced;
    const place = isNamespaced && namespace !== undefined ? {namespace} : {};
    const live = await find(cluster, {...owner, ...place}, options);
    return live?.metadata.uid === owner.uid ? live : undefined;
  } catch (error) {
    // Its kind is not served any more.
    if (isClusterError(error, 'notFound')) return undefined;
    throw error;
  }
}

/** How many pods a workload of Kubernetes' own kinds wants; undefined for others, which say it in their own ways. */
export function desiredOf(workload: KubeObject): number | undefined {
  if (!isBuiltIn(workload)) return undefined;
  return workload.kind === 'DaemonSet'
    ? numberAt(workload, ['status', 'desiredNumberScheduled'], 0)
    : numberAt(workload, ['spec', 'replicas'], 1);
}

/** The record by which the undo phase waits until the platform has healed the loss of some pods. */
export function healsRecord({ref, desired}: Healer, uids: readonly string[]): UndoRecord {
  return {kind: 'platform/heals', data: {healer: {...ref} satisfies JsonObject, desired, uids: [...uids]}};
}

/** The pods that were to go, and whether a rollout was to take them: that keeps some by design. */
export interface Taken {
  uids: readonly string[];
  isRollout?: boolean;
}

/**
 * Whether the platform has healed: the workload has as many ready pods as it wants, or as it had, and none of the old
 * ones is left. Pods are counted themselves, by their owner; a workload's status may lag behind.
 */
export async function isHealed(
  cluster: ClusterReader,
  {ref, desired}: Healer,
  {uids, isRollout = false}: Taken,
  options: CallOptions,
): Promise<{ok: boolean; detail: string}> {
  const live = await find(cluster, ref, options);
  if (live === undefined) return {ok: false, detail: `${describeRef(ref)} is gone`};
  const listed = await candidatesOf(cluster, live, options);
  const old = listed.filter((pod) => uids.includes(pod.metadata.uid ?? ''));
  const left = old.filter((pod) => !(isRollout && isAlive(pod) && isKeptByDesign(live, pod))).length;
  const kept = old.length - left;
  const end = isJob(live) ? endOf(live) : undefined;
  if (end === 'Failed') return {ok: false, detail: `${describeRef(ref)} has failed`};
  if (end === 'Complete' && left === 0) return {ok: true, detail: `${describeRef(ref)} has done its work`};
  const ready = (await ownedAmong(cluster, live, listed, options)).filter(isReady).length;
  const wanted = desiredOf(live) ?? (isJob(live) ? neededBy(live, desired) : desired);
  const state = `${describeRef(ref)} has ${ready} of ${wanted} pods ready`;
  if (left > 0) return {ok: false, detail: `${state}, ${left} of the old ones are still there`};
  if (isBuiltIn(live) && wanted === 0 && desired > 0) {
    return {ok: false, detail: `${state}; it wanted ${desired} before`};
  }
  if (isBehind(live)) return {ok: false, detail: `${state}, and its controller has not seen its last change`};
  return {ok: ready >= wanted, detail: kept === 0 ? state : `${state}, ${kept} old ones stay as its rollout has it`};
}

/** Kinds that note no generation are never behind. */
function isBehind(live: KubeObject): boolean {
  const seen = valueAt(live, ['status', 'observedGeneration']) ?? (isBuiltIn(live) ? 0 : undefined);
  return typeof seen === 'number' && seen < numberAt(live, ['metadata', 'generation'], 0);
}

/** Whose pods are usual; the right to look at others is asked for where a pod belongs to one. */
const usualKinds = ['ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet'];

/** What looking for the healer and watching it heal asks of the API server; without a namespace, in all of them. */
export function healPermissions(namespace?: string) {
  const place = namespace === undefined ? {} : {namespace};
  return [
    ...permit(['list'], {apiVersion: 'v1', kind: 'Pod', ...place}),
    ...usualKinds.flatMap((kind) => permit(['get'], {apiVersion: 'apps/v1', kind, ...place})),
  ];
}

/** What watching controllers of other kinds heal asks beyond {@link healPermissions}: only their pods name them. */
export async function ownerPermissions(
  cluster: ClusterReader,
  owners: readonly Healer[],
  options: CallOptions,
): Promise<Permission[]> {
  const isUsual = ({apiVersion, kind}: ObjectRef) => apiVersion === 'apps/v1' && usualKinds.includes(kind);
  const others = owners.map(({ref}) => ref).filter((ref) => !isUsual(ref));
  const kinds = new Map(others.map((ref) => [`${ref.apiVersion} ${ref.kind} ${ref.namespace}`, ref]));
  const permissions = await Promise.all(
    [...kinds.values()].map(async ({apiVersion, kind, namespace}) => {
      const resource = await cluster.resource(apiVersion, kind, options);
      return [
        ...permitExactly(['get'], resource, namespace),
        ...(resource.namespaced ? [] : permit(['list'], {apiVersion: 'v1', kind: 'Pod'})),
      ];
    }),
  );
  return permissions.flat();
}
