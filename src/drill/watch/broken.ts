import type {ReadyRun} from '../session.ts';
import {askCheck, asWanted, CheckLog} from './checks.ts';

/** Milliseconds between two rounds: pods that are replaced can be ready again within a second. */
const every = 100;

export interface BrokenWatch {
  /** Whether every check was seen in the state declared for `broken`. */
  done(): boolean;
  /** Ends the watch. */
  stop(): Promise<void>;
}

/**
 * Samples the checks' `broken` states from the effect on, each until it was seen once as declared: a check that was
 * never seen red shows nothing by being green.
 */
export function watchBroken(runtime: ReadyRun): BrokenWatch {
  const stopped = new AbortController();
  const log = new CheckLog(runtime);
  let open = runtime.prepared.plan.checks.filter(({states}) => states.broken !== 'skip');
  const watch = async () => {
    while (open.length > 0 && !stopped.signal.aborted) {
      const answers = await Promise.all(
        open.map(async (check) => ({check, answer: await askCheck(runtime, check, 'broken', stopped.signal)})),
      );
      for (const {check, answer} of answers) {
        // A question cut short by the end of the watch says nothing; what was seen before it counts.
        if (stopped.signal.aborted && answer.answer === 'blind') continue;
        await log.note(check, 'broken', answer);
      }
      open = answers.filter(({check, answer}) => !asWanted(answer.answer, check.states.broken)).map(({check}) => check);
      await runtime.request.clock.sleep(every, stopped.signal);
    }
  };
  // Ends by abort only, or by a journal that cannot be written: then the next entry fails the drill anyway.
  const ended = watch().catch(() => undefined);
  return {
    done: () => open.length === 0,
    stop: async () => {
      stopped.abort();
      await ended;
    },
  };
}
