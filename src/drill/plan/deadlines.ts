import type {Spec} from '../../scenario/index.ts';
import {countWithin, proveWithin} from '../canary/reading.ts';
import {type Deadlines, initialDeadlines} from '../lifecycle.ts';
import {controlsWithin, steadyPatience} from '../phases/steady.ts';
import type {PlannedStep} from '../session.ts';

/** Milliseconds on top of a state's own time before the machine ends it: its own clock should have done so before. */
const slack = 5000;

/**
 * Milliseconds after which a step is stopped. A pause or a waitFor ends by itself after exactly its time: what stops it
 * must not race with it, nor with those inside `parallel`.
 */
export function allowed({record, step, children}: PlannedStep): number {
  if (record.form === 'pause' || record.form === 'waitFor') return record.timeout + slack;
  if (record.form !== 'parallel' || step.timeout !== undefined) return record.timeout;
  return Math.max(record.timeout, ...children.map(allowed));
}

/** The time that each part of the run may take. */
export function deadlinesOf(spec: Spec, steps: Record<'prepare' | 'inject' | 'recover', PlannedStep[]>): Deadlines {
  const timeouts = (planned: readonly PlannedStep[]) => planned.map(allowed);
  const {canaries = [], probes = []} = spec;
  const own = {
    ...initialDeadlines,
    prepare: timeouts(steps.prepare),
    inject: timeouts(steps.inject),
    recover: timeouts(steps.recover),
    steady:
      spec.steady.for +
      steadyPatience +
      controlsWithin(probes) +
      longest(canaries.map(({every}) => proveWithin(every))) +
      slack,
    effect: spec.effect.within + slack,
    verify: spec.verify.within + (canaries.length > 0 ? countWithin : 0) + slack,
  };
  const {lock, prepare, probers, steady, gate, inject, effect, recover, verify} = own;
  // The sum of all parts: reached only when every one of them uses its whole time.
  const run = [lock, ...prepare, probers, steady, gate, ...inject, effect, ...recover, verify].reduce(
    (a, b) => a + b,
    0,
  );
  return {...own, run};
}

const longest = (times: readonly number[]): number => Math.max(0, ...times);

/** Milliseconds until undo when all goes as planned, and at most. */
export function estimate(spec: Spec, deadlines: Deadlines): {expected: number; deadline: number} {
  const pauses = [...(spec.prepare ?? []), ...(spec.inject ?? []), ...(spec.recover ?? [])].reduce(
    (sum, {pause = 0, expected = 0}) => sum + pause + expected,
    0,
  );
  return {expected: spec.steady.for + pauses + spec.verify.stableFor, deadline: deadlines.run};
}
