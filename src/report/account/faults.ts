import type {JournalEntry} from '../../journal/types.ts';
import type {Instant} from '../../measure/index.ts';
import type {StepReport} from '../happened.ts';
import {type EntryOf, entriesOf} from '../model/entries.ts';
import {healsItself} from './heals.ts';
import type {FaultAccount} from './types.ts';

/** Faults that the scenario declares: what merely waits, looks or is left out by its `if` is none. */
function declaredFaults(steps: readonly StepReport[]): StepReport[] {
  return steps.filter(
    ({phase, form, skipped, reversal}) =>
      phase === 'inject' && skipped !== true && (form === 'manual' || (form === 'uses' && reversal !== 'none-needed')),
  );
}

/** Each declared fault with when it went out, its proof still open. */
export function faultsOf(entries: readonly JournalEntry[], steps: readonly StepReport[]): FaultAccount[] {
  return declaredFaults(steps).map((step) => {
    const out = step.form === 'manual' ? byHand(step) : firstChange(entries, 'fault', step.path);
    const base = {path: step.path, what: whatOf(step)};
    if (out === undefined) return {...base, why: whyNot(step)};
    return {...base, out, ...(healsItself(entries, step.path) ? {heals: true} : {})};
  });
}

/** What a person did, from the step's begin to its end; one that nobody has ended counts up to now. */
export function byHand({started, ended, outcome}: StepReport): Instant | undefined {
  if (started === undefined || outcome === 'skipped') return undefined;
  return {earliest: started, latest: ended ?? started};
}

/**
 * The changes of a step that the cluster accepted, or may have accepted: each from its intent to its answer. A call that
 * was never answered counts up to the end of the entries.
 */
export function changes(
  entries: readonly JournalEntry[],
  role: EntryOf<'mutation.intent'>['role'],
  path: string,
): Instant[] {
  return entriesOf(entries, 'mutation.intent').flatMap((intent) => {
    if (intent.role !== role || !isOf(intent.step, path)) return [];
    const answer = entries.find(
      (entry) =>
        (entry.type === 'mutation.applied' || entry.type === 'mutation.failed') && entry.mutation === intent.mutation,
    );
    if (answer?.type === 'mutation.failed' && !answer.maybeApplied) return [];
    return [{earliest: intent.mono, latest: answer?.mono ?? entries.at(-1)?.mono ?? intent.mono}];
  });
}

/** The first of them. */
export const firstChange = (
  entries: readonly JournalEntry[],
  role: EntryOf<'mutation.intent'>['role'],
  path: string,
): Instant | undefined => changes(entries, role, path)[0];

/** Steps inside `parallel` have paths below that of the parallel step, and are accounted for on their own. */
const isOf = (step: string | undefined, path: string): boolean => step === path;

function whyNot({outcome}: StepReport): NonNullable<FaultAccount['why']> {
  if (outcome === 'skipped') return 'skipped';
  return outcome === 'done' || outcome === 'deviated' ? 'changed nothing' : 'not played';
}

/** What a step does: the kind of its action, what a person is to do, or what it takes back. */
export const whatOf = ({form, uses, text}: StepReport): string => (form === 'uses' ? uses : text) ?? form;
