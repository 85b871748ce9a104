import {find, runLabel} from '../../actions/common/objects.ts';
import type {Mutate, RunInfo} from '../../actions/define.ts';
import {isClusterError} from '../../cluster/errors.ts';
import type {Connection, KubeObject, Permission} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import {messageOf, RefusedError} from '../../io/errors.ts';
import type {Log} from '../../io/log.ts';
import {abortAnnotation} from './abort-annotation.ts';
import {expiresAnnotation} from './expiry.ts';
import {holderOf, leaseObject, leaseSeconds, renewEvery, renewTimeOf} from './lease.ts';
import {findLease, isFresh, isOf, lease, liveLease, ownNamespace} from './live-lease.ts';

/** What taking, renewing and giving back the lock asks of the API server. */
export const lockPermissions: Permission[] = [
  {verb: 'get', group: '', resource: 'namespaces', name: ownNamespace},
  {verb: 'create', group: '', resource: 'namespaces'},
  {verb: 'delete', group: '', resource: 'namespaces', name: ownNamespace},
  ...['get', 'create', 'update', 'delete'].map((verb) => ({
    verb,
    group: 'coordination.k8s.io',
    resource: 'leases',
    namespace: ownNamespace,
  })),
];

/** One drill at a time on a cluster, by a Lease in the namespace `kubedrill`. */
export interface Lock {
  /** Whether this run still is the holder. Rejects with a ClusterError when the cluster cannot be asked. */
  held(): Promise<boolean>;
  /** Ends the renewals; the lease itself goes with its undo. */
  stop(): Promise<void>;
}

interface HoldDeps {
  connection: Connection;
  mutate: Mutate;
  clock: Clock;
  log: Log;
  run: Pick<RunInfo, 'id' | 'label'>;
  /** When who holds the lock is over at the latest. */
  expires?: Date;
  /** Told once when somebody else holds the lease. */
  onLost: (detail: string) => void;
  /** Told once when somebody asks the run to end by the lease's annotation. */
  onAbort: (by: string) => void;
}

interface LockDeps extends HoldDeps {
  operator: string;
  signal: AbortSignal;
  /** As whom a rollback holds the lock; absent: the operator, with the id of the run. */
  as?: string;
  /** Holders that are known to be dead: their lease is taken over at once. */
  dead?: ReadonlySet<string>;
}

/**
 * Takes the lock, making the namespace when it is missing. Rejects with a RefusedError naming the holder when another
 * drill has it. A lease that looks stale is watched for its whole duration on our own clock before it is taken over,
 * so that clocks that disagree do no harm.
 */
export async function takeLock(deps: LockDeps): Promise<Lock> {
  const {run, operator, as: holder = `${operator} (${run.id})`} = deps;
  try {
    await ensureNamespace(deps, holder);
    await takeLease(deps, holder);
  } catch (error) {
    // The namespace goes with the lock of a drill that has just ended.
    if (isClusterError(error, 'forbidden') && /terminat/i.test(error.apiMessage ?? '')) throw ending();
    throw error;
  }
  return holdLease(deps, holder);
}

type Making = Pick<LockDeps, 'connection' | 'mutate' | 'run' | 'clock' | 'expires' | 'signal'>;

async function ensureNamespace({connection, mutate, run, signal}: Making, holder: string): Promise<void> {
  const target = {apiVersion: 'v1', kind: 'Namespace', name: ownNamespace};
  const present = await find(connection.reader, target, {signal});
  if (present?.metadata.deletionTimestamp !== undefined) throw ending();
  if (present !== undefined) return;
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: ownNamespace,
      labels: {
        [runLabel]: run.label,
        'pod-security.kubernetes.io/enforce': 'restricted',
      },
    },
  };
  const undo = {kind: 'lock/namespace', data: {lease: lease.name, holder}};
  try {
    await mutate({undo, target}, ({cluster}) => cluster.create(namespace, {signal}));
  } catch (error) {
    // Another drill made it between our question and our call; its lease decides.
    if (!isClusterError(error, 'alreadyExists')) throw error;
  }
}

async function takeLease(deps: LockDeps, holder: string): Promise<void> {
  const {connection, clock, signal, log, run, dead} = deps;
  const present = await findLease(connection, signal);
  if (present !== undefined && holderOf(present) !== '' && dead?.has(holderOf(present)) !== true) {
    if (!isFresh(present, clock)) {
      log.warn('a lease looks stale; watching whether its holder renews it', {
        holder: holderOf(present),
        seconds: leaseSeconds,
      });
    }
    // A run that crashed elsewhere a moment ago has a fresh lease: only a renewal shows that it lives.
    const alive = await liveLease(connection, {clock, signal, trustTime: !isOf(present, run.id)});
    if (alive !== undefined) throw taken(alive);
  }
  try {
    await writeLease(deps, holder, present);
  } catch (error) {
    // Somebody else was quicker: made it, took it over, or gave it back with its namespace.
    if (!isClusterError(error, 'alreadyExists', 'conflict', 'notFound')) throw error;
    const winner = await findLease(connection, signal);
    // Our own call, delivered twice by something on the way.
    if (winner !== undefined && holderOf(winner) === holder) return;
    throw winner === undefined ? ending() : taken(winner);
  }
}

/** Makes the Lease, or takes `present` over. */
async function writeLease(making: Making, holder: string, present: KubeObject | undefined): Promise<void> {
  const {mutate, clock, run, expires, signal} = making;
  const undo = {kind: 'lease/release', data: {holder}};
  const annotations = expires === undefined ? {} : {[expiresAnnotation]: expires.toISOString()};
  await mutate({undo, target: {...lease}}, ({cluster}) =>
    present === undefined
      ? cluster.create(leaseObject(lease, {holder, clock, run}, {annotations}), {signal})
      : // Not with what the lease of another said: when that run expires, who asked it to end.
        cluster.replace(leaseObject(lease, {holder, clock, run}, {...present.metadata, annotations}), {signal}),
  );
}

/**
 * Renews a lease that `holder` has, now and from time to time, until stopped. A restore of the cluster's own data may
 * bring back a time without the lease, or with that of a drill long over: it is made again, or taken back from a holder
 * who does not renew it. Only one who does has the lock.
 */
export function holdLease(deps: HoldDeps, holder: string): Lock {
  const {connection, log, run, onLost, onAbort, clock} = deps;
  const controller = new AbortController();
  const {signal} = controller;
  const held = async () => {
    const live = await findLease(connection, signal);
    return live !== undefined && holderOf(live) === holder;
  };
  let asked = false;
  /** Resolves with false when somebody else holds the lock. */
  const renew = async (): Promise<boolean> => {
    const live = await findLease(connection, signal);
    if (live === undefined || holderOf(live) !== holder) {
      const other = live && (await liveLease(connection, {clock, signal, trustTime: false}));
      if (other !== undefined && holderOf(other) !== holder) {
        onLost(`the lock is held by ${holderOf(other)} by now`);
        return false;
      }
      const present = live && (await findLease(connection, signal));
      log.warn('the lease of this run is not in the cluster any more; it is put there again', {
        instead: present === undefined ? 'none' : holderOf(present),
      });
      await ensureNamespace({...deps, signal}, holder);
      await writeLease({...deps, signal}, holder, present);
      return true;
    }
    const by = live.metadata.annotations?.[abortAnnotation];
    if (by !== undefined && !asked) {
      asked = true;
      onAbort(by);
    }
    // Only our own lease's time; its intent and undo stand in the journal since it was taken.
    await connection.writer.replace(leaseObject(lease, {holder, clock, run}, live.metadata), {signal});
    return true;
  };
  const loop = async () => {
    for (; !signal.aborted; await clock.sleep(renewEvery, signal)) {
      try {
        if (!(await renew())) return;
      } catch (error) {
        // The control plane may be what the drill takes down.
        if (!signal.aborted) log.debug('the lease could not be renewed', {error: messageOf(error)});
      }
    }
  };
  const done = loop().catch(() => undefined);
  return {
    held,
    stop: async () => {
      controller.abort();
      await done;
    },
  };
}

/** Another run holds the lock. */
export function taken(holding: KubeObject): RefusedError {
  return new RefusedError(
    `another drill is running on this cluster: ${holderOf(holding)}, renewed ${renewTimeOf(holding)}`,
    {
      code: 'E_LOCKED',
      hint: `Wait until it ends. The lock is the Lease: kubectl -n ${ownNamespace} get lease ${lease.name} -o yaml`,
    },
  );
}

function ending(): RefusedError {
  return new RefusedError(`the namespace ${ownNamespace} is on its way out: another drill has just ended`, {
    code: 'E_LOCK_ENDING',
    hint: `Try again in a moment; see kubectl get namespace ${ownNamespace}.`,
  });
}
