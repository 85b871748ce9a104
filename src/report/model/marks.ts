import type {JournalEntry} from '../../journal/types.ts';
import type {Instant} from '../../measure/index.ts';
import type {StepReport} from '../happened.ts';
import {entriesOf} from './entries.ts';
import type {Marks} from './objectives.ts';

/** Instants of the run that a person or the runner set; the samples give the others. */
export function marksOf(
  entries: readonly JournalEntry[],
  steps: readonly StepReport[],
  fault: Instant | undefined,
): Marks {
  const played = recoverSteps(steps);
  const declared = declaredAt(entries, played) ?? beginOf(played[0], entries);
  const recovery = earliestOf(played.filter(acts).flatMap((step) => actedAt(step, entries)));
  const detected = entriesOf(entries, 'mark').find(({name}) => name === 'detected')?.mono;
  return {
    ...(fault ? {fault} : {}),
    ...(declared ? {declared} : {}),
    ...(recovery ? {recovery} : {}),
    ...(detected === undefined ? {} : {detected}),
  };
}

/** The recover steps that were played, in the order in which they began. */
export function recoverSteps(steps: readonly StepReport[]): StepReport[] {
  return steps
    .filter(({phase, started, outcome}) => phase === 'recover' && started !== undefined && outcome !== 'skipped')
    .sort((a, b) => (a.started ?? 0) - (b.started ?? 0));
}

const acts = ({form}: StepReport): boolean => form === 'uses' || form === 'undo' || form === 'manual';

/**
 * t3 where a person marked it: the mark, but no later than what acted before it. Whoever acts has declared, and the
 * figure must not leave out what was done before somebody said so. The step in which the mark was made is where the
 * decision is taken; but where no step acts after it, it is itself the recovery, and counts from when it was asked.
 */
function declaredAt(entries: readonly JournalEntry[], played: readonly StepReport[]): Instant | undefined {
  const mark = entriesOf(entries, 'mark').find(({name}) => name === 'declared')?.mono;
  if (mark === undefined) return undefined;
  const acting = played.filter(acts);
  const marking = acting
    .filter(({form, started = 0, ended = mark}) => form === 'manual' && started <= mark && ended >= mark)
    .sort((a, b) => (a.ended ?? mark) - (b.ended ?? mark))[0];
  const isFollowed = acting.some((step) => step !== marking && (step.started ?? 0) >= mark);
  const before = acting.filter((step) => (step.started ?? 0) < mark && (step !== marking || !isFollowed));
  return earliestOf([{earliest: mark, latest: mark}, ...before.flatMap((step) => actedAt(step, entries))]);
}

/** When a step began to act; a person may do so at any time from being asked to saying that it is done. */
function actedAt(step: StepReport, entries: readonly JournalEntry[]): Instant[] {
  const begun = beginOf(step, entries);
  if (!begun) return [];
  if (step.form !== 'manual') return [begun];
  return [{earliest: begun.earliest, latest: step.ended ?? entries.at(-1)?.mono ?? begun.latest}];
}

/** Of several that nobody knows the order of: from the first begin to the first end. */
function earliestOf(instants: readonly Instant[]): Instant | undefined {
  if (instants.length === 0) return undefined;
  return {
    earliest: Math.min(...instants.map(({earliest}) => earliest)),
    latest: Math.min(...instants.map(({latest}) => latest)),
  };
}

/**
 * When a step of the recovery began: its start is noted once its targets are fixed, and planning them takes time that
 * belongs to the recovery. So from the end of the step before it, or the begin of the phase, to that note.
 */
function beginOf(step: StepReport | undefined, entries: readonly JournalEntry[]): Instant | undefined {
  const latest = step?.started;
  if (!step || latest === undefined) return undefined;
  const entered = entriesOf(entries, 'phase.entered').filter(({phase}) => phase === 'recover');
  // What runs beside it in the same parallel step does not come before it.
  const ended = entriesOf(entries, 'step.ended').filter(({path}) => topOf(path) !== topOf(step.path));
  const before = [...entered, ...ended].map(({mono}) => mono).filter((mono) => mono <= latest);
  return {earliest: before.length > 0 ? Math.max(...before) : latest, latest};
}

/** `recover.2` of `recover.2.0`. */
const topOf = (path: string): string => path.split('.', 2).join('.');
