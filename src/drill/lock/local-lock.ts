import {createHash} from 'node:crypto';
import {mkdir, rmdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {ClusterIdentity} from '../../cluster/types.ts';
import {messageOf, RefusedError} from '../../io/errors.ts';
import type {Log} from '../../io/log.ts';
import type {JournalEntry} from '../../journal/types.ts';
import {claim, livingOwner, release} from '../record/owner.ts';

/** What names a cluster's lock on this machine, and who wants it. */
interface Locking {
  /** Folder of this machine's locks; absent: none is kept, as for a cluster that lives in this process. */
  locks: string | undefined;
  cluster: Pick<ClusterIdentity, 'uid' | 'server'>;
  /** As whom: shown to the next. */
  holder: string;
  log: Log;
}

/** The lock of this machine for a cluster. */
export interface LocalLock {
  release(): Promise<void>;
}

/**
 * Takes the lock of this machine for a cluster, beside the Lease in it: it holds while the API server is away, and when
 * the cluster's data are put back to a time without that Lease. A dead process holds nothing. Rejects with a
 * RefusedError when another drill of this machine is on the cluster. A folder that cannot be written is no reason not to
 * go on: the Lease is what counts between machines.
 */
export async function takeLocalLock({locks, cluster, holder, log}: Locking): Promise<LocalLock> {
  if (locks === undefined) return {release: async () => undefined};
  const folder = folderOf(locks, cluster);
  try {
    await mkdir(folder, {recursive: true, mode: 0o700});
  } catch (error) {
    log.warn('no lock is kept on this machine', {error: messageOf(error)});
    return {release: async () => undefined};
  }
  if (!(await claim(folder, holder))) throw taken((await livingOwner(folder)) ?? 'another process');
  return {
    release: async () => {
      await release(folder);
      // Only an empty one goes: the next may be there already.
      await rmdir(folder).catch(() => undefined);
    },
  };
}

/**
 * The same for the rollback of a run, under the address that the cluster had then: it needs no API server. Resolves with
 * undefined for a run that has asked no cluster.
 */
export async function relockLocally(
  entries: readonly JournalEntry[],
  rest: Omit<Locking, 'cluster'>,
): Promise<LocalLock | undefined> {
  const cluster = entries.find((entry) => entry.type === 'cluster.identified');
  return cluster?.type === 'cluster.identified' ? await takeLocalLock({...rest, cluster}) : undefined;
}

/** Who holds the lock of this machine for a cluster; undefined when nobody does. Only reads. */
export async function localHolder(
  locks: string | undefined,
  cluster: Pick<ClusterIdentity, 'uid' | 'server'>,
): Promise<string | undefined> {
  return locks === undefined ? undefined : await livingOwner(folderOf(locks, cluster));
}

/** By address too: a cluster restored from a copy of another's data has its UID. */
function folderOf(locks: string, {uid, server}: Pick<ClusterIdentity, 'uid' | 'server'>): string {
  return join(locks, createHash('sha256').update(`${uid} ${server}`).digest('hex').slice(0, 16));
}

function taken(holder: string): RefusedError {
  return new RefusedError(`another drill of this machine is running on this cluster: ${holder}`, {
    code: 'E_LOCKED',
    hint: 'Wait until it ends, or end it with kubedrill abort.',
  });
}
