import {killGrace} from '../io/exec.ts';

/** Why a drill stopped going forward. */
export type StopCause = 'signal' | 'stopWhen' | 'deadline' | 'step' | 'abort' | 'clusterLost' | 'error';
export interface Stop {
  cause: StopCause;
  detail: string;
}

/** Everything that takes time, in order. `lock` and `probers` belong to the phase `prepare`. */
export type Activity =
  | 'preflight'
  | 'lock'
  | 'prepare'
  | 'probers'
  | 'steady'
  | 'gate'
  | 'inject'
  | 'effect'
  | 'recover'
  | 'verify'
  | 'undo'
  | 'report';

/** Milliseconds at each level: one for each step, or for the activity as a whole; and the run's. */
export type Deadlines = Readonly<
  Record<Exclude<Activity, 'prepare' | 'inject' | 'recover' | 'undo' | 'report'>, number>
> &
  Readonly<Record<'prepare' | 'inject' | 'recover', readonly number[]>> & {
    readonly run: number;
    /**
     * How long an aborted activity may take to settle before it is declared lost: longer than a program that it has
     * started needs to end, which is killed at last.
     */
    readonly grace: number;
  };

/** Until preflight has answered: generous to a slow API server, and short enough for a person to wait. */
export const initialDeadlines: Deadlines = {
  preflight: 120_000,
  lock: 30_000,
  prepare: [],
  probers: 180_000,
  steady: 60_000,
  gate: 60_000,
  inject: [],
  effect: 30_000,
  recover: [],
  verify: 60_000,
  run: 3_600_000,
  grace: killGrace + 3000,
};

/** What an activity that may say no answers. */
export interface Answer {
  refused: boolean;
}
/** Preflight's answer also fixes the shape of the rest of the run. */
export interface PreflightAnswer extends Answer {
  deadlines: Deadlines;
}

/** Where a drill begins: a new run at its beginning, a rollback of an earlier one in `undo`. */
export interface DrillInput {
  startAt: 'preflight' | 'undo';
}

/** Index of the step; 0 for activities without steps. */
export interface ActivityInput {
  index: number;
}
