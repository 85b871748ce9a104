import * as z from 'zod';
import {isClusterError} from '../../cluster/errors.ts';
import {describeRef, kubectl} from '../../cluster/names.ts';
import type {KubeObject} from '../../cluster/types.ts';
import type {JsonObject} from '../../io/json.ts';
import {json} from '../../io/json-schema.ts';
import type {Target} from '../../io/target.ts';
import {find, runLabel} from '../common/objects.ts';
import {permit} from '../common/permissions.ts';
import {contentOf, payload} from '../common/sealed.ts';
import {defineUndo, type UndoContext, type UndoOutcome, type Vault} from '../define.ts';
import {claimPermissions, claimsMade, withClaims} from '../deployment/claims.ts';
import {brief, describeFields, notOwn, overwritten, touchedBy} from '../fields/touched.ts';
import {goneOrHeld} from './held.ts';

const schema = () =>
  z.strictObject({
    /** What the drill wrote; without it the run label alone shows that the object is the drill's. */
    written: z.record(z.string(), json()).optional(),
    /** What the drill wrote, where it must not stand in the journal. */
    saved: payload().optional(),
    /** Of a StatefulSet: its controller makes claims for it, which stay. */
    claims: claimsMade().optional(),
  });
type Data = z.infer<ReturnType<typeof schema>>;

/**
 * Removes an object that the drill made. Its UID was not known when the record was written, so what it holds decides:
 * the run's label and the fields written. The delete then takes exactly the object that was looked at.
 */
export const objectRemove = defineUndo<Data>({
  kind: 'object/remove',
  summary: 'Deletes an object that the drill created, unless somebody else has changed it since.',
  schema,
  permissions: ({claims}, target) => [
    ...permit(['get', 'delete'], target),
    ...(claims === undefined ? [] : claimPermissions(target)),
  ],
  run: (ctx, data, target) => withClaims(ctx, {claims: data.claims, target}, () => remove(ctx, data, target)),
  verify: async (ctx, data, target) => {
    const live = await find(ctx.cluster, target, {signal: ctx.signal});
    if (live === undefined) return {ok: true, detail: `${describeRef(target)} is gone`};
    return isDrills(ctx, live, target)
      ? {ok: false, detail: `${describeRef(target)} is still there`}
      : {
          ok: true,
          detail: `${describeRef(target)} is another one by now (${(await foreignTo(ctx, live, data)) ?? ''})`,
        };
  },
  stays: async (ctx, data, target) => {
    const live = await find(ctx.cluster, target, {signal: ctx.signal});
    if (live === undefined || live.metadata.deletionTimestamp !== undefined) {
      return {state: 'gone', detail: `${describeRef(target)} is gone`};
    }
    const {uid, labels} = live.metadata;
    const isSame = target.uid === undefined ? labels?.[runLabel] === ctx.run.label : uid === target.uid;
    if (!isSame) return {state: 'gone', detail: `${describeRef(target)} is another one by now`};
    const foreign = await foreignTo(ctx, live, data);
    return foreign === undefined
      ? {state: 'stays', detail: `${describeRef(target)} is there, as the recovery made it`}
      : {state: 'changed', detail: foreign};
  },
  wrote: async (vault, data) => touchedBy((await writtenBy(vault, data)) ?? {}, {}),
  command: (_data, target) => kubectl('delete', target),
});

async function remove(ctx: UndoContext, data: Data, target: Target): Promise<UndoOutcome> {
  const {cluster, write, signal} = ctx;
  const live = await find(cluster, target, {signal});
  if (live === undefined) return {state: 'already', detail: 'it is gone'};
  // Whether the call took effect may not be known: then what is there was made by somebody else, and the drill's is not.
  if (!isDrills(ctx, live, target)) {
    return {state: 'already', detail: `${describeRef(target)} is another one: ${await foreignTo(ctx, live, data)}`};
  }
  const foreign = await foreignTo(ctx, live, data);
  if (foreign !== undefined) return {state: 'conflict', detail: foreign, command: kubectl('delete', target)};
  const {uid, deletionTimestamp} = live.metadata;
  if (deletionTimestamp === undefined) {
    try {
      // Foreground: the object goes after what it owns, so that "gone" is true of its pods as well.
      const propagationPolicy = 'Foreground';
      await write.cluster.delete(target, {signal, propagationPolicy, ...(uid === undefined ? {} : {uid})});
    } catch (error) {
      if (isClusterError(error, 'notFound')) return {state: 'already', detail: 'it is gone'};
      throw error;
    }
  }
  return (await goneOrHeld(ctx, target, {uid})) ?? {state: 'undone'};
}

/** Whether a live object is one that this run has made: by its UID, or by its label where no answer gave its UID. */
function isDrills({own, run}: UndoContext, live: KubeObject, target: Target): boolean {
  const {uid, labels} = live.metadata;
  return uid === target.uid || labels?.[runLabel] === run.label || own.maker(uid) !== undefined;
}

const writtenBy = (vault: Vault, {written, saved}: Data) => contentOf<JsonObject>(vault, written, saved);

/** Why a live object is not, or not only, what this run wrote. */
async function foreignTo({vault, run, own}: UndoContext, live: KubeObject, data: Data): Promise<string | undefined> {
  const label = live.metadata.labels?.[runLabel];
  if (label !== run.label) {
    return `metadata.labels.${runLabel} is ${brief(label)}, so it is not what this run (${run.label}) made`;
  }
  const fields = notOwn(overwritten((await writtenBy(vault, data)) ?? {}, live), live, own.written);
  return fields.length === 0 ? undefined : describeFields(fields, live);
}
