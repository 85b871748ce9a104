import {isClusterError} from '../../cluster/errors.ts';
import type {CallOptions, ClusterReader, FrozenRef, KubeObject, ObjectRef} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {valueAt} from '../fields/compare.ts';

/** Label on everything that a run makes. */
export const runLabel = 'kubedrill.dev/run';

/** Label that says in which role an object was made: what a recovery made stays when the run is over. */
export const roleLabel = 'kubedrill.dev/role';

/** Milliseconds between two looks at something that is awaited. */
export const pollEvery = 100;

/** Milliseconds before the second look: what only has to leave the store is gone before a person could notice. */
const firstPoll = 10;

/**
 * Milliseconds for which an undo goes on looking where nothing is left to do. It begins when the calls that it takes
 * back have ended for the runner; what was on its way then may still arrive.
 */
export const lateWithin = 3000;

/** The object, or undefined when there is none of that name. */
export async function find(
  cluster: ClusterReader,
  ref: ObjectRef,
  options: CallOptions,
): Promise<KubeObject | undefined> {
  try {
    return await cluster.get(ref, options);
  } catch (error) {
    if (isClusterError(error, 'notFound')) return undefined;
    throw error;
  }
}

/** Whether a namespace certainly does not exist; a user who may not look does not know. */
export async function isNamespaceMissing(cluster: ClusterReader, name: string, options: CallOptions): Promise<boolean> {
  try {
    return (await find(cluster, {apiVersion: 'v1', kind: 'Namespace', name}, options)) === undefined;
  } catch (error) {
    if (isClusterError(error, 'forbidden')) return false;
    throw error;
  }
}

/** Looks again and again, less and less often, until `look` gives something. Rejects with the signal's reason when it is aborted. */
export async function until<T>(
  {clock, signal}: {clock: Clock; signal: AbortSignal},
  look: () => Promise<T | undefined>,
): Promise<T> {
  for (let pause = firstPoll; ; pause = Math.min(pause * 2, pollEvery)) {
    signal.throwIfAborted();
    const seen = await look();
    if (seen !== undefined) return seen;
    await clock.sleep(pause, signal);
  }
}

/** Milliseconds before each further attempt at a write that status updates of the object got in the way of. */
const pauses = [10, 20, 40, 80, 160, 320, 640];

/**
 * Looks and writes anew when the API server refused a write because the object had changed since it was looked at.
 * Such a refusal is definite: nothing was written. Busy objects change every few milliseconds, by status alone.
 */
export async function onLatest<T>(
  {clock, signal}: {clock: Clock; signal: AbortSignal},
  lookAndWrite: () => Promise<T>,
): Promise<T> {
  for (const pause of pauses) {
    try {
      return await lookAndWrite();
    } catch (error) {
      if (!isClusterError(error, 'conflict')) throw error;
      await clock.sleep(pause, signal);
    }
  }
  return await lookAndWrite();
}

/** Waits until no object of that name and UID is left. */
export async function waitGone(
  ctx: {cluster: ClusterReader; clock: Clock; signal: AbortSignal},
  ref: ObjectRef,
  uid: string | undefined,
): Promise<void> {
  await until(ctx, async () => {
    const live = await find(ctx.cluster, ref, {signal: ctx.signal});
    return live === undefined || live.metadata.uid !== uid ? true : undefined;
  });
}

/** Names an object of an answer. */
export function refOf({apiVersion, kind, metadata: {name, namespace}}: KubeObject): ObjectRef {
  return {apiVersion, kind, name, ...(namespace === undefined ? {} : {namespace})};
}

/** Names an object of an answer and no later one of its name. */
export function freeze(object: KubeObject): FrozenRef {
  return {...refOf(object), uid: object.metadata.uid ?? ''};
}

/** The ownerReference of the controller that made an object, if one did. */
export function controllerOf(
  object: KubeObject,
): {apiVersion: string; kind: string; name: string; uid: string} | undefined {
  const owners = object.metadata.ownerReferences;
  const owner = (Array.isArray(owners) ? owners : []).find((entry) => isJsonObject(entry) && entry.controller === true);
  if (!isJsonObject(owner)) return undefined;
  const {apiVersion, kind, name, uid} = owner;
  return {apiVersion: text(apiVersion), kind: text(kind), name: text(name), uid: text(uid)};
}

/** Whether a pod is ready and not on its way out. */
export function isReady(pod: KubeObject): boolean {
  const conditions = valueAt(pod, ['status', 'conditions']);
  return (
    pod.metadata.deletionTimestamp === undefined &&
    (Array.isArray(conditions) ? conditions : []).some(
      (condition) => isJsonObject(condition) && condition.type === 'Ready' && condition.status === 'True',
    )
  );
}

/** A LabelSelector of the API as kubectl writes it. */
export function selectorText(selector: Json | undefined): string {
  if (!isJsonObject(selector)) return '';
  const labels = isJsonObject(selector.matchLabels) ? selector.matchLabels : {};
  const expressions = Array.isArray(selector.matchExpressions) ? selector.matchExpressions : [];
  return [
    ...Object.entries(labels).map(([key, value]) => `${key}=${text(value)}`),
    ...expressions.filter(isJsonObject).map(requirement),
  ].join(',');
}

function requirement({key, operator, values}: JsonObject): string {
  const list = (Array.isArray(values) ? values : []).map(text).join(',');
  switch (operator) {
    case 'In':
      return `${text(key)} in (${list})`;
    case 'NotIn':
      return `${text(key)} notin (${list})`;
    case 'DoesNotExist':
      return `!${text(key)}`;
    default:
      return text(key);
  }
}

/** A number at a path; `fallback` where Kubernetes leaves it out. */
export function numberAt(object: KubeObject, path: readonly string[], fallback: number): number {
  const value = valueAt(object, path);
  return typeof value === 'number' ? value : fallback;
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
