import type {JsonObject} from '../../io/json.ts';
import type {Target} from '../../io/target.ts';
import type {UndoContext} from '../define.ts';
import {fieldOwners, givenBack} from '../fields/owners.ts';
import {find, onLatest} from './objects.ts';

/**
 * Gives the fields of an object that the drill has taken back to those who owned them before; with `drop` what was
 * nobody's becomes nobody's again. Rejects with what the API server says where it does not take its record of owners.
 */
export async function giveFieldsBack(
  ctx: UndoContext,
  target: Target,
  {before, drop}: {before: readonly JsonObject[]; drop: boolean},
): Promise<void> {
  const {cluster, signal} = ctx;
  await onLatest(ctx, async () => {
    // The undo has just seen it: one answer that it is gone may be a lie, and nobody would come back to its fields.
    const live = (await find(cluster, target, {signal})) ?? (await find(cluster, target, {signal}));
    if (live === undefined || live.metadata.deletionTimestamp !== undefined) return;
    const owners = givenBack(before, fieldOwners(live), {drop, live});
    if (owners === undefined) return;
    const {uid, resourceVersion} = live.metadata;
    // An empty list would change nothing; an empty entry says that there are none.
    const metadata = {uid, resourceVersion, managedFields: owners.length === 0 ? [{}] : owners};
    await ctx.write.cluster.patch(target, {metadata}, {signal, type: 'merge'});
  });
}
