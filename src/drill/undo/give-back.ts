import {find, onLatest} from '../../actions/common/objects.ts';
import type {UndoContext, Vault} from '../../actions/define.ts';
import {fieldOwners, givenBack} from '../../actions/fields/owners.ts';
import {isClusterError} from '../../cluster/errors.ts';
import {kubectl} from '../../cluster/names.ts';
import {isJsonObject, type JsonObject, parseJson} from '../../io/json.ts';
import {isOutside, type Target} from '../../io/target.ts';
import {isKept, type Mutation, mutationsOf} from '../../journal/recover.ts';
import type {JournalEntry, UndoRecordEntry} from '../../journal/types.ts';
import type {Outcome} from './keep.ts';
import {undoOf} from './registry.ts';

/**
 * Gives the fields of a mutation's target back to those who owned them before, so that their next server-side apply does
 * not meet the drill. The API server takes its record of field owners as it is written where nothing else changes.
 * Resolves with a failure where it does not take it, or from us; what may pass rejects, as an undo does.
 */
export async function giveBack(
  ctx: UndoContext,
  mutation: Mutation,
  {data, entries}: {data: unknown; entries: readonly JournalEntry[]},
): Promise<Outcome | undefined> {
  const {target, undo} = mutation;
  const before = await ownersBefore(undo, ctx.vault);
  if (before === undefined || isOutside(target)) return undefined;
  try {
    await write(ctx, target, {before, drop: !stays(mutation, data, entries)});
    return undefined;
  } catch (error) {
    if (!isClusterError(error, 'forbidden', 'invalid')) throw error;
    const detail = `its fields are as before, but belong to kubedrill still: ${error.message}`;
    return {state: 'failed', detail, command: `${kubectl('get', target)} -o yaml --show-managed-fields`};
  }
}

async function write(
  ctx: UndoContext,
  target: Target,
  {before, drop}: {before: readonly JsonObject[]; drop: boolean},
): Promise<void> {
  const {cluster, signal} = ctx;
  await onLatest(ctx, async () => {
    // The undo has just seen it: one answer that it is gone may be a lie, and nobody would come back to its fields.
    const live = (await find(cluster, target, {signal})) ?? (await find(cluster, target, {signal}));
    if (live === undefined || live.metadata.deletionTimestamp !== undefined) return;
    const owners = givenBack(before, fieldOwners(live), {drop});
    if (owners === undefined) return;
    const {uid, resourceVersion} = live.metadata;
    // An empty list would change nothing; an empty entry says that there are none.
    const metadata = {uid, resourceVersion, managedFields: owners.length === 0 ? [{}] : owners};
    await ctx.write.cluster.patch(target, {metadata}, {signal, type: 'merge'});
  });
}

async function ownersBefore({owners}: UndoRecordEntry, vault: Vault): Promise<JsonObject[] | undefined> {
  if (owners?.saved === undefined) return owners?.entries;
  // Without it the undo goes on as it did before there was such a record; the comparison sees what that leaves.
  const content = await vault.get(owners.saved).catch(() => undefined);
  const value: unknown = content && parseJson(content.toString('utf8'));
  return Array.isArray(value) ? value.filter(isJsonObject) : undefined;
}

/** Whether the drill leaves something of its own in the object: then that is the drill's, as far as it was nobody's. */
function stays({target, undo, ...mutation}: Mutation, data: unknown, entries: readonly JournalEntry[]): boolean {
  if (undoOf(undo.kind)?.leaves?.(data, target) !== undefined) return true;
  return mutationsOf(entries).some(
    (other) =>
      isKept(other) &&
      (other.id === mutation.id ||
        (other.target.kind === target.kind &&
          other.target.name === target.name &&
          other.target.namespace === target.namespace)),
  );
}
