import * as z from 'zod';
import {shellWord} from '../../cluster/names.ts';
import type {Target} from '../../io/target.ts';
import {platformHeals} from '../common/platform-heals.ts';
import {defineUndo} from '../define.ts';
import {objectPutBack} from '../object/put-back.ts';

const schema = () =>
  z.strictObject({
    heals: platformHeals.schema,
    /** The node that the drill cordoned before it evicted the pod, and how to open it; absent when it was closed before. */
    cordon: z.strictObject({node: z.string(), putBack: objectPutBack.schema}).optional(),
  });
type Data = z.infer<ReturnType<typeof schema>>;

/**
 * Brings back what an eviction took. The pod may have nowhere to go until the drained node takes pods again, and undos
 * run newest first: so this opens the node itself, and the undo of the cordon finds that done.
 */
export const podReschedule = defineUndo<Data>({
  kind: 'pod/reschedule',
  waits: true,
  summary:
    'Lets the drained node take pods again, if the drill closed it, and waits until the controller has replaced the evicted pod.',
  schema,
  permissions: ({heals, cordon}, target) => [
    ...platformHeals.permissions(heals, target),
    ...(cordon === undefined ? [] : objectPutBack.permissions(cordon.putBack, nodeOf(cordon.node))),
  ],
  run: async (ctx, {heals, cordon}, target) => {
    // What is wrong with the node is the business of the cordon's own undo.
    const opened = cordon && (await objectPutBack.run(ctx, cordon.putBack, nodeOf(cordon.node)));
    const outcome = await platformHeals.run(ctx, heals, target);
    if (opened?.state !== 'undone' || outcome.state !== 'already') return outcome;
    return {state: 'undone', detail: `Node ${cordon?.node} takes pods again; ${outcome.detail}`};
  },
  verify: (ctx, {heals}, target) => platformHeals.verify(ctx, heals, target),
  command: ({heals, cordon}, target) =>
    cordon === undefined ? platformHeals.command(heals, target) : `kubectl uncordon ${shellWord(cordon.node)}`,
});

const nodeOf = (name: string): Target => ({apiVersion: 'v1', kind: 'Node', name});
