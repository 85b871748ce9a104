import * as z from 'zod';
import {describeRef, kubectl} from '../../cluster/names.ts';
import type {KubeObject} from '../../cluster/types.ts';
import type {Target} from '../../io/target.ts';
import {find, numberAt, onLatest} from '../common/objects.ts';
import {replacedBy} from '../common/own.ts';
import {patchPermissions} from '../common/permissions.ts';
import {untilRested} from '../common/rest.ts';
import {defineUndo, type UndoContext, type UndoOutcome} from '../define.ts';
import {notOwn} from '../fields/touched.ts';
import type {OwnWork} from '../own-work.ts';
import {leftToAutoscaler} from './autoscalers.ts';
import {claimPermissions, claimsMade, withClaims} from './claims.ts';
import {readyPods, scaled} from './scaled.ts';

const schema = () =>
  z.strictObject({
    uid: z.string(),
    before: z.int().min(0),
    after: z.int().min(0),
    /** How many of its pods were ready. Absent where no controller keeps count, and in records of earlier versions. */
    ready: z.int().min(0).optional(),
    /** Of a StatefulSet that gets more pods. */
    claims: claimsMade().optional(),
    /** Who else decides how many there are. */
    autoscaler: z.string().optional(),
  });
type Data = z.infer<ReturnType<typeof schema>>;

/** Scales a workload back to what it had. */
export const scalePutBack = defineUndo<Data>({
  kind: 'scale/put-back',
  summary: 'Gives a workload the number of replicas that it had, unless somebody else has scaled it since.',
  schema,
  permissions: ({claims}, target) => [
    ...patchPermissions(target, 'scale'),
    ...(claims === undefined ? [] : claimPermissions(target)),
  ],
  run: (ctx, data, target) =>
    withClaims(ctx, {claims: data.claims, target}, () => onLatest(ctx, () => scaleBack(ctx, data, target))),
  rests: ({ready}) => ready !== undefined,
  rest: untilBack,
  verify: async (ctx, {before, after, autoscaler}, target) => {
    const live = await find(ctx.cluster, target, {signal: ctx.signal});
    const settled = settledBy(ctx, live, target);
    if (settled !== undefined) return {ok: true, detail: settled};
    if (live === undefined) return {ok: false, detail: `${describeRef(target)} is gone`};
    const replicas = numberAt(live, ['spec', 'replicas'], 1);
    // An autoscaler may go on from what was put back at once.
    const ok = replicas === before || (autoscaler !== undefined && replicas !== after);
    return {ok, detail: `spec.replicas is ${replicas}, it was ${before}`};
  },
  stays: async ({cluster, own, signal}, {uid, before, after, autoscaler}, target) => {
    const live = await find(cluster, target, {signal});
    if (live === undefined || (live.metadata.uid !== uid && own.maker(live.metadata.uid) !== 'undo')) {
      return {state: 'gone', detail: `${describeRef(target)} is gone, or another object by now`};
    }
    const replicas = numberAt(live, replicasPath, 1);
    const detail = `spec.replicas is ${replicas} where ${after} was written`;
    if (replicas === after || isOwn(own, live)) return {state: 'stays', detail};
    if (replicas === before) return {state: 'gone', detail};
    return {state: autoscaler === undefined ? 'changed' : 'stays', detail};
  },
  leaves: ({autoscaler}) => leftToAutoscaler(autoscaler),
  wrote: async (_vault, {before, after}) => [{path: [...replicasPath], before, after}],
  command: ({before}, target) => kubectl('scale', target, `--replicas=${before}`),
});

const replicasPath = ['spec', 'replicas'];

/** Waits until the workload has as many pods as before, and as many of them ready: replicas are but a wish. */
function untilBack(ctx: UndoContext, {before, ready = 0}: Data, target: Target) {
  return untilRested(ctx, target, {
    back: `spec.replicas is ${before} again`,
    look: (live) => {
      // Scaled otherwise by somebody who is right: its pods are not the drill's any more.
      if (numberAt(live, replicasPath, 1) !== before) return {rested: true};
      const waiting = missing(live, Math.min(ready, before));
      return waiting === undefined ? {rested: true} : {waiting};
    },
  });
}

/** What is still to come; undefined when all is as before. */
function missing(live: KubeObject, ready: number): string | undefined {
  const [wanted, has] = [numberAt(live, replicasPath, 1), numberAt(live, ['status', 'replicas'], 0)];
  if (numberAt(live, ['status', 'observedGeneration'], 0) < numberAt(live, ['metadata', 'generation'], 0)) {
    return 'its controller has not seen the change';
  }
  if (has > wanted) return `it has ${has} pods, and had ${wanted}`;
  const now = readyPods(live);
  return now < ready ? `${now} of its pods are ready, and ${ready} were` : undefined;
}

/** Why nothing is to be scaled back: there is nothing to scale, or the recovery has scaled it since. */
function settledBy(ctx: UndoContext, live: KubeObject | undefined, target: Target): string | undefined {
  const replaced = replacedBy(ctx, live, target);
  if (replaced !== undefined || live === undefined || !isOwn(ctx.own, live)) return replaced;
  return `spec.replicas is ${numberAt(live, replicasPath, 1)}, as the recovery wrote`;
}

/** Whether the replicas are what the recovery wrote. */
const isOwn = ({written}: OwnWork, live: KubeObject): boolean =>
  notOwn([{path: replicasPath}], live, written).length === 0;

async function scaleBack(ctx: UndoContext, data: Data, target: Target): Promise<UndoOutcome> {
  const {uid, before, after, autoscaler} = data;
  const {cluster, write, own, signal} = ctx;
  const command = kubectl('scale', target, `--replicas=${before}`);
  const live = await find(cluster, target, {signal});
  const settled = settledBy(ctx, live, target);
  if (settled !== undefined) return {state: 'already', detail: settled};
  if (live === undefined) return {state: 'conflict', detail: `${describeRef(target)} is gone`, command};
  const replicas = numberAt(live, ['spec', 'replicas'], 1);
  if (replicas === before) return {state: 'already', detail: `spec.replicas is ${before}`};
  if (live.metadata.uid !== uid && own.maker(live.metadata.uid) !== 'undo') {
    return {state: 'conflict', detail: `${describeRef(target)} is another object by now (its UID differs)`, command};
  }
  if (autoscaler !== undefined && replicas > before) {
    return {state: 'already', detail: `spec.replicas is ${replicas}, it was ${before}: ${autoscaler} has scaled it up`};
  }
  // What an autoscaler has made of the drill's number is what the drill has caused.
  if (replicas !== after && autoscaler === undefined) {
    return {state: 'conflict', detail: `spec.replicas is ${replicas} where ${after} was written`, command};
  }
  await write.cluster.patch(target, scaled(live, before), {signal, type: 'merge', subresource: 'scale'});
  return {state: 'undone', detail: `spec.replicas is ${before} again`};
}
