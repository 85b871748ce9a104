import * as z from 'zod';
import {lateWithin, refOf, runLabel} from '../actions/common/objects.ts';
import {defineUndo, type UndoContext} from '../actions/define.ts';
import {isClusterError} from '../cluster/errors.ts';
import {kubectl, shellWord} from '../cluster/names.ts';
import type {KubeObject, ListQuery} from '../cluster/types.ts';

/** Label on every object of a canary: its name in the scenario. */
export const canaryLabel = 'kubedrill.dev/canary';

const schema = () => z.strictObject({canary: z.string(), namespace: z.string()});
type Data = z.infer<ReturnType<typeof schema>>;

/**
 * Removes all that a canary wrote. It is found by its labels and not by names, because the record is on disk before the
 * first write and covers them all; so it also takes what a restore brought back.
 */
export const canaryRemove = defineUndo<Data>({
  kind: 'canary/remove',
  summary: "Deletes every ConfigMap that the run's canary wrote.",
  schema,
  permissions: ({namespace}) =>
    ['list', 'delete'].map((verb) => ({verb, group: '', resource: 'configmaps', namespace})),
  run: async (ctx, data) => {
    const {clock, signal} = ctx;
    const removed = new Set<string | undefined>();
    let last = clock.mono();
    // A write may arrive after all others are gone.
    while (clock.mono() - last < lateWithin) {
      for (const object of await written(ctx, data)) {
        await remove(ctx, object);
        removed.add(object.metadata.uid);
        last = clock.mono();
      }
      await clock.sleep(look, signal);
    }
    return removed.size === 0
      ? {state: 'already', detail: 'there is none'}
      : {state: 'undone', detail: `${removed.size} ConfigMaps`};
  },
  verify: async (ctx, data) => {
    const left = await written(ctx, data);
    return left.length === 0
      ? {ok: true, detail: 'no ConfigMap of the canary is left'}
      : {ok: false, detail: `${left.length} ConfigMaps of the canary are left`};
  },
  command: ({canary, namespace}, {name}) =>
    `${kubectl('delete', {apiVersion: 'v1', kind: 'ConfigMap', namespace, name}).replace(/ configmap\/.*$/, ' configmap')} -l ${shellWord(`${canaryLabel}=${canary}`)}`,
});

/** Milliseconds between two looks. */
const look = 500;

/** What a run's canary wrote in a namespace. */
export const canaryQuery = (run: {label: string}, {canary, namespace}: Data): ListQuery => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace,
  labelSelector: `${runLabel}=${run.label},${canaryLabel}=${canary}`,
});

/** What is there and not on its way out. */
async function written({cluster, run, signal}: UndoContext, data: Data): Promise<KubeObject[]> {
  const objects = await cluster.list(canaryQuery(run, data), {signal});
  return objects.filter(({metadata}) => metadata.deletionTimestamp === undefined);
}

async function remove({write, signal}: UndoContext, object: KubeObject): Promise<void> {
  const {uid} = object.metadata;
  try {
    await write.cluster.delete(refOf(object), {signal, ...(uid === undefined ? {} : {uid})});
  } catch (error) {
    // Gone, or another one of its name by now: the list that verifies decides.
    if (!isClusterError(error, 'notFound') && !isClusterError(error, 'conflict')) throw error;
  }
}
