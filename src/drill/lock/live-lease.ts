import {find, runLabel} from '../../actions/common/objects.ts';
import type {Connection, KubeObject, ObjectRef} from '../../cluster/types.ts';
import {type Clock, systemClock} from '../../io/clock.ts';
import {holderOf, leaseSeconds, renewTimeOf} from './lease.ts';

/** Namespace of everything that kubedrill itself puts into a cluster. */
export const ownNamespace = 'kubedrill';

/** The Lease by which a drill holds a cluster. */
export const lease: ObjectRef & {namespace: string} = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: ownNamespace,
  name: 'drill',
};

/** Milliseconds between two looks at whether a lease is renewed. */
const look = 1000;

/** The Lease as it is; undefined when there is none. */
export const findLease = ({reader}: Connection, signal: AbortSignal): Promise<KubeObject | undefined> =>
  find(reader, lease, {signal});

/** Who holds the lock now, when it is another run than this and its lease is fresh by our clock. */
export async function foreignHolder(connection: Connection, runId: string): Promise<string | undefined> {
  const present = await findLease(connection, AbortSignal.timeout(10_000));
  if (present === undefined || isOf(present, runId) || !isFresh(present, systemClock)) return undefined;
  return holderOf(present);
}

/**
 * The lease of a run that is alive: fresh, or renewed while we watch. That takes the lease's whole duration when
 * it is not, because its holder's clock may be minutes off. Without `trustTime` only a renewal counts.
 */
export async function liveLease(
  connection: Connection,
  {clock, signal, trustTime = true}: {clock: Clock; signal?: AbortSignal; trustTime?: boolean},
): Promise<KubeObject | undefined> {
  const ask = () => findLease(connection, signal ?? AbortSignal.timeout(10_000));
  const present = await ask();
  if (present === undefined || holderOf(present) === '') return undefined;
  if (trustTime && isFresh(present, clock)) return present;
  const deadline = clock.mono() + leaseSeconds * 1000;
  while (clock.mono() < deadline) {
    await clock.sleep(look, signal);
    const later = await ask();
    if (later === undefined) return undefined;
    if (renewTimeOf(later) !== renewTimeOf(present)) return later;
  }
  return undefined;
}

/** The label of the run that a lease belongs to. */
export const runLabelOf = ({metadata}: KubeObject): string | undefined => metadata.labels?.[runLabel];

/** Whether a run holds a lease, whoever plays it. */
export const isOf = (present: KubeObject, runId: string): boolean => holderOf(present).includes(`(${runId})`);

/** Whether a lease's last renewal is near by our clock; one far ahead says as little as one long ago. */
export function isFresh(present: KubeObject, clock: Clock): boolean {
  const renewed = Date.parse(renewTimeOf(present));
  return Number.isFinite(renewed) && Math.abs(clock.wall().getTime() - renewed) < leaseSeconds * 1000;
}
