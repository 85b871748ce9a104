import {DrillError, InternalError, messageOf, RefusedError} from '../io/errors.ts';
import type {Phase} from '../journal/types.ts';
import type {Journal} from '../journal/write.ts';
import type {Activity, Answer, Stop} from './lifecycle.ts';
import {StepStopped} from './steps/end.ts';

/** Runs one activity after the other, each with its own controller, and notes in the journal how it ended the drill. */
export interface Performer {
  /** The phase that is on. */
  phase(): Phase | undefined;
  /** An activity begins; its phase is noted when it is another one. */
  begin(activity: Activity): void;
  /** Runs an activity's work; notes why the drill goes no further when it fails. */
  perform<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** The same for work that may say no: a refusal is noted as a guard's answer, and is no failure. */
  ask(work: (signal: AbortSignal) => Promise<void>): Promise<Answer>;
  /** Stops the running activity; its journal entries say how. */
  cancel(stop: Stop): void;
}

export function createPerformer(journal: Journal): Performer {
  let phase: Phase | undefined;
  let current = new AbortController();
  let stopped = false;

  const noteStop = async (stop: Stop) => {
    if (stopped) return;
    stopped = true;
    await journal.append({type: 'stopped', ...stop}).catch(() => undefined);
  };

  const perform = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    current = new AbortController();
    try {
      return await work(current.signal);
    } catch (error) {
      if (!(error instanceof StepStopped)) await noteStop(stopOf(error));
      throw error;
    }
  };

  return {
    phase: () => phase,
    begin: (activity) => {
      if (phaseOf[activity] === phase) return;
      phase = phaseOf[activity];
      journal.append({type: 'phase.entered', phase}).catch(() => undefined);
    },
    perform,
    ask: (work) =>
      perform(async (signal) => {
        try {
          await work(signal);
          return {refused: false};
        } catch (error) {
          if (!(error instanceof RefusedError)) throw error;
          await noteRefusal(journal, phase, error);
          return {refused: true};
        }
      }),
    cancel: (stop) => {
      void noteStop(stop);
      current.abort(new StepStopped(stop.detail, stop.cause === 'deadline' ? 'timeout' : 'aborted'));
    },
  };
}

async function noteRefusal(
  journal: Journal,
  phase: Phase | undefined,
  {message, hint, code}: RefusedError,
): Promise<void> {
  // The gate has noted each of its answers already.
  if (code === 'E_GATE') return;
  await journal.append({
    type: 'guard.answered',
    phase: phase ?? 'prepare',
    guard: guardOf[code] ?? code,
    ok: false,
    message,
    ...(hint === undefined ? {} : {hint}),
  });
}

/** `lock` and `probers` make fixtures: they belong to `prepare`. */
const phaseOf: Readonly<Record<Activity, Phase>> = {
  preflight: 'preflight',
  lock: 'prepare',
  prepare: 'prepare',
  probers: 'prepare',
  steady: 'steady',
  gate: 'gate',
  inject: 'inject',
  effect: 'effect',
  recover: 'recover',
  verify: 'verify',
  undo: 'undo',
  report: 'report',
};

/** How a refusal's code is called among the guards. */
const guardOf: Readonly<Record<string, string>> = {
  E_LOCKED: 'lock',
  E_LOCK_ENDING: 'lock',
  E_PROBER_IMAGE: 'prober',
  E_PROBER_NOT_READY: 'prober',
  E_NOT_STEADY: 'steady state',
  E_FIXTURE: 'fixture',
  E_CANARY: 'canary',
};

/** Our own failures are errors; what the cluster or a program did not do is the step's failure. */
function stopOf(error: unknown): Stop {
  if (error instanceof DrillError && error.code === 'E_CLUSTER_LOST')
    return {cause: 'clusterLost', detail: error.message};
  const own = error instanceof InternalError || !(error instanceof DrillError);
  return {cause: own ? 'error' : 'step', detail: messageOf(error)};
}
