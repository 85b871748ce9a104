import * as z from 'zod';
import {find, runLabel, waitGone} from '../../actions/common/objects.ts';
import {defineUndo, type UndoContext} from '../../actions/define.ts';
import {isClusterError} from '../../cluster/errors.ts';
import type {Target} from '../../io/target.ts';
import {holderOf} from './lease.ts';

const schema = () => z.strictObject({holder: z.string()});

/**
 * Gives the drill's lock back. Someone else's lease of the same name is left alone. A namespace that a drill has made
 * for the lock goes while the lock is still held, and the lease with it: nobody can take the lock in between and lose
 * it with the namespace. That may be another drill's namespace, whose run crashed or came second to the lock.
 */
export const leaseRelease = defineUndo({
  kind: 'lease/release',
  summary: 'Deletes the Lease by which the drill held the cluster, if it is still the holder.',
  schema,
  permissions: () => [],
  run: async (ctx, {holder}, target) => {
    const {cluster, write, signal} = ctx;
    const live = await find(cluster, target, {signal});
    if (live === undefined) return {state: 'already', detail: 'the lease is gone'};
    if (holderOf(live) !== holder) return {state: 'already', detail: `held by ${holderOf(live)} by now`};
    if (await removeNamespace(ctx, namespaceOf(target))) return {state: 'undone'};
    const {uid, resourceVersion} = live.metadata;
    try {
      await write.cluster.delete(target, {
        signal,
        ...(uid === undefined ? {} : {uid}),
        ...(resourceVersion === undefined ? {} : {resourceVersion}),
      });
    } catch (error) {
      if (!isClusterError(error, 'notFound')) throw error;
    }
    return {state: 'undone'};
  },
  verify: async ({cluster, signal}, {holder}, target) => {
    const live = await find(cluster, target, {signal});
    return live !== undefined && holderOf(live) === holder
      ? {ok: false, detail: 'the lease is still held by this run'}
      : {ok: true, detail: 'the lease is not held by this run'};
  },
  command: (_, target) => `kubectl -n ${target.namespace ?? 'kubedrill'} delete lease ${target.name}`,
});

/** The namespace of a lease. */
const namespaceOf = ({namespace = 'kubedrill'}: Target): Target => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  name: namespace,
});

/**
 * Deletes the lock's namespace with the lease in it, and waits until it is gone. False when it stays: somebody made it
 * by hand, or this user may not. Only for the holder of the lease.
 */
export async function removeNamespace(ctx: UndoContext, target: Target): Promise<boolean> {
  const {cluster, write, signal} = ctx;
  const live = await find(cluster, target, {signal});
  if (live === undefined) return true;
  const {uid, labels = {}, deletionTimestamp} = live.metadata;
  if (labels[runLabel] === undefined) return false;
  if (deletionTimestamp === undefined) {
    try {
      await write.cluster.delete(target, {signal, ...(uid === undefined ? {} : {uid})});
    } catch (error) {
      if (isClusterError(error, 'forbidden')) return false;
      // A wrong 404: waiting for what nobody deletes would take the whole deadline.
      const later = isClusterError(error, 'notFound') ? await find(cluster, target, {signal}) : live;
      if (later !== undefined && later.metadata.uid === uid) throw error;
    }
  }
  await waitGone(ctx, target, uid);
  return true;
}
