import * as z from 'zod';
import {find, runLabel, waitGone} from '../../actions/common/objects.ts';
import {defineUndo, type UndoContext} from '../../actions/define.ts';
import {isClusterError} from '../../cluster/errors.ts';
import {describeRef, kubectl} from '../../cluster/names.ts';
import type {KubeObject} from '../../cluster/types.ts';
import type {Target} from '../../io/target.ts';
import {holderOf, leaseObject} from './lease.ts';
import {removeNamespace} from './lease-release.ts';

const schema = () =>
  z.strictObject({
    /** Name of the lease in it, and as whom the drill holds it. */
    lease: z.string(),
    holder: z.string(),
  });
type Data = z.infer<ReturnType<typeof schema>>;

/**
 * Removes the namespace that the drill made for its lock, unless another drill holds the lock in it: that one removes
 * it. The lock is taken for the deletion, so that no other drill can begin in a namespace that is about to go.
 */
export const lockNamespace = defineUndo<Data>({
  kind: 'lock/namespace',
  summary: "Deletes kubedrill's own namespace, unless another drill holds the lock in it.",
  schema,
  permissions: () => [],
  run: async (ctx, data, target) => {
    const live = await find(ctx.cluster, target, {signal: ctx.signal});
    if (live === undefined) return {state: 'already', detail: 'it is gone'};
    const {deletionTimestamp, labels = {}, uid} = live.metadata;
    if (labels[runLabel] === undefined) return {state: 'already', detail: 'there is one that no drill made'};
    if (deletionTimestamp !== undefined) {
      await waitGone(ctx, target, uid);
      return {state: 'undone'};
    }
    const holder = await lockedBy(ctx, data, target);
    if (holder !== data.holder) return {state: 'already', detail: leftTo(holder)};
    return (await removeNamespace(ctx, target))
      ? {state: 'undone'}
      : {state: 'failed', detail: `${describeRef(target)} may not be deleted by this user`, command: command(target)};
  },
  verify: async (ctx, data, target) => {
    const {signal} = ctx;
    const live = await find(ctx.cluster, target, {signal});
    if (live?.metadata.labels?.[runLabel] === undefined)
      return {ok: true, detail: `${describeRef(target)} is not ours`};
    const lease = await find(ctx.cluster, leaseIn(data, target), {signal});
    const holder = lease === undefined ? data.holder : holderOf(lease);
    return holder === data.holder
      ? {ok: false, detail: `${describeRef(target)} is still there`}
      : {ok: true, detail: leftTo(holder)};
  },
  command: (_, target) => command(target),
});

const command = (target: Target) => kubectl('delete', target);
const leftTo = (holder: string) => `left to ${holder}, who holds the lock in it`;
const leaseIn = ({lease}: Data, {name}: Target): Target => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: name,
  name: lease,
});

/** Takes the lock if nobody has it. Resolves with who holds it then. */
async function lockedBy(ctx: UndoContext, data: Data, namespace: Target): Promise<string> {
  const {cluster, write, signal, clock, run} = ctx;
  const target = leaseIn(data, namespace);
  let live: KubeObject | undefined = await find(cluster, target, {signal});
  if (live === undefined) {
    try {
      live = await write.cluster.create(leaseObject(target, {holder: data.holder, clock, run}), {signal});
    } catch (error) {
      if (!isClusterError(error, 'alreadyExists')) throw error;
      live = await cluster.get(target, {signal});
    }
  }
  return holderOf(live);
}
