import {roleLabel} from '../../actions/common/objects.ts';
import {isClusterError} from '../../cluster/errors.ts';
import {listKinds} from '../../cluster/kinds.ts';
import type {Connection, FrozenRef, KubeObject} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import {expiresAnnotation, hasExpired} from '../lock/expiry.ts';
import {liveLease, ownNamespace, runLabelOf} from '../lock/live-lease.ts';
import {type PartlySeen, type SeenKind, searchLabelled} from './labelled.ts';

/** Milliseconds that removed objects have to be gone, and between two looks. */
const goneWithin = 120_000;
const look = 500;

export interface Orphans {
  found: FrozenRef[];
  /** Still there at the end. */
  left: FrozenRef[];
  /** Kinds that this user may list in some namespaces alone: elsewhere there may be more. */
  partly: PartlySeen[];
  /** Kinds that this user may not list anywhere: of these there may be orphans. */
  unseen: SeenKind[];
  /** Groups that are served, and of which nobody tells the kinds. */
  silent: string[];
}

interface OrphansRequest {
  dryRun: boolean;
  clock: Clock;
  /** A namespace to look into where this user may not list all of them. */
  namespace?: string;
}

/**
 * Removes what carries the label of a run that is over: one that does not hold the cluster's lock with a fresh lease, or
 * that has expired, as its lease or anything else of it says.
 * For runs whose folder is lost; a folder knows more (fields to put back, deleted objects), so `rollback RUN` comes
 * first. What a recovery made is left alone: it is the repaired service.
 */
export async function rollbackOrphans(connection: Connection, request: OrphansRequest): Promise<Orphans> {
  const {dryRun, clock, namespace} = request;
  const holding = await liveLease(connection, {clock});
  const {kinds, silent} = await listKinds(connection.reader);
  const {objects: all, partly, unseen} = await searchLabelled(connection, kinds, namespace);
  const active = holding === undefined || isOver(holding, all, clock.wall()) ? undefined : runLabelOf(holding);
  const orphans = all.filter(
    (object) =>
      // Events and the objects that controllers make go with their owners.
      !Array.isArray(object.metadata.ownerReferences) &&
      runLabelOf(object) !== active &&
      object.metadata.labels?.[roleLabel] !== 'recovery' &&
      // A run that lives may hold its lock in the namespace that a dead one made.
      !(active !== undefined && object.kind === 'Namespace' && object.metadata.name === ownNamespace),
  );
  const found = orphans.map(freeze);
  if (dryRun || found.length === 0) return {found, left: found, partly, unseen, silent};
  // Namespaces last: what is in them should go by its own delete, and be seen to.
  for (const object of orphans.toSorted((a, b) => Number(a.kind === 'Namespace') - Number(b.kind === 'Namespace'))) {
    await remove(connection, object);
  }
  const touched = kinds.filter(({kind}) => found.some((ref) => ref.kind === kind));
  const deadline = clock.mono() + goneWithin;
  for (;;) {
    const {objects} = await searchLabelled(connection, touched, namespace);
    const present = new Set(objects.map(identityOf));
    const left = orphans.filter((object) => present.has(identityOf(object))).map(freeze);
    if (left.length === 0 || clock.mono() >= deadline) return {found, left, partly, unseen, silent};
    await clock.sleep(look);
  }
}

/** Which object it is, and of which run: another drill that takes over the lease keeps its UID. */
const identityOf = (object: KubeObject): string => `${object.metadata.uid} ${runLabelOf(object)}`;

/** What the lease says comes first: a rollback of an expired run holds it anew. */
function isOver(holding: KubeObject, objects: readonly KubeObject[], now: Date): boolean {
  if (holding.metadata.annotations?.[expiresAnnotation] !== undefined) return hasExpired(holding, now);
  return objects.some((object) => runLabelOf(object) === runLabelOf(holding) && hasExpired(object, now));
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
