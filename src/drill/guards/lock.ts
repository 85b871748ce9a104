import {isClusterError} from '../../cluster/errors.ts';
import type {ClusterIdentity, Connection} from '../../cluster/types.ts';
import {foreignHolder} from '../lock/live-lease.ts';
import {localHolder} from '../lock/local-lock.ts';
import type {GuardAnswer} from '../types.ts';

/** Whether another drill holds the cluster now; whoever comes between this and taking the lock is met there. */
export async function guardLock(
  connection: Connection,
  runId: string,
  {locks, cluster}: {locks: string | undefined; cluster: ClusterIdentity},
): Promise<GuardAnswer[]> {
  try {
    const holder = (await localHolder(locks, cluster)) ?? (await foreignHolder(connection, runId));
    if (holder === undefined) return [{guard: 'lock', ok: true, message: 'no other drill holds the cluster'}];
    return [
      {
        guard: 'lock',
        ok: false,
        message: `another drill is running on this cluster: ${holder}`,
        hint: 'Wait until it ends, or end it with kubedrill abort.',
      },
    ];
  } catch (error) {
    // The missing permission is told by the guard for permissions.
    if (isClusterError(error, 'forbidden')) return [];
    throw error;
  }
}
