import * as z from 'zod';
import {describeRef, kubectl} from '../../cluster/names.ts';
import type {Target} from '../../io/target.ts';
import {defineUndo, type UndoContext} from '../define.ts';
import {valueAt} from '../fields/compare.ts';
import {type Healer, healPermissions, isHealed, restartAnnotation, type Taken} from './heals.ts';
import {find, lateWithin, pollEvery} from './objects.ts';
import {isBuiltIn} from './owned-pods.ts';
import {permit} from './permissions.ts';

const schema = () =>
  z.strictObject({
    healer: z.strictObject({
      apiVersion: z.string(),
      kind: z.string(),
      name: z.string(),
      namespace: z.string().optional(),
    }),
    desired: z.int().min(0),
    uids: z.array(z.string()),
    /** What a restart writes into {@link restartAnnotation}. */
    restartedAt: z.string().optional(),
  });
type Data = z.infer<ReturnType<typeof schema>>;

const healerOf = ({healer: {namespace, ...ref}, desired}: Data): Healer => ({
  ref: {...ref, ...(namespace === undefined ? {} : {namespace})},
  desired,
});

const takenBy = ({uids, restartedAt}: Data): Taken => ({uids, isRollout: restartedAt !== undefined});

/** Changes nothing: waits until the platform itself has replaced what a fault took, if it took anything. */
export const platformHeals = defineUndo<Data>({
  kind: 'platform/heals',
  waits: true,
  summary:
    'Waits until the controller has as many ready pods of its own as it wants, or as it had, and none of the old ones is left; nothing when the fault never took effect.',
  schema,
  permissions: ({healer}, target) => [
    ...healPermissions(healer.namespace ?? 'default'),
    ...(isBuiltIn(healer) ? [] : permit(['get'], healerOf({healer, desired: 0, uids: []}).ref)),
    ...(target.kind === 'Pod'
      ? permit(['get'], {apiVersion: 'v1', kind: 'Pod', namespace: target.namespace ?? 'default'})
      : []),
  ],
  run: async (ctx, data, target) => {
    const {cluster, clock, signal} = ctx;
    const healer = healerOf(data);
    let seen = {ok: false, detail: 'the platform was not asked in time'};
    let untouchedSince: number | undefined;
    while (!signal.aborted) {
      try {
        seen = await isHealed(cluster, healer, takenBy(data), {signal});
        if (seen.ok) return {state: 'already', detail: `healed: ${seen.detail}`};
        const fixture = await goneWith(ctx, healer);
        if (fixture !== undefined) return {state: 'already', detail: fixture};
        const now = clock.mono();
        untouchedSince = (await isUntouched(ctx, data, target)) ? (untouchedSince ?? now) : undefined;
        if (untouchedSince !== undefined && now - untouchedSince >= lateWithin) {
          return {state: 'already', detail: untouched(target)};
        }
        await clock.sleep(pollEvery, signal);
      } catch (error) {
        // The deadline: what was seen last says more than the abort.
        if (!signal.aborted) throw error;
      }
    }
    return {state: 'failed', detail: `not healed in time: ${seen.detail}`, command: watch(data)};
  },
  verify: async (ctx, data, target) => {
    const seen = await isHealed(ctx.cluster, healerOf(data), takenBy(data), {signal: ctx.signal});
    const fixture = seen.ok ? undefined : await goneWith(ctx, healerOf(data));
    if (fixture !== undefined) return {ok: true, detail: fixture};
    return seen.ok || !(await isUntouched(ctx, data, target)) ? seen : {ok: true, detail: untouched(target)};
  },
  leaves: ({restartedAt}) =>
    restartedAt === undefined
      ? undefined
      : {
          path: `spec.template.metadata.annotations.${restartAnnotation}`,
          because: 'it is the mark of the restart, as kubectl leaves it; without it the pods would start again',
        },
  command: watch,
});

/** Why nobody has to heal: the workload is gone, and was not there before the drill. */
async function goneWith({cluster, own, signal}: UndoContext, {ref}: Healer): Promise<string | undefined> {
  const fixture = own.fixture(ref);
  if (fixture === undefined || (await find(cluster, ref, {signal})) !== undefined) return undefined;
  return `${describeRef(ref)} is gone, and ${fixture}`;
}

const untouched = (target: Target) => `${describeRef(target)} is as it was: the call never took effect`;

/** The very pod, alive; or the very workload, without the mark of the restart. */
async function isUntouched({cluster, signal}: UndoContext, {restartedAt}: Data, target: Target): Promise<boolean> {
  if (target.kind !== 'Pod' && restartedAt === undefined) return false;
  const live = await find(cluster, target, {signal});
  if (live === undefined || live.metadata.uid !== target.uid || live.metadata.deletionTimestamp !== undefined) {
    return false;
  }
  const mark = valueAt(live, ['spec', 'template', 'metadata', 'annotations', restartAnnotation]);
  return target.kind === 'Pod' || mark !== restartedAt;
}

function watch(data: Data): string {
  const {ref} = healerOf(data);
  const rollout = ['Deployment', 'StatefulSet', 'DaemonSet'].includes(ref.kind);
  return kubectl(rollout ? 'rollout status' : 'get', ref);
}
