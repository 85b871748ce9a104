import type {ClusterIdentity, Connection} from '../../cluster/types.ts';
import {RefusedError} from '../../io/errors.ts';
import type {JournalEntry} from '../../journal/types.ts';
import type {Config} from '../config/config.ts';
import {sameServer} from '../guards/environment.ts';

interface Claim {
  entries: readonly JournalEntry[];
  runId: string;
  /** Somebody says that the cluster has another address than during the run. */
  moved: boolean;
  config: () => Promise<Pick<Config, 'clusters'>>;
}

/**
 * Rejects with a RefusedError unless this is the cluster that a journal is about: on any other, its undos would be
 * faults. A cluster restored from a copy of its data has its UID: there everything would look undone, and the cluster
 * itself would stay as it is. So the address counts as well, until somebody says that it has changed. Resolves with
 * what the journal should say of another address.
 */
export async function checkCluster(
  connection: Pick<Connection, 'identify'>,
  {entries, runId, moved, config}: Claim,
): Promise<string | undefined> {
  const known = entries.find((entry) => entry.type === 'cluster.identified');
  const {uid, server} = await connection.identify();
  if (known?.type !== 'cluster.identified' || known.uid !== uid) {
    const wanted = known?.type === 'cluster.identified' ? `${known.uid} (${known.server})` : 'none';
    throw new RefusedError(`the run ${runId} was played on the cluster ${wanted}, and ${server} is ${uid}`, {
      code: 'E_OTHER_CLUSTER',
      hint: 'Name the context of that cluster with --context.',
    });
  }
  if (sameServer(known.server, server)) return undefined;
  const note = `taken back at ${server}; during the run the cluster had the address ${known.server}`;
  if (moved) return `${note}, and it is said to be the same`;
  if (await arePinned({uid}, [known.server, server], config)) return `${note}; the config pins both to its UID`;
  throw new RefusedError(
    `the run ${runId} was played on ${known.server}, and this is ${server}, with the same UID of kube-system (${uid}): ` +
      'the same cluster by another address, or one restored from its data',
    {
      code: 'E_OTHER_ADDRESS',
      hint:
        'Name the context of that cluster with --context. If it is the same cluster, which has another address by now, ' +
        `go on with: kubedrill rollback ${runId} --moved`,
    },
  );
}

/** Whether the config has an entry for the cluster with each of the addresses. */
async function arePinned(
  {uid}: Pick<ClusterIdentity, 'uid'>,
  servers: readonly string[],
  config: Claim['config'],
): Promise<boolean> {
  // A config that cannot be read pins nothing: a person decides.
  const {clusters} = await config().catch(() => ({clusters: []}));
  const own = clusters.flatMap((one) => (one.uid === uid && one.server !== undefined ? [one.server] : []));
  return servers.every((server) => own.some((one) => sameServer(one, server)));
}
