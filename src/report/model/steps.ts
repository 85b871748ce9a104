import type {StepRecord} from '../../journal/plan.ts';
import type {JournalEntry} from '../../journal/types.ts';
import type {StepReport} from '../happened.ts';
import {entriesOf} from './entries.ts';

/** Every planned step with what became of it: also those that were not played. */
export function reportSteps(entries: readonly JournalEntry[], steps: readonly StepRecord[]): StepReport[] {
  const begun = entriesOf(entries, 'step.started');
  const ends = entriesOf(entries, 'step.ended');
  return steps.map((step) => {
    const start = begun.findLast(({path}) => path === step.path);
    const end = ends.findLast(({path}) => path === step.path);
    const outcome = end?.outcome ?? (start ? 'running' : step.skipped ? 'skipped' : 'not executed');
    return {
      ...step,
      outcome,
      ...(start ? {started: start.mono} : {}),
      ...(start && end ? {ended: end.mono} : {}),
      hit: start?.targets ?? [],
      ...(end?.error ? {error: end.error} : {}),
      ...(end?.note === undefined ? {} : {note: end.note}),
      ...(end?.who === undefined ? {} : {who: end.who}),
    };
  });
}
