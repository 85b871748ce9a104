import type {JournalEntry} from '../../journal/types.ts';
import type {Instant} from '../../measure/index.ts';
import type {StepReport} from '../happened.ts';
import {byHand, changes} from './faults.ts';

/** A step of `inject` that acted, or may have. */
export interface Injected {
  path: string;
  acted: Instant;
}

const acting: ReadonlySet<StepReport['form']> = new Set(['uses', 'manual', 'undo']);

/**
 * Everything of `inject` that may have done something, whatever it is called: a step that says that it only looks may
 * have mended what an earlier one broke, for nobody has checked that.
 */
export function injected(entries: readonly JournalEntry[], steps: readonly StepReport[]): Injected[] {
  return steps
    .filter(({phase, form, started}) => phase === 'inject' && started !== undefined && acting.has(form))
    .flatMap((step): Injected[] => {
      const acted = actedAt(entries, step);
      return acted === undefined ? [] : [{path: step.path, acted}];
    });
}

/** From its first change to its last; where nobody noted any, from its begin to its end. */
function actedAt(entries: readonly JournalEntry[], step: StepReport): Instant | undefined {
  if (step.form !== 'uses' || step.reversal === 'none-needed') return byHand(step);
  const all = changes(entries, 'fault', step.path);
  const [first] = all;
  return first && {earliest: first.earliest, latest: Math.max(...all.map(({latest}) => latest))};
}

/** Those that acted after another had, between two instants: what the other broke, each of them may have ended. */
export function mendersOf(all: readonly Injected[], from: number, until: number): string[] {
  return all
    .filter(({path, acted}) => {
      const isLater = all.some((other) => other.path !== path && other.acted.earliest < acted.earliest);
      return isLater && acted.latest >= from && acted.earliest <= until;
    })
    .map(({path}) => path);
}
