import * as z from 'zod';
import {describeRef, kubectl} from '../../cluster/names.ts';
import type {KubeObject} from '../../cluster/types.ts';
import type {Target} from '../../io/target.ts';
import {find, onLatest} from '../common/objects.ts';
import {replacedBy} from '../common/own.ts';
import {patchPermissions} from '../common/permissions.ts';
import {contentOf, payload} from '../common/sealed.ts';
import {defineUndo, type UndoContext, type UndoOutcome, type Vault} from '../define.ts';
import {leftToAutoscaler, lessAutoscaled} from '../deployment/autoscalers.ts';
import {claimPermissions, claimsMade, withClaims} from '../deployment/claims.ts';
import {putBackByHand} from '../fields/by-hand.ts';
import {pathText} from '../fields/path.ts';
import {type FieldsState, notOwn, putBack, stateOf, type TouchedField, touchedField} from '../fields/touched.ts';
import {rolledBack, rolloutBefore, rolloutPermissions} from './rollout.ts';

const schema = () =>
  z.strictObject({
    uid: z.string(),
    subresource: z.string().optional(),
    fields: z.array(touchedField()).optional(),
    /** The fields, where they must not stand in the journal. */
    saved: payload().optional(),
    /** Of a workload whose template is changed. */
    rollout: rolloutBefore().optional(),
    /** Of a StatefulSet that gets more pods. */
    claims: claimsMade().optional(),
    /** Of a workload whose replicas are changed: who else decides about them. */
    autoscaler: z.string().optional(),
  });
type Data = z.infer<ReturnType<typeof schema>>;

/** Writes the original values of the touched fields back, where they still hold what the drill wrote. */
export const objectPutBack = defineUndo<Data>({
  kind: 'object/put-back',
  summary:
    'Gives the fields that the drill changed their original values, unless somebody else has changed them since.',
  schema,
  permissions: ({subresource, rollout, claims}, target) => [
    ...patchPermissions(target, subresource),
    ...(rollout === undefined ? [] : rolloutPermissions(target)),
    ...(claims === undefined ? [] : claimPermissions(target)),
  ],
  run: (ctx, data, target) =>
    withClaims(ctx, {claims: data.claims, target}, () => onLatest(ctx, () => writeBack(ctx, data, target))),
  rests: ({rollout}) => rollout !== undefined,
  rest: async (ctx, {rollout}, target) => (rollout === undefined ? undefined : await rolledBack(ctx, rollout, target)),
  verify: async (ctx, data, target) => {
    const live = await find(ctx.cluster, target, {signal: ctx.signal});
    const settled = replacedBy(ctx, live, target);
    if (settled !== undefined) return {ok: true, detail: settled};
    const wrong = mismatch(ctx, live, data, target);
    if (live === undefined || wrong !== undefined) return {ok: false, detail: wrong ?? ''};
    const state = await lookAt(ctx, live, data);
    if (state.state === 'original') return {ok: true, detail: state.detail};
    return {ok: false, detail: state.state === 'foreign' ? state.detail : 'the fields still hold what the drill wrote'};
  },
  stays: async (ctx, data, target) => {
    const live = await find(ctx.cluster, target, {signal: ctx.signal});
    if (live === undefined || mismatch(ctx, live, data, target) !== undefined) {
      return {state: 'gone', detail: `${describeRef(target)} is gone, or another object by now`};
    }
    const fields = notOwn(
      lessAutoscaled(await fieldsOf(ctx.vault, data), live, data.autoscaler),
      live,
      ctx.own.written,
    );
    const state = stateOf(live, fields);
    if (state.state === 'foreign') return {state: 'changed', detail: state.detail};
    return state.state === 'original' && fields.length > 0
      ? {state: 'gone', detail: 'the fields hold what they did before the recovery'}
      : {state: 'stays', detail: 'the fields hold what the recovery wrote'};
  },
  wrote: fieldsOf,
  leaves: ({autoscaler}) => leftToAutoscaler(autoscaler),
  command,
});

async function writeBack(ctx: UndoContext, data: Data, target: Target): Promise<UndoOutcome> {
  const {cluster, write, signal} = ctx;
  const live = await find(cluster, target, {signal});
  const settled = replacedBy(ctx, live, target);
  if (settled !== undefined) return {state: 'already', detail: settled};
  const wrong = mismatch(ctx, live, data, target);
  if (live === undefined || wrong !== undefined)
    return {state: 'conflict', detail: wrong ?? '', command: command(data, target)};
  const state = await lookAt(ctx, live, data);
  if (state.state === 'original') return {state: 'already', detail: state.detail};
  if (state.state === 'foreign') return {state: 'conflict', detail: state.detail, command: command(data, target)};
  const {subresource} = data;
  const {uid, resourceVersion} = live.metadata;
  // The version of the look: nobody's change in between is overwritten.
  const metadata = {uid, resourceVersion};
  const patch = putBack(state.fields, live);
  const own = patch.metadata;
  const merged = {...patch, metadata: typeof own === 'object' ? {...own, ...metadata} : metadata};
  await write.cluster.patch(target, merged, {
    signal,
    type: 'merge',
    ...(subresource === undefined ? {} : {subresource}),
  });
  return {state: 'undone', detail: state.fields.map(({path}) => pathText(path)).join(', ')};
}

/** What became of the fields, those left out that the recovery has written since. */
async function lookAt(
  {vault, own}: UndoContext,
  live: KubeObject,
  data: Data,
): Promise<Exclude<FieldsState, {state: 'original'}> | {state: 'original'; detail: string}> {
  const all = await fieldsOf(vault, data);
  const left = lessAutoscaled(all, live, data.autoscaler);
  const fields = notOwn(left, live, own.written);
  const state = stateOf(live, fields);
  if (state.state !== 'original') return state;
  const detail =
    fields.length < left.length
      ? 'the fields hold what the recovery wrote'
      : left.length < all.length
        ? `${data.autoscaler} has scaled it up`
        : 'the fields hold their original values';
  return {...state, detail};
}

/** Why there is nothing to write back to: no object, or another one of the same name. */
function mismatch({own}: UndoContext, live: KubeObject | undefined, {uid}: Data, target: Target): string | undefined {
  if (live === undefined) return `${describeRef(target)} is gone`;
  // Made again from the copy of the changed object, with its changes.
  const isRemade = own.maker(live.metadata.uid) === 'undo';
  return live.metadata.uid === uid || isRemade
    ? undefined
    : `${describeRef(target)} is another object by now (its UID differs)`;
}

async function fieldsOf(vault: Vault, {fields, saved}: Data): Promise<TouchedField[]> {
  return (await contentOf(vault, fields as TouchedField[] | undefined, saved)) ?? [];
}

function command({fields, saved, subresource}: Data, target: Target): string {
  if (fields === undefined) return `${kubectl('edit', target)}  # the original values are in vault/${saved?.file}`;
  return putBackByHand(target, fields as TouchedField[], subresource);
}
