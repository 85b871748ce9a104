import type {CheckRecord} from '../../journal/plan.ts';
import type {ReadyRun} from '../session.ts';
import {askCheck, asWanted, CheckLog} from './checks.ts';

/** Milliseconds between two questions: pods that are replaced can be ready again within a second. */
const every = 100;
/** The same for a check that was seen as declared: whether it still is when the recovery begins to act. */
const everyAgain = 500;

export interface BrokenWatch {
  /** Whether every check was seen in the state declared for `broken`. */
  done(): boolean;
  /** Ends the watch. */
  stop(): Promise<void>;
}

/**
 * Samples the checks' `broken` states from the effect on: a check that was never seen red shows nothing by being green,
 * and one that is green again before the recovery has acted is not the recovery's doing.
 */
export function watchBroken(runtime: ReadyRun): BrokenWatch {
  const stopped = new AbortController();
  const log = new CheckLog(runtime);
  const watched = runtime.prepared.plan.checks.filter(({states}) => states.broken !== 'skip');
  const seen = new Set<string>();
  const watch = async (check: CheckRecord) => {
    while (!stopped.signal.aborted) {
      const answer = await askCheck(runtime, check, 'broken', stopped.signal);
      // A question cut short by the end of the watch says nothing; what was seen before it counts.
      if (stopped.signal.aborted && answer.answer === 'blind') return;
      await log.note(check, 'broken', answer);
      if (asWanted(answer.answer, check.states.broken)) seen.add(check.name);
      await runtime.request.clock.sleep(seen.has(check.name) ? everyAgain : every, stopped.signal);
    }
  };
  // Each ends by abort only, or by a journal that cannot be written: then the next entry fails the drill anyway.
  const ended = Promise.allSettled(watched.map(watch));
  return {
    done: () => seen.size === watched.length,
    stop: async () => {
      stopped.abort();
      await ended;
    },
  };
}
