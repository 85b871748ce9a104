import {isClusterError} from '../../cluster/errors.ts';
import type {ClusterReader, KubeObject} from '../../cluster/types.ts';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {find} from '../common/objects.ts';

/** What looking at objects needs. */
export interface Looking {
  cluster: ClusterReader;
  signal: AbortSignal;
}

/**
 * An object that is made again, with the owners that there are now: one that was made again itself has another UID, and
 * the garbage collector at once takes away what belongs to owners that are gone.
 */
export async function withLiveOwners(looking: Looking, object: KubeObject): Promise<KubeObject> {
  const {ownerReferences, ...metadata} = object.metadata;
  if (!Array.isArray(ownerReferences)) return object;
  const references: JsonObject[] = [];
  for (const reference of ownerReferences.filter(isJsonObject)) {
    const uid = await liveUid(looking, reference, metadata.namespace);
    if (uid !== undefined) references.push({...reference, uid});
  }
  return {...object, metadata: references.length === 0 ? metadata : {...metadata, ownerReferences: references}};
}

/** The UID that an owner has now; undefined when there is none of its name. One that may not be looked at keeps its own. */
async function liveUid(
  {cluster, signal}: Looking,
  {apiVersion, kind, name, uid}: JsonObject,
  namespace: string | undefined,
): Promise<Json | undefined> {
  const owner = {apiVersion: String(apiVersion), kind: String(kind), name: String(name)};
  try {
    const {namespaced} = await cluster.resource(owner.apiVersion, owner.kind, {signal});
    const place = namespaced && namespace !== undefined ? {namespace} : {};
    return (await find(cluster, {...owner, ...place}, {signal}))?.metadata.uid;
  } catch (error) {
    if (isClusterError(error, 'forbidden')) return uid;
    if (isClusterError(error, 'notFound')) return undefined;
    throw error;
  }
}
