import * as z from 'zod';
import {describeRef, kubectl} from '../../cluster/names.ts';
import type {Target} from '../../io/target.ts';
import {find, numberAt, onLatest} from '../common/objects.ts';
import {permit} from '../common/permissions.ts';
import {defineUndo, type UndoContext, type UndoOutcome} from '../define.ts';
import {scaled} from './scaled.ts';

const schema = () =>
  z.strictObject({
    uid: z.string(),
    before: z.int().min(0),
    after: z.int().min(0),
  });
type Data = z.infer<ReturnType<typeof schema>>;

/** Scales a workload back to what it had. */
export const scalePutBack = defineUndo<Data>({
  kind: 'scale/put-back',
  summary: 'Gives a workload the number of replicas that it had, unless somebody else has scaled it since.',
  schema,
  permissions: (_data, target) => [...permit(['get'], target), ...permit(['patch'], target, 'scale')],
  run: (ctx, data, target) => onLatest(ctx, () => scaleBack(ctx, data, target)),
  verify: async ({cluster, signal}, {before}, target) => {
    const live = await find(cluster, target, {signal});
    if (live === undefined) return {ok: false, detail: `${describeRef(target)} is gone`};
    const replicas = numberAt(live, ['spec', 'replicas'], 1);
    return {ok: replicas === before, detail: `spec.replicas is ${replicas}, it was ${before}`};
  },
  command: ({before}, target) => kubectl('scale', target, `--replicas=${before}`),
});

async function scaleBack(
  {cluster, write, signal}: UndoContext,
  {uid, before, after}: Data,
  target: Target,
): Promise<UndoOutcome> {
  const command = kubectl('scale', target, `--replicas=${before}`);
  const live = await find(cluster, target, {signal});
  if (live === undefined) return {state: 'conflict', detail: `${describeRef(target)} is gone`, command};
  const replicas = numberAt(live, ['spec', 'replicas'], 1);
  if (replicas === before) return {state: 'already', detail: `spec.replicas is ${before}`};
  if (live.metadata.uid !== uid) {
    return {state: 'conflict', detail: `${describeRef(target)} is another object by now (its UID differs)`, command};
  }
  if (replicas !== after) {
    return {state: 'conflict', detail: `spec.replicas is ${replicas} where ${after} was written`, command};
  }
  await write.cluster.patch(target, scaled(live, before), {signal, type: 'merge', subresource: 'scale'});
  return {state: 'undone', detail: `spec.replicas is ${before} again`};
}
