import {formatDuration} from '../../io/duration.ts';
import type {Problem} from '../problems.ts';
import type {InnerStep, Probe, Spec, Step} from '../schema/scenario.ts';

type Report = (problem: Problem) => void;

/** Shortest time between samples (milliseconds); contract of the format. */
const shortestEvery = 20;

/** Relations between the figures of a scenario, asked once all of them are known. */
export function checkFigures(spec: Spec, report: Report): void {
  for (const [index, probe] of (spec.probes ?? []).entries()) checkProbe(probe, index, report);
  checkVerify(spec, report);
  checkStopWhen(spec, report);
  for (const phase of ['prepare', 'inject', 'recover'] as const) {
    for (const [index, step] of (spec[phase] ?? []).entries()) {
      checkStep(step, ['spec', phase, index], report);
      for (const [at, inner] of (step.parallel ?? []).entries()) {
        checkStep(inner, ['spec', phase, index, 'parallel', at], report);
      }
    }
  }
}

function checkProbe({every, timeout, from, on}: Probe, index: number, report: Report): void {
  const path = ['spec', 'probes', index];
  if (every < shortestEvery) {
    report({
      path: [...path, 'every'],
      code: 'E_FIGURE',
      message: `every ${formatDuration(every)} is shorter than ${shortestEvery}ms`,
    });
  }
  if (timeout !== undefined && timeout > every) {
    const message = `timeout ${formatDuration(timeout)} is longer than every ${formatDuration(every)}: samples would overlap`;
    report({path: [...path, 'timeout'], code: 'E_FIGURE', message});
  }
  if (timeout === 0) report({path: [...path, 'timeout'], code: 'E_FIGURE', message: 'a timeout of 0 can never be met'});
  if (on !== undefined && from === 'runner') {
    report({
      path: [...path, 'on'],
      key: true,
      code: 'E_FIGURE',
      message: '`on` says which nodes to sample from, and `from: runner` samples from none',
    });
  }
}

function checkVerify({verify, objectives = []}: Spec, report: Report): void {
  for (const [index, {rto}] of objectives.entries()) {
    const needed = (rto ?? 0) + verify.stableFor;
    if (rto === undefined || verify.within >= needed) continue;
    report({
      path: ['spec', 'verify', 'within'],
      code: 'E_FIGURE',
      message: `verify.within ${formatDuration(verify.within)} is shorter than the rto ${formatDuration(rto)} of objectives[${index}] and stableFor ${formatDuration(verify.stableFor)} together: a recovery in time could not be seen`,
      hint: `Make it at least ${formatDuration(needed)}.`,
    });
  }
}

/** A stop condition that no deadline lets come true protects nobody. */
function checkStopWhen(spec: Spec, report: Report): void {
  if (!Array.isArray(spec.stopWhen)) return;
  const longest = longestTrouble(spec);
  for (const [index, {downFor}] of spec.stopWhen.entries()) {
    const path = ['spec', 'stopWhen', index, 'downFor'];
    if (downFor > 0 && downFor <= longest) continue;
    const message =
      downFor === 0
        ? 'downFor 0s would end the drill at once'
        : `this can never fire: from the fault to the end of verify it is at most ${formatDuration(longest)}, and downFor is ${formatDuration(downFor)}`;
    report({path, code: 'E_FIGURE', message});
  }
}

/** Longest time (milliseconds) from the first fault to the end of verify. */
function longestTrouble({inject = [], effect, recover = [], verify}: Spec): number {
  const steps = [...inject, ...recover].reduce((sum, step) => sum + stepDeadline(step), 0);
  return steps + effect.within + verify.within;
}

/** A step that says nothing else is stopped after this long (milliseconds). */
const defaultStepTimeout = 5 * 60_000;
/** A person has this long (milliseconds) for a manual step that says nothing else. */
const defaultManualTimeout = 60 * 60_000;

/** When a step is stopped (milliseconds from its start). */
export function stepDeadline(step: Step | InnerStep): number {
  if (step.timeout !== undefined) return step.timeout;
  if (step.pause !== undefined) return step.pause;
  if (step.within !== undefined) return step.within;
  if (step.manual !== undefined) return Math.max(defaultManualTimeout, 3 * (step.expected ?? 0));
  const inner = 'parallel' in step ? (step.parallel ?? []) : [];
  return inner.length > 0 ? Math.max(...inner.map(stepDeadline)) : defaultStepTimeout;
}

function checkStep(step: Step | InnerStep, path: (string | number)[], report: Report): void {
  if (step.timeout === 0)
    report({path: [...path, 'timeout'], code: 'E_FIGURE', message: 'a timeout of 0 can never be met'});
  if (step.stableFor !== undefined && step.within !== undefined && step.stableFor >= step.within) {
    report({path: [...path, 'stableFor'], code: 'E_FIGURE', message: 'stableFor must be shorter than within'});
  }
}
