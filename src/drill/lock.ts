import {runLabel} from '../actions/common/objects.ts';
import type {Mutate, RunInfo} from '../actions/define.ts';
import {holderOf} from '../actions/undo/lease-release.ts';
import {ClusterError} from '../cluster/errors.ts';
import type {Connection, KubeObject, ObjectRef, Permission} from '../cluster/types.ts';
import {type Clock, systemClock} from '../io/clock.ts';
import {messageOf, RefusedError} from '../io/errors.ts';
import {isJsonObject} from '../io/json.ts';
import type {Log} from '../io/log.ts';
import {abortAnnotation} from './abort-annotation.ts';

/** Namespace of everything that kubedrill itself puts into a cluster. */
export const ownNamespace = 'kubedrill';

/** The Lease by which a drill holds a cluster. */
export const lease: ObjectRef & {namespace: string} = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: ownNamespace,
  name: 'drill',
};
/** Seconds without a renewal after which a lease may be taken over; four renewals fit in. */
const leaseSeconds = 20;
const renewEvery = 5000;

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

/** The Lease as it is; undefined when there is none. */
export const findLease = (connection: Connection, signal: AbortSignal): Promise<KubeObject | undefined> =>
  find(connection, lease, signal);

/** Label of the run that holds the lock with a fresh lease. */
export async function activeRunLabel(connection: Connection): Promise<string | undefined> {
  const present = await findLease(connection, AbortSignal.timeout(10_000));
  return present !== undefined && isFresh(present, systemClock) ? present.metadata.labels?.[runLabel] : undefined;
}

/** Who holds the lock now, when it is another run than this and its lease is fresh. */
export async function foreignHolder(connection: Connection, runId: string): Promise<string | undefined> {
  const present = await findLease(connection, AbortSignal.timeout(10_000));
  if (present === undefined || !isFresh(present, systemClock)) return undefined;
  const holder = holderOf(present);
  return holder === '' || holder.includes(`(${runId})`) ? undefined : holder;
}

/** One drill at a time on a cluster, by a Lease in the namespace `kubedrill`. */
export interface Lock {
  /** Whether this run still is the holder. Rejects with a ClusterError when the cluster cannot be asked. */
  held(): Promise<boolean>;
  /** Ends the renewals; the lease itself goes with its undo. */
  stop(): Promise<void>;
}

interface LockDeps {
  connection: Connection;
  mutate: Mutate;
  clock: Clock;
  log: Log;
  run: RunInfo;
  operator: string;
  signal: AbortSignal;
  /** Told once when somebody else holds the lease. */
  onLost: (detail: string) => void;
  /** Told once when somebody asks the run to end by the lease's annotation. */
  onAbort: (by: string) => void;
}

/**
 * Takes the lock, making the namespace when it is missing. Rejects with a RefusedError naming the holder when another
 * drill has it. A lease that looks stale is watched for its whole duration on our own clock before it is taken over,
 * so that clocks that disagree do no harm.
 */
export async function takeLock(deps: LockDeps): Promise<Lock> {
  const {connection, signal, clock, run, operator} = deps;
  const holder = `${operator} (${run.id})`;
  await ensureNamespace(deps);
  const present = await find(connection, lease, signal);
  if (present === undefined) await create(deps, holder);
  else await takeOver(deps, present, holder);
  return renewing(deps, holder, clock);
}

async function ensureNamespace({connection, mutate, run, signal}: LockDeps): Promise<void> {
  const target = {apiVersion: 'v1', kind: 'Namespace', name: ownNamespace};
  const present = await find(connection, target, signal);
  if (present?.metadata.deletionTimestamp !== undefined) {
    throw new RefusedError(`the namespace ${ownNamespace} is on its way out: another drill has just ended`, {
      code: 'E_LOCK_ENDING',
      hint: `Try again in a moment; see kubectl get namespace ${ownNamespace}.`,
    });
  }
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
  try {
    await mutate({undo: {kind: 'object/remove', data: {}}, target}, ({cluster}) => cluster.create(namespace, {signal}));
  } catch (error) {
    // Another drill made it between our question and our call; its lease decides.
    if (!(error instanceof ClusterError && error.reason === 'alreadyExists')) throw error;
  }
}

async function create({mutate, clock, signal, run}: LockDeps, holder: string): Promise<void> {
  try {
    await mutate({undo: {kind: 'lease/release', data: {holder}}, target: lease}, ({cluster}) =>
      cluster.create(leaseObject(holder, clock, run, {}), {signal}),
    );
  } catch (error) {
    if (error instanceof ClusterError && error.reason === 'alreadyExists') throw taken('another drill', 'just now');
    if (error instanceof ClusterError && error.reason === 'forbidden' && /terminat/i.test(error.apiMessage ?? '')) {
      throw taken('another drill', 'is just ending');
    }
    throw error;
  }
}

async function takeOver(deps: LockDeps, present: KubeObject, holder: string): Promise<void> {
  const {connection, clock, mutate, signal, log, run} = deps;
  const other = holderOf(present);
  if (other !== '' && isFresh(present, clock)) throw taken(other, renewTime(present));
  if (other !== '') {
    log.warn('a lease looks stale; watching whether its holder renews it', {holder: other, seconds: leaseSeconds});
    await clock.sleep(leaseSeconds * 1000, signal);
    const later = await find(connection, lease, signal);
    if (later !== undefined && later.metadata.resourceVersion !== present.metadata.resourceVersion) {
      throw taken(holderOf(later), renewTime(later));
    }
  }
  await mutate({undo: {kind: 'lease/release', data: {holder}}, target: {...lease}}, ({cluster}) =>
    cluster.replace(leaseObject(holder, clock, run, present.metadata), {signal}),
  );
}

function renewing({connection, log, run, onLost, onAbort}: LockDeps, holder: string, clock: Clock): Lock {
  const controller = new AbortController();
  const held = async () => {
    const live = await find(connection, lease, controller.signal);
    return live !== undefined && holderOf(live) === holder;
  };
  let asked = false;
  const loop = async () => {
    while (!controller.signal.aborted) {
      await clock.sleep(renewEvery, controller.signal);
      try {
        const live = await find(connection, lease, controller.signal);
        // Rolled back by a restore of the cluster's own data: the local record of the run is what counts.
        if (live === undefined) continue;
        if (holderOf(live) !== holder) {
          onLost(`the lock is held by ${holderOf(live)} by now`);
          return;
        }
        const by = live.metadata.annotations?.[abortAnnotation];
        if (by !== undefined && !asked) {
          asked = true;
          onAbort(by);
        }
        // Only our own lease's time; its intent and undo stand in the journal since it was taken.
        await connection.writer.replace(leaseObject(holder, clock, run, live.metadata), {signal: controller.signal});
      } catch (error) {
        // The control plane may be what the drill takes down.
        if (!controller.signal.aborted) log.debug('the lease could not be renewed', {error: messageOf(error)});
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

function leaseObject(
  holder: string,
  clock: Clock,
  run: RunInfo,
  metadata: KubeObject['metadata'] | object,
): KubeObject {
  // Leases keep microseconds (MicroTime).
  const now = clock.wall().toISOString().replace('Z', '000Z');
  return {
    apiVersion: lease.apiVersion,
    kind: lease.kind,
    metadata: {
      ...metadata,
      name: lease.name,
      namespace: lease.namespace,
      labels: {[runLabel]: run.label},
    },
    spec: {holderIdentity: holder, leaseDurationSeconds: leaseSeconds, acquireTime: now, renewTime: now},
  };
}

function isFresh(present: KubeObject, clock: Clock): boolean {
  const renewed = Date.parse(renewTime(present));
  return Number.isFinite(renewed) && clock.wall().getTime() - renewed < leaseSeconds * 1000;
}

function renewTime(present: KubeObject): string {
  const spec = present.spec;
  const time = isJsonObject(spec) ? spec.renewTime : undefined;
  return typeof time === 'string' ? time : '';
}

function taken(holder: string, renewed: string): RefusedError {
  return new RefusedError(`another drill is running on this cluster: ${holder}, renewed ${renewed}`, {
    code: 'E_LOCKED',
    hint: `Wait until it ends. The lock is the Lease: kubectl -n ${ownNamespace} get lease ${lease.name} -o yaml`,
  });
}

async function find(connection: Connection, ref: ObjectRef, signal: AbortSignal): Promise<KubeObject | undefined> {
  try {
    return await connection.reader.get(ref, {signal});
  } catch (error) {
    if (error instanceof ClusterError && error.reason === 'notFound') return undefined;
    throw error;
  }
}
