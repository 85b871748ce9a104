import {isClusterError} from '../../cluster/errors.ts';
import {listKinds} from '../../cluster/kinds.ts';
import type {ApiResource, ClusterReader, KubeObject, Permission} from '../../cluster/types.ts';
import {permitExactly} from '../common/permissions.ts';
import {type Kind, nameOf} from './owned-kinds.ts';

/** Objects that may belong to others. */
export interface Candidates {
  objects: KubeObject[];
  /** Kinds that discovery has shown and that this user may not list, and groups whose kinds it does not tell. */
  unseen: string[];
  /** Rights that are missing to look at a kind whose objects are known to belong to others. */
  missing: Permission[];
}

interface Place {
  cluster: ClusterReader;
  /** Where to look; undefined: in the whole cluster, where objects belong to one that is in no namespace. */
  namespace: string | undefined;
  signal: AbortSignal;
}

/** Lists under way at once: the API server's own limits are for many users. */
const atOnce = 8;

/** A record of what happened to an object stays, and a heartbeat comes again. */
const skipped = new Set(['Event', 'PodMetrics', 'NodeMetrics']);

/** All objects in a place, of the known kinds and of all others that the API server serves and lets this user list. */
export async function candidatesIn(place: Place, known: readonly Kind[]): Promise<Candidates> {
  const {cluster, namespace, signal} = place;
  const names = new Set(known.map(nameOf));
  const {kinds: served, silent} = await listKinds(cluster, {signal});
  const others = served.filter(
    (one) => !names.has(nameOf(one)) && !skipped.has(one.kind) && (one.namespaced || namespace === undefined),
  );
  const all: Candidates = {objects: [], unseen: [...silent], missing: []};
  const tasks = [
    ...known.map((kind) => async () => {
      const resource = await resourceOf(place, kind);
      if (resource === undefined || (!resource.namespaced && namespace !== undefined)) return;
      const objects = await listed(place, kind);
      if (objects === undefined) all.missing.push(...permitExactly(['list'], resource, namespace));
      else all.objects.push(...objects);
    }),
    ...others.map((kind) => async () => {
      const objects = (await mayList(place, kind)) ? await listed(place, kind) : undefined;
      if (objects === undefined) all.unseen.push(kind.kind);
      else all.objects.push(...objects);
    }),
  ];
  await Promise.all(
    Array.from({length: atOnce}, async () => {
      for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) await task();
    }),
  );
  return all;
}

/** A kind that this API server does not know has no objects. */
async function resourceOf({cluster, signal}: Place, {apiVersion, kind}: Kind): Promise<ApiResource | undefined> {
  try {
    return await cluster.resource(apiVersion, kind, {signal});
  } catch (error) {
    if (isClusterError(error, 'notFound')) return undefined;
    throw error;
  }
}

/** Undefined where this user may not. */
async function listed({cluster, namespace, signal}: Place, kind: Kind): Promise<KubeObject[] | undefined> {
  const {apiVersion} = kind;
  const query = {apiVersion, kind: kind.kind, ...(namespace === undefined ? {} : {namespace})};
  try {
    return await cluster.list(query, {signal});
  } catch (error) {
    if (isClusterError(error, 'notFound')) return [];
    if (isClusterError(error, 'forbidden')) return undefined;
    throw error;
  }
}

/** Asked before, as a refusal would stand in the API server's audit log. */
async function mayList(
  {cluster, namespace, signal}: Place,
  {apiVersion, resource}: {apiVersion: string; resource: string},
): Promise<boolean> {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  const permission = {verb: 'list', group, resource, ...(namespace === undefined ? {} : {namespace})};
  return (await cluster.review(permission, {signal})).allowed;
}
