import {roleLabel, runLabel} from '../actions/common/objects.ts';
import {isClusterError} from '../cluster/errors.ts';
import {type ListedKind, listKinds} from '../cluster/kinds.ts';
import type {Connection, FrozenRef, KubeObject} from '../cluster/types.ts';
import type {Clock} from '../io/clock.ts';
import {expiresAnnotation, hasExpired} from './expiry.ts';
import {liveLease, ownNamespace, runLabelOf} from './lease.ts';

/** Milliseconds that removed objects have to be gone, and between two looks. */
const goneWithin = 120_000;
const look = 500;

export interface Orphans {
  found: FrozenRef[];
  /** Still there at the end. */
  left: FrozenRef[];
}

/**
 * Removes what carries the label of a run that is over: one that does not hold the cluster's lock with a fresh lease, or
 * that has expired, as its lease or anything else of it says.
 * For runs whose folder is lost; a folder knows more (fields to put back, deleted objects), so `rollback RUN` comes
 * first. What a recovery made is left alone: it is the repaired service.
 */
export async function rollbackOrphans(
  connection: Connection,
  {dryRun, clock}: {dryRun: boolean; clock: Clock},
): Promise<Orphans> {
  const holding = await liveLease(connection, {clock});
  const find = async () => {
    const objects = await labelled(connection);
    const active = holding === undefined || isOver(holding, objects, clock.wall()) ? undefined : runLabelOf(holding);
    return objects.filter(
      (object) =>
        runLabelOf(object) !== active &&
        object.metadata.labels?.[roleLabel] !== 'recovery' &&
        // A run that lives may hold its lock in the namespace that a dead one made.
        !(active !== undefined && object.kind === 'Namespace' && object.metadata.name === ownNamespace),
    );
  };
  const objects = await find();
  const found = objects.map(freeze);
  if (dryRun || found.length === 0) return {found, left: found};
  // Namespaces last: what is in them should go by its own delete, and be seen to.
  for (const object of objects.sort((a, b) => Number(a.kind === 'Namespace') - Number(b.kind === 'Namespace'))) {
    await remove(connection, object);
  }
  const deadline = clock.mono() + goneWithin;
  for (;;) {
    const uids = new Set(found.map(({uid}) => uid));
    const left = (await find()).map(freeze).filter(({uid}) => uids.has(uid));
    if (left.length === 0 || clock.mono() >= deadline) return {found, left};
    await clock.sleep(look);
  }
}

/** What the lease says comes first: a rollback of an expired run holds it anew. */
function isOver(holding: KubeObject, objects: readonly KubeObject[], now: Date): boolean {
  if (holding.metadata.annotations?.[expiresAnnotation] !== undefined) return hasExpired(holding, now);
  return objects.some((object) => runLabelOf(object) === runLabelOf(holding) && hasExpired(object, now));
}

async function labelled({reader}: Connection): Promise<KubeObject[]> {
  const kinds = await listKinds(reader);
  const lists = await Promise.all(kinds.map((kind) => list(reader, kind)));
  // Events and the objects that controllers make go with their owners.
  return lists.flat().filter(({metadata}) => !Array.isArray(metadata.ownerReferences));
}

async function list(reader: Connection['reader'], {apiVersion, kind}: ListedKind): Promise<KubeObject[]> {
  try {
    return await reader.list({apiVersion, kind, labelSelector: runLabel});
  } catch (error) {
    // A kind that this user may not see cannot hold anything that this user's drills have made.
    if (isClusterError(error, 'forbidden', 'notFound')) return [];
    throw error;
  }
}

async function remove({writer}: Connection, object: KubeObject): Promise<void> {
  const ref = freeze(object);
  const {resourceVersion} = object.metadata;
  // A lease that another drill has taken over meanwhile keeps its UID, and is alive.
  const version = object.kind === 'Lease' && resourceVersion !== undefined ? {resourceVersion} : {};
  try {
    await writer.delete(ref, {uid: ref.uid, ...version, propagationPolicy: 'Background'});
  } catch (error) {
    // Gone, or another object of the same name by now: neither is ours.
    if (!isClusterError(error, 'notFound', 'conflict')) throw error;
  }
}

function freeze({apiVersion, kind, metadata: {name, namespace, uid}}: KubeObject): FrozenRef {
  return {apiVersion, kind, name, uid: uid ?? '', ...(namespace === undefined ? {} : {namespace})};
}
