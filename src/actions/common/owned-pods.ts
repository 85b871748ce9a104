import type {CallOptions, ClusterReader, KubeObject} from '../../cluster/types.ts';
import {valueAt} from '../fields/compare.ts';
import {controllerOf, find, selectorText} from './objects.ts';

/** The kinds whose pods all match their selector: another pod that matches may be anybody's. */
const selecting = [
  ...['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'].map((kind) => `apps/v1 ${kind}`),
  'v1 ReplicationController',
];

/** Whether Kubernetes' own controllers keep the pods of a workload, as many as it wants. */
export const isBuiltIn = ({apiVersion, kind}: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean =>
  selecting.includes(`${apiVersion} ${kind}`);

/** The pods that belong to a workload, by their chain of controllers; those on their way out included. */
export async function podsOf(
  cluster: ClusterReader,
  workload: KubeObject,
  options: CallOptions,
): Promise<KubeObject[]> {
  return await ownedAmong(cluster, workload, await candidatesOf(cluster, workload, options), options);
}

/** Pods among which those of a workload are: also one on its way out whose ReplicaSet is gone by now. */
export async function candidatesOf(
  cluster: ClusterReader,
  workload: KubeObject,
  options: CallOptions,
): Promise<KubeObject[]> {
  const {namespace} = workload.metadata;
  const place = namespace === undefined ? {} : {namespace};
  if (!isBuiltIn(workload)) return await cluster.list({apiVersion: 'v1', kind: 'Pod', ...place}, options);
  const labelSelector = selectorOf(workload);
  if (labelSelector === '') return [];
  return await cluster.list({apiVersion: 'v1', kind: 'Pod', labelSelector, ...place}, options);
}

/** A ReplicationController has the labels alone. */
function selectorOf(workload: KubeObject): string {
  const selector = valueAt(workload, ['spec', 'selector']);
  return selectorText(workload.kind === 'ReplicationController' ? {matchLabels: selector ?? {}} : selector);
}

/** Those of some pods that belong to a workload: it controls them, or a ReplicaSet of theirs. */
export async function ownedAmong(
  cluster: ClusterReader,
  workload: KubeObject,
  pods: readonly KubeObject[],
  options: CallOptions,
): Promise<KubeObject[]> {
  const {uid} = workload.metadata;
  const sets = new Map<string, Promise<boolean>>();
  const isOwned = async (pod: KubeObject): Promise<boolean> => {
    const owner = controllerOf(pod);
    if (owner === undefined) return false;
    if (owner.uid === uid) return true;
    if (owner.kind !== 'ReplicaSet' || workload.kind === 'ReplicaSet') return false;
    const known = sets.get(owner.uid) ?? belongs(cluster, pod, uid, options);
    sets.set(owner.uid, known);
    return await known;
  };
  const owned = await Promise.all(pods.map(isOwned));
  return pods.filter((_, index) => owned[index]);
}

/** Whether the ReplicaSet of a pod is controlled by the object with a UID. */
async function belongs(
  cluster: ClusterReader,
  pod: KubeObject,
  uid: string | undefined,
  options: CallOptions,
): Promise<boolean> {
  const owner = controllerOf(pod);
  const {namespace} = pod.metadata;
  if (owner === undefined) return false;
  const set = await find(cluster, {...owner, ...(namespace === undefined ? {} : {namespace})}, options);
  return set !== undefined && set.metadata.uid === owner.uid && controllerOf(set)?.uid === uid;
}
