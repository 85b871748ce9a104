import {isClusterError} from '../../cluster/errors.ts';
import {describeRef} from '../../cluster/names.ts';
import type {ClusterReader, KubeObject, Permission} from '../../cluster/types.ts';
import {isJsonObject, type JsonObject} from '../../io/json.ts';
import {giveFieldsBack} from '../common/give-back.ts';
import {find, refOf, waitGone} from '../common/objects.ts';
import {permit} from '../common/permissions.ts';
import type {UndoContext} from '../define.ts';
import {valueAt} from '../fields/compare.ts';
import {fieldOwners} from '../fields/owners.ts';
import type {Kind} from './owned-kinds.ts';
import {recreatable} from './recreatable.ts';

const endpoints: Kind = {apiVersion: 'v1', kind: 'Endpoints'};

/** The kinds of which objects go with one, and are made again with it: its controller does not. */
const companionKinds: Readonly<Record<string, Kind>> = {
  'apps/v1 Deployment': {apiVersion: 'apps/v1', kind: 'ReplicaSet'},
  'apps/v1 StatefulSet': {apiVersion: 'apps/v1', kind: 'ControllerRevision'},
  'apps/v1 DaemonSet': {apiVersion: 'apps/v1', kind: 'ControllerRevision'},
  'v1 Service': endpoints,
};
const kindFor = ({apiVersion, kind}: Kind): Kind | undefined => companionKinds[`${apiVersion} ${kind}`];

interface Looking {
  cluster: ClusterReader;
  signal: AbortSignal;
}

/**
 * What goes with an object and is made again with it from copies: the releases that a workload can be rolled back to,
 * and the addresses that a person has written for a Service without a selector.
 */
export async function companionsOf({cluster, signal}: Looking, object: KubeObject): Promise<KubeObject[]> {
  const kind = kindFor(object);
  const {namespace, name, uid} = object.metadata;
  if (kind === undefined || namespace === undefined) return [];
  if (kind === endpoints) {
    if (hasSelector(object)) return [];
    const live = await find(cluster, {...endpoints, namespace, name}, {signal});
    return live === undefined ? [] : [live];
  }
  const all = await cluster.list({...kind, namespace}, {signal});
  const own = all.filter(({metadata}) => ownersOf(metadata).some((reference) => reference.uid === uid));
  // The one of now is made by the controller.
  return own.length > 1 ? own : [];
}

/** What finding, making again and looking at companions asks of the API server. */
export function companionPermissions(of: Kind, namespace: string | undefined): Permission[] {
  const kind = kindFor(of);
  const place = namespace === undefined ? {} : {namespace};
  return kind === undefined
    ? []
    : permit(['get', ...(kind === endpoints ? ['patch'] : ['list']), 'create'], {...kind, ...place});
}

/**
 * Makes companions again that are not there. Those that belonged to the object come before it, as nobody's: its
 * controller takes them over, and counts its releases from theirs. The others belong again to whom they belonged.
 */
export async function bring(ctx: UndoContext, companions: readonly KubeObject[]): Promise<void> {
  for (const companion of companions) {
    const ref = refOf(companion);
    const isOwned = ownersOf(companion.metadata).length > 0;
    // The garbage collector takes the old one; what no owner takes away stays, once the object is there again.
    if (isOwned) await waitGone(ctx, ref, companion.metadata.uid);
    else if ((await find(ctx.cluster, ref, {signal: ctx.signal})) !== undefined) continue;
    try {
      await ctx.write.cluster.create(unowned(companion), {signal: ctx.signal});
    } catch (error) {
      if (!isClusterError(error, 'alreadyExists')) throw error;
    }
    // A controller that takes one over writes it as its own.
    if (!isOwned) await giveFieldsBack(ctx, ref, {before: fieldOwners(companion), drop: true});
  }
}

/** The first companion that is missing, as a sentence. */
export async function missing(
  {cluster, signal}: Looking,
  companions: readonly KubeObject[],
): Promise<string | undefined> {
  for (const companion of companions) {
    const ref = refOf(companion);
    if ((await find(cluster, ref, {signal})) === undefined) return `${describeRef(ref)} is not there`;
  }
  return undefined;
}

/** Whether a companion is made before the object itself. */
export const isEarlier = (companion: KubeObject): boolean => ownersOf(companion.metadata).length > 0;

/** A copy that belongs to nobody, and runs nothing. */
function unowned(companion: KubeObject): KubeObject {
  const {metadata, ...object} = recreatable(companion);
  const {ownerReferences: _owners, ...rest} = metadata;
  const spec = object.kind === 'ReplicaSet' && isJsonObject(object.spec) ? {spec: {...object.spec, replicas: 0}} : {};
  return {...object, ...spec, metadata: rest} as KubeObject;
}

function ownersOf({ownerReferences}: JsonObject): JsonObject[] {
  return Array.isArray(ownerReferences) ? ownerReferences.filter(isJsonObject) : [];
}

function hasSelector(service: KubeObject): boolean {
  const selector = valueAt(service, ['spec', 'selector']);
  return isJsonObject(selector) && Object.keys(selector).length > 0;
}
