import {randomUUID} from 'node:crypto';
import type {Mutate, RunInfo} from '../../actions/define.ts';
import {isClusterError} from '../../cluster/errors.ts';
import type {Connection, KubeObject} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import {type DrillError, messageOf, RefusedError} from '../../io/errors.ts';
import type {Redactor} from '../../io/redact.ts';
import type {JournalEntry, UndoRecordEntry} from '../../journal/types.ts';
import type {Journal} from '../../journal/write.ts';
import type {UndoSurroundings} from '../contexts.ts';
import {createMutate} from '../mutate.ts';
import type {Ownership} from '../record/owner.ts';
import {lifetimeOf} from './expiry.ts';
import {holderOf} from './lease.ts';
import {findLease, isFresh, isOf, liveLease, ownNamespace} from './live-lease.ts';
import {type Lock, takeLock, taken} from './lock.ts';
import {isOfLock, releasesLock} from './undos.ts';

/** Milliseconds for one attempt, in which a lease that looks stale is watched; and for one on its way out to be gone. */
const attemptWithin = 60_000;
const goneWithin = 60_000;
const look = 500;
/** Milliseconds before each further attempt at a write that failed in passing. */
const pauses = [1000, 3000];
/** Failures of a write that another attempt may not meet. */
const passing = ['serverError', 'timeout'] as const;
/** How the API server fails a write that admission keeps from it: a webhook, a quota, a policy; or a missing right. */
const unwritable = ['forbidden', 'invalid', 'other', ...passing] as const;
/** Milliseconds that a rollback may take before it counts as forgotten. */
const rollbackWithin = 3_600_000;

interface Locking {
  connection: Connection;
  journal: Journal;
  surroundings: UndoSurroundings;
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
    entry.type === 'mutation.intent' && releasesLock(entry.undo) ? [String(entry.undo.data.holder)] : [],
  );
  return new Set(holders);
}

/** Rejects with a RefusedError when another run holds the cluster as far as one look shows; only reads. */
export async function refuseOthers({connection, clock}: Looking, runId: string): Promise<void> {
  const present = await findLease(connection, AbortSignal.timeout(10_000));
  if (present !== undefined && holds(present, runId) && isFresh(present, clock)) throw taken(present);
}

type Looking = {connection: Connection; clock: Clock};

const holds = (present: KubeObject, runId: string) => holderOf(present) !== '' && !isOf(present, runId);

/**
 * Rejects with a RefusedError when a drill has begun on the cluster since a rollback without the lock has: once the
 * fault that kept it from the lock is gone, others can have it. The undos of locks look at the holder themselves.
 */
export async function refuseNewcomers(looking: Looking, undo: UndoRecordEntry, runId: string): Promise<void> {
  if (isOfLock(undo)) return;
  await refuseOthers(looking, runId).catch((error: unknown) => {
    // Not to know is no reason to leave a fault where it is.
    if (error instanceof RefusedError) throw error;
  });
}

/**
 * Takes the lock of the cluster under the id of the run that is rolled back, each time as another holder, so that two
 * copies of one folder do not take each other for dead. Rejects with a RefusedError that names who has it.
 * Resolves with undefined when nobody has it and it cannot be had: its namespace is stuck on its way out, or the API
 * server does not take the writes. The latter may be the very fault that is to be taken back.
 */
export async function lockForRollback(locking: Locking): Promise<Lock | undefined> {
  const {clock} = locking.surroundings;
  const writes: Writes = {failed: undefined};
  const attempt = attempts(locking, writes);
  const deadline = clock.mono() + goneWithin;
  const left = [...pauses];
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const isEnding = error instanceof RefusedError && error.code === 'E_LOCK_ENDING';
      if (!isEnding && (error !== writes.failed || !isClusterError(error, ...unwritable))) throw error;
      const again = isEnding ? look : isClusterError(error, ...passing) ? left.shift() : undefined;
      if (again !== undefined && clock.mono() < deadline) {
        await clock.sleep(again);
        continue;
      }
      if (!isEnding) await refuseLiving(locking);
      await locking.journal.append({type: 'note', text: isEnding ? stuck : withoutLock(error)});
      return undefined;
    }
  }
}

const stuck = `the namespace ${ownNamespace} has been on its way out for a minute: nobody can hold the lock in it`;
const withoutLock = (error: unknown) =>
  `taken back without the lock, which nobody holds: it cannot be written (${messageOf(error)})`;

interface Writes {
  /** What the last write of the lock that was not taken has failed with. */
  failed: unknown;
}

/** What attempts to take the lock, each time under the same name. */
function attempts({connection, journal, surroundings, redactor, operator, dead, onLost}: Locking, writes: Writes) {
  const {clock, log, run, vault} = surroundings;
  const as = `${operator} (${run.id}), rolling back ${randomUUID().slice(0, 8)}`;
  // An earlier attempt's write may have arrived all the same.
  const over = new Set([...dead, as]);
  let made = lastMutation(journal.entries);
  return async (): Promise<Lock> => {
    const signal = AbortSignal.timeout(attemptWithin);
    const mutate = createMutate<never>({
      journal,
      writer: {cluster: connection.writer},
      nextId: () => `m${++made}`,
      role: 'fixture',
      phase: 'undo',
      redactor,
      vault,
      // The lock may have to be written again when the attempt is long over.
      signal: new AbortController().signal,
    });
    const noting: Mutate = (change, call) =>
      mutate(change, call).catch((error: unknown) => {
        writes.failed = error;
        throw error;
      });
    const expires = new Date(clock.wall().getTime() + lifetimeOf(rollbackWithin));
    return await takeLock({
      ...{connection, mutate: noting, clock, log, run, operator, as, dead: over, expires, signal},
      onLost: (detail) => onLost(lost(run, detail)),
      // Ending a rollback half-way would help nobody.
      onAbort: () => undefined,
    });
  };
}

/** Rejects with a RefusedError when somebody who may live holds the lock, and with why it cannot be looked at. */
async function refuseLiving({connection, surroundings: {clock, run}, dead}: Locking): Promise<void> {
  const present = await findLease(connection, AbortSignal.timeout(10_000));
  if (present === undefined || dead.has(holderOf(present))) return;
  const alive = await liveLease(connection, {clock, trustTime: !isOf(present, run.id)});
  if (alive !== undefined) throw taken(alive);
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
