import {isClusterError} from '../../cluster/errors.ts';
import type {ClusterReader, KubeObject} from '../../cluster/types.ts';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {describeTrouble} from '../prober/pod-state.ts';

/** Why pods will not come, and how long it has to last until nobody need wait any more. */
export interface Trouble {
  detail: string;
  /** Milliseconds. */
  patience: number;
}

/** Milliseconds: what an ending pod may free in between; what a cluster's autoscaler needs to say that it acts. */
const patience = {create: 2000, place: 15_000};

/** What a pod suffers from that waiting does not cure. A container that crashes, or waits for its volumes, may be slow. */
export async function troubleOfPod(
  cluster: ClusterReader,
  pod: KubeObject,
  signal: AbortSignal,
): Promise<Trouble | undefined> {
  const seen = describeTrouble(pod, false);
  if (seen?.kind === 'image') return {detail: seen.detail, patience: 0};
  const {conditions} = object(pod.status);
  const placed = list(conditions).find(({type}) => type === 'PodScheduled');
  if (placed?.status !== 'False' || placed.reason !== 'Unschedulable') return undefined;
  const message = String(placed.message ?? '');
  if (passing.test(message)) return undefined;
  // A node may be on its way for it, as only Events say.
  const events = await eventsOf(cluster, pod, signal);
  if (events === undefined || events.some(({reason}) => reason === 'TriggeredScaleUp' || reason === 'Nominated'))
    return undefined;
  return {detail: `no node takes it: ${message}`, patience: patience.place};
}

/** Reasons of the scheduler that pass by themselves: nodes that come up, volumes that are being made. */
const passing = /not-ready|unreachable|uninitialized|PersistentVolumeClaim|persistentvolume|volume/i;

/** Why a controller cannot make the pods of a workload: by its conditions, or, where its kind has none, by Events. */
export async function troubleOfWorkload(
  cluster: ClusterReader,
  workload: KubeObject,
  signal: AbortSignal,
): Promise<Trouble | undefined> {
  const {conditions} = object(workload.status);
  const failing = list(conditions).find(({type, status}) => type === 'ReplicaFailure' && status === 'True');
  const said = failing === undefined ? await failedCreate(cluster, workload, signal) : String(failing.message ?? '');
  return said !== undefined && lasting.test(said) ? {detail: said, patience: patience.create} : undefined;
}

/** Refusals of the API server that stand until somebody changes them; a missing account is made a moment later. */
const lasting =
  /exceeded quota|failed quota|violates PodSecurity|denied( the)? request|(maximum|minimum) .* usage per|is invalid:|no PriorityClass with name/;

/** Kinds whose status does not say that pods cannot be made. */
const silent = new Set(['DaemonSet', 'Job', 'StatefulSet']);

async function failedCreate(
  cluster: ClusterReader,
  workload: KubeObject,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!silent.has(workload.kind)) return undefined;
  const failed = (await eventsOf(cluster, workload, signal))?.filter(({reason}) => reason === 'FailedCreate') ?? [];
  const last = failed.toSorted((one, other) => timeOf(one) - timeOf(other)).at(-1);
  return last === undefined ? undefined : String(last.message ?? '');
}

const timeOf = ({lastTimestamp, eventTime, metadata}: KubeObject): number =>
  Date.parse(String(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '')) || 0;

/** The Events of an object; undefined where they may not be listed: they are worth no right of their own. */
async function eventsOf(
  cluster: ClusterReader,
  {metadata}: KubeObject,
  signal: AbortSignal,
): Promise<KubeObject[] | undefined> {
  const {uid, namespace} = metadata;
  if (uid === undefined || namespace === undefined) return undefined;
  const {allowed} = await cluster.review({verb: 'list', group: '', resource: 'events', namespace}, {signal});
  if (!allowed) return undefined;
  const query = {apiVersion: 'v1', kind: 'Event', namespace, fieldSelector: `involvedObject.uid=${uid}`};
  return await cluster.list(query, {signal}).catch((error: unknown) => {
    if (isClusterError(error) && !signal.aborted) return undefined;
    throw error;
  });
}

const object = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
const list = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);
