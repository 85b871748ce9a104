import * as z from 'zod';
import {isClusterError} from '../../cluster/errors.ts';
import {describeRef, kubectl} from '../../cluster/names.ts';
import type {KubeObject} from '../../cluster/types.ts';
import {DrillError, ExitCode} from '../../io/errors.ts';
import {isJsonObject} from '../../io/json.ts';
import type {Target} from '../../io/target.ts';
import {find} from '../common/objects.ts';
import {permit} from '../common/permissions.ts';
import {contentOf, payload} from '../common/sealed.ts';
import {defineUndo, type UndoContext, type UndoOutcome} from '../define.ts';
import {difference} from './as-it-was.ts';
import {bring, companionPermissions, isEarlier, missing} from './companions.ts';
import {goneOrHeld} from './held.ts';
import {removeWithOrphans} from './orphans.ts';
import {withLiveOwners} from './owners.ts';
import {recreatable} from './recreatable.ts';

const schema = () =>
  z.strictObject({
    /** UID of the object that is deleted. */
    uid: z.string(),
    /** Where the vault keeps it, as it was. */
    saved: payload(),
    /** What it owned was left behind: `propagationPolicy: Orphan`. */
    orphans: z.boolean().optional(),
    /** Where the vault keeps what goes with it and is made again with it; see {@link companionsOf}. */
    companions: payload().optional(),
  });
type Data = z.infer<ReturnType<typeof schema>>;

/** Creates an object again from the copy in the vault. */
export const objectRecreate = defineUndo<Data>({
  kind: 'object/recreate',
  summary: 'Creates a deleted object again from the copy that was saved before; its UID is a new one.',
  schema,
  permissions: ({orphans, companions}, target) => [
    ...permit(['get', 'create', 'patch', ...(orphans ? ['delete'] : [])], target),
    ...(companions === undefined ? [] : companionPermissions(target, target.namespace)),
  ],
  run: async (ctx, data, target) => {
    const {cluster, signal} = ctx;
    const live = await find(cluster, target, {signal});
    const lost = await lostBy(ctx, live, {data, target});
    if (lost !== undefined) return lost;
    const settled = settledBy(ctx, live, target);
    const hasOrphans = live === undefined && data.orphans === true && !ctx.own.isRemoved;
    // Nobody but an object of its name can take along what a fixture has left behind.
    const isForOrphans = settled !== undefined && hasOrphans;
    const companions = settled === undefined || live !== undefined ? await companionsIn(ctx, data) : [];
    if (settled !== undefined && !isForOrphans) {
      await bring(ctx, companions);
      return {state: 'already', detail: settled};
    }
    const wanted = recreatable(await load(ctx, data, target));
    if (live !== undefined && live.metadata.deletionTimestamp === undefined) {
      const {uid = ''} = live.metadata;
      if (uid !== data.uid && ctx.own.maker(uid) === 'step') {
        return {state: 'failed', detail: 'what another step of the drill made in its place is still there'};
      }
      const detail = await difference(ctx, live, wanted);
      // Never deleted: what somebody has changed since is not the drill's.
      if (uid === data.uid && detail !== undefined) return {state: 'already', detail: 'it was never deleted'};
      if (detail === undefined && uid !== data.uid) await bring(ctx, companions);
      return detail === undefined
        ? {state: 'already', detail: 'it is there, as it was', ...(uid === data.uid ? {} : {uid})}
        : {
            state: 'conflict',
            detail: `somebody else made it again: ${detail}`,
            command: kubectl('get', target, '-o yaml'),
          };
    }
    // On its way out: finalizers may hold it for a while.
    const held = live && (await goneOrHeld(ctx, target, {uid: live.metadata.uid, after: byHand(data)}));
    if (held !== undefined) return held;
    await bring(ctx, companions.filter(isEarlier));
    const made = await create(ctx, await withLiveOwners(ctx, wanted), target);
    if (made === undefined) return {state: 'already', detail: 'its namespace, which the drill itself made, is gone'};
    if (isForOrphans) {
      await removeWithOrphans(ctx, target, made);
      return {state: 'undone', detail: 'made again and removed, with what it had left behind'};
    }
    await bring(
      ctx,
      companions.filter((one) => !isEarlier(one)),
    );
    return {state: 'undone', ...(made.metadata.uid === undefined ? {} : {uid: made.metadata.uid})};
  },
  verify: async (ctx, data, target) => {
    const live = await find(ctx.cluster, target, {signal: ctx.signal});
    const settled = settledBy(ctx, live, target);
    if (settled !== undefined) return {ok: true, detail: settled};
    if (live === undefined) return {ok: false, detail: `${describeRef(target)} is not there`};
    if (live.metadata.deletionTimestamp !== undefined) {
      return {ok: false, detail: `${describeRef(target)} is on its way out`};
    }
    const detail =
      (live.metadata.uid === data.uid
        ? undefined
        : await difference(ctx, live, recreatable(await load(ctx, data, target)))) ??
      (await missing(ctx, await companionsIn(ctx, data)));
    return detail === undefined
      ? {ok: true, detail: `${describeRef(target)} is there, as it was`}
      : {ok: false, detail};
  },
  stays: async ({cluster, signal}, {uid}, target) => {
    const live = await find(cluster, target, {signal});
    return live === undefined || live.metadata.uid === uid
      ? {state: 'stays', detail: `${describeRef(target)} is gone`}
      : {state: 'gone', detail: `${describeRef(target)} is there again`};
  },
  leaves: (_data, {apiVersion, kind}) =>
    apiVersion === 'v1' && kind === 'Pod'
      ? {path: 'spec.ephemeralContainers', gone: true, because: 'a Pod cannot be made with debug containers'}
      : undefined,
  command: byHand,
});

function byHand({saved}: Data): string {
  return `kubectl create -f vault/${saved.file}`;
}

/** What went with the object, where a copy was kept. */
async function companionsIn({vault}: UndoContext, {companions}: Data): Promise<KubeObject[]> {
  return (await contentOf<KubeObject[]>(vault, undefined, companions)) ?? [];
}

/** Why the object is not to be made again, whatever it was: the drill's own recovery made it, or its undo takes it away. */
function settledBy({own}: UndoContext, live: KubeObject | undefined, target: Target): string | undefined {
  if (live !== undefined && live.metadata.deletionTimestamp === undefined) {
    return own.maker(live.metadata.uid) === 'kept' ? 'the recovery made it again' : undefined;
  }
  if (own.isRemoved) return 'the recovery deleted it, too';
  const fixture = own.fixture(target);
  return fixture && `it is gone, and ${fixture}`;
}

/**
 * What the recovery made in the object's place is not what it was, and a check says that it is not back: the copy in the
 * vault is the only one then, and somebody has to say which of them is right.
 */
async function lostBy(
  ctx: UndoContext,
  live: KubeObject | undefined,
  {data, target}: {data: Data; target: Target},
): Promise<UndoOutcome | undefined> {
  const isKept = live !== undefined && ctx.own.isDoubted && ctx.own.maker(live.metadata.uid) === 'kept';
  if (!isKept || live.metadata.deletionTimestamp !== undefined || ctx.own.fixture(target) !== undefined)
    return undefined;
  const detail = await difference(ctx, live, recreatable(await load(ctx, data, target)));
  return detail === undefined
    ? undefined
    : {
        state: 'conflict',
        detail: `the recovery made it again, but not as it was: ${detail}`,
        command: `kubectl replace -f vault/${data.saved.file}`,
      };
}

/** Makes the object; undefined where its namespace is gone, and was not there before the drill either. */
async function create(
  {write, own, signal}: UndoContext,
  object: KubeObject,
  target: Target,
): Promise<KubeObject | undefined> {
  try {
    return await write.cluster.create(object, {signal});
  } catch (error) {
    if (isClusterError(error, 'notFound') && own.fixture(target) !== undefined) return undefined;
    throw error;
  }
}

async function load({vault}: UndoContext, {saved}: Data, target: Target): Promise<KubeObject> {
  const value = await contentOf<unknown>(vault, undefined, saved);
  if (isJsonObject(value) && isJsonObject(value.metadata)) return value as KubeObject;
  throw new DrillError(`the vault's file ${saved.file} holds no ${describeRef(target)}`, ExitCode.dirty, {
    code: 'E_VAULT',
  });
}
