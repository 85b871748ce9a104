import type {UndoContext} from '../../actions/define.ts';
import {type ClusterError, isAway, isClusterError} from '../../cluster/errors.ts';
import type {Mutation} from '../../journal/recover.ts';
import type {Outcome} from './keep.ts';

/**
 * Milliseconds from the beginning of a call without an answer until it can no longer take effect. The longest way that
 * it has is that of a write which the API server has handed to etcd: it waits for 7 s (etcd's own timeout of a request).
 */
const arrivesWithin = 8000;
/** Milliseconds between two looks at whether it did. */
const look = 250;

/**
 * Goes on undoing a call that nobody has answered until it cannot arrive any more: that nothing is left to undo may only
 * mean that it is still on its way.
 */
export async function untilAnswered(
  {clock, signal}: Pick<UndoContext, 'clock' | 'signal'>,
  {unanswered}: Mutation,
  play: () => Promise<Look>,
): Promise<Outcome> {
  const now = clock.wall().getTime();
  // A clock may be set between a crash and the rollback: the wait is never longer than the whole of it.
  const since = unanswered === undefined ? arrivesWithin : Math.max(0, now - Date.parse(unanswered));
  const end = clock.mono() + arrivesWithin - since;
  for (;;) {
    const {outcome, idle} = await play();
    if (!idle || clock.mono() >= end) return outcome;
    await clock.sleep(look, signal);
  }
}

/** What one attempt came to. `idle`: it has found nothing to do, whatever was seen right after it. */
export interface Look {
  outcome: Outcome;
  idle: boolean;
}

/** Milliseconds before each further attempt at an undo whose call failed in passing; the last one stays. */
const pauses = [200, 1000, 3000, 5000];
const longest = 5000;

interface Bound extends Pick<UndoContext, 'clock' | 'signal'> {
  patience: {spent: boolean};
  onFailure: (error: ClusterError) => void;
}

/**
 * Undos are idempotent: one that met a passing failure looks and goes on from there. An API server that is away is tried
 * until the deadline of the undo, which is the signal; but only once in a sweep, or a run with many undos would hang for
 * an hour on a cluster that is no more.
 */
export async function again<T>({clock, signal, patience, onFailure}: Bound, play: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await play();
    } catch (error) {
      if (!isUnavailable(error) && !isContested(error)) throw error;
      const isPatient = isUnavailable(error) && !patience.spent;
      if (attempt >= pauses.length && !isPatient) throw error;
      onFailure(error);
      await clock.sleep(Math.max(pauses[attempt] ?? longest, (error.retryAfter ?? 0) * 1000), signal);
    }
  }
}

/** The API server does not answer, or has no time to. */
export const isUnavailable = (error: unknown): error is ClusterError =>
  isAway(error) || isClusterError(error, 'tooManyRequests');

/** Another attempt may not meet it, as others write as well. What is refused for good (403, 422) is not of these. */
const isContested = (error: unknown): error is ClusterError => isClusterError(error, 'conflict', 'alreadyExists');
