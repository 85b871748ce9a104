import {isClusterError} from '../../cluster/errors.ts';
import {groupOf} from '../../cluster/names.ts';
import type {KubeObject} from '../../cluster/types.ts';
import type {Target} from '../../io/target.ts';
import {find, numberAt, until, waitGone} from '../common/objects.ts';
import type {UndoContext} from '../define.ts';

/**
 * Removes an object that was made again only for what its predecessor has left behind (`propagationPolicy: Orphan`): its
 * controller adopts that, and it goes along.
 */
export async function removeWithOrphans(ctx: UndoContext, target: Target, made: KubeObject): Promise<void> {
  const {cluster, write, signal} = ctx;
  const {uid} = made.metadata;
  if (groupOf(made.apiVersion) === 'apps') {
    // These controllers adopt before they say that they have seen the object.
    await until(ctx, async () => {
      const live = await find(cluster, target, {signal});
      if (live === undefined) return true;
      return numberAt(live, ['status', 'observedGeneration'], 0) >= 1 ? true : undefined;
    });
  }
  try {
    await write.cluster.delete(target, {
      signal,
      propagationPolicy: 'Foreground',
      ...(uid === undefined ? {} : {uid}),
    });
  } catch (error) {
    if (!isClusterError(error, 'notFound')) throw error;
  }
  await waitGone(ctx, target, uid);
}
