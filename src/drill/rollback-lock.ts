import {randomUUID} from 'node:crypto';
import {holderOf} from '../actions/common/lease.ts';
import type {RunInfo, UndoContext} from '../actions/define.ts';
import type {Connection, KubeObject} from '../cluster/types.ts';
import {type DrillError, RefusedError} from '../io/errors.ts';
import type {Redactor} from '../io/redact.ts';
import type {JournalEntry} from '../journal/types.ts';
import type {Journal} from '../journal/write.ts';
import {lifetimeOf} from './expiry.ts';
import {findLease, isFresh, isOf, ownNamespace} from './lease.ts';
import {type Lock, takeLock, taken} from './lock.ts';
import {createMutate} from './mutate.ts';
import type {Ownership} from './owner.ts';

/** Milliseconds for one attempt, in which a lease that looks stale is watched; and for one on its way out to be gone. */
const attemptWithin = 60_000;
const goneWithin = 60_000;
const look = 500;
/** Milliseconds that a rollback may take before it counts as forgotten. */
const rollbackWithin = 3_600_000;

interface Locking {
  connection: Connection;
  journal: Journal;
  context: Omit<UndoContext, 'signal'>;
  redactor: Redactor;
  operator: string;
  dead: ReadonlySet<string>;
  /** Told when somebody else has the lock by now. */
  onLost: (lost: DrillError) => void;
}

/**
 * Holders that this folder's run and its rollbacks have had and that live no more: who writes the folder now is the
 * only one. A run that another host was playing may be at work there still.
 */
export function deadHolders(entries: readonly JournalEntry[], before: Ownership): ReadonlySet<string> {
  if (before === 'elsewhere') return new Set();
  const holders = entries.flatMap((entry) =>
    entry.type === 'mutation.intent' && entry.undo.kind === 'lease/release' ? [String(entry.undo.data.holder)] : [],
  );
  return new Set(holders);
}

/** Rejects with a RefusedError when another run holds the cluster as far as one look shows; only reads. */
export async function refuseOthers(
  {connection, context: {clock}}: Pick<Locking, 'connection'> & {context: Pick<UndoContext, 'clock'>},
  runId: string,
): Promise<void> {
  const present = await findLease(connection, AbortSignal.timeout(10_000));
  if (present !== undefined && holds(present, runId) && isFresh(present, clock)) throw taken(present);
}

const holds = (present: KubeObject, runId: string) => holderOf(present) !== '' && !isOf(present, runId);

/**
 * Takes the lock of the cluster under the id of the run that is rolled back, each time as another holder, so that two
 * copies of one folder do not take each other for dead. Rejects with a RefusedError that names who has it.
 * Resolves with undefined when the lock's namespace is stuck on its way out: then nobody can hold it.
 */
export async function lockForRollback(locking: Locking): Promise<Lock | undefined> {
  const {connection, journal, context, redactor, operator, dead, onLost} = locking;
  const {clock, log, run, vault, write} = context;
  let made = lastMutation(journal.entries);
  const attempt = async () => {
    const signal = AbortSignal.timeout(attemptWithin);
    const mutate = createMutate({
      journal,
      writer: write,
      nextId: () => `m${++made}`,
      role: 'fixture',
      phase: 'undo',
      redactor,
      vault,
      signal,
    });
    const expires = new Date(clock.wall().getTime() + lifetimeOf(rollbackWithin));
    const as = `${operator} (${run.id}), rolling back ${randomUUID().slice(0, 8)}`;
    return await takeLock({
      ...{connection, mutate, clock, log, run, operator, as, dead, expires, signal},
      onLost: (detail) => onLost(lost(run, detail)),
      // Ending a rollback half-way would help nobody.
      onAbort: () => undefined,
    });
  };
  const deadline = clock.mono() + goneWithin;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof RefusedError) || error.code !== 'E_LOCK_ENDING') throw error;
      if (clock.mono() >= deadline) break;
      await clock.sleep(look);
    }
  }
  await journal.append({
    type: 'note',
    text: `the namespace ${ownNamespace} has been on its way out for a minute: nobody can hold the lock in it`,
  });
  return undefined;
}

/** Number of the run's last mutation: `m7` is 7. */
function lastMutation(entries: readonly JournalEntry[]): number {
  const numbers = entries.flatMap((entry) =>
    entry.type === 'mutation.intent' ? [Number(/^m(\d+)$/.exec(entry.mutation)?.[1] ?? 0)] : [],
  );
  return Math.max(0, ...numbers);
}

const lost = ({id}: RunInfo, detail: string) =>
  new RefusedError(`the rollback of ${id} was stopped: ${detail}`, {
    code: 'E_LOCK_LOST',
    hint: `When that run has ended, go on with: kubedrill rollback ${id}`,
  });
