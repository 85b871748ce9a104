import type {Target} from '../../io/target.ts';
import type {JournalEntry} from '../../journal/types.ts';
import type {Instant} from '../../measure/index.ts';
import type {StepReport} from '../happened.ts';
import {type EntryOf, entriesOf} from '../model/entries.ts';
import {byHand, firstChange, whatOf} from './faults.ts';
import type {CureAccount} from './types.ts';

/**
 * Steps of the recovery that can bring something back. Those that wait or look cannot; nor can the undo of a step whose
 * harm the platform heals by itself: it waits as well. What is left out by its `if` counts only where nothing else is
 * there: then the recovery that the scenario has was not played.
 */
function declaredCures(steps: readonly StepReport[]): StepReport[] {
  const heals = (id: string | undefined) => steps.find((step) => step.id === id)?.reversal === 'platform-heals';
  const all = steps.filter(
    ({phase, form, reversal, text}) =>
      phase === 'recover' &&
      (form === 'manual' || (form === 'uses' && reversal !== 'none-needed') || (form === 'undo' && !heals(text))),
  );
  const played = all.filter(({skipped}) => skipped !== true);
  return played.length > 0 ? played : all;
}

/** Each of them with when it began to act, and whether it changed anything. */
export function curesOf(entries: readonly JournalEntry[], steps: readonly StepReport[]): CureAccount[] {
  return declaredCures(steps).map((step): CureAccount => {
    const base = {path: step.path, what: whatOf(step), ...broke(step)};
    const acted = actedAt(entries, step);
    if (acted === undefined) return {...base, changed: false, why: whyNot(step)};
    const undone = step.form === 'undo' ? undoneBy(entries, step, steps) : [];
    if (!changedBy(entries, step) && undone.length === 0) {
      return {...base, acted, changed: false, why: 'changed nothing'};
    }
    const isFaults = undone.some(tookBack) || appliedAgain(entries, step);
    return {...base, acted, changed: true, ...(isFaults ? {undid: true} : {})};
  });
}

/**
 * When a step began to act: nothing it does can come before its start. An action that has changed something has not
 * acted before its first call: planning it, and waiting for what it needs, brings nothing back.
 */
function actedAt(entries: readonly JournalEntry[], step: StepReport): Instant | undefined {
  if (step.started === undefined || step.outcome === 'skipped') return undefined;
  if (step.form === 'manual') return byHand(step);
  const first = step.form === 'uses' ? firstChange(entries, 'recovery', step.path) : undefined;
  return first ?? {earliest: step.started, latest: step.ended ?? step.started};
}

function changedBy(entries: readonly JournalEntry[], step: StepReport): boolean {
  if (step.form === 'manual') return step.outcome === 'done' || step.outcome === 'deviated';
  return step.form === 'uses' && firstChange(entries, 'recovery', step.path) !== undefined;
}

/**
 * What a step of the form `undo` took back itself: what it finds healed it has not mended. Of the step that it names
 * alone, as another undo may be at work beside it.
 */
function undoneBy(
  entries: readonly JournalEntry[],
  {started = 0, ended = Number.POSITIVE_INFINITY, text}: StepReport,
  steps: readonly StepReport[],
): EntryOf<'mutation.intent'>[] {
  const during = ({mono}: JournalEntry) => mono >= started && mono <= ended;
  const path = steps.find(({id}) => id !== undefined && id === text)?.path;
  const begun = entriesOf(entries, 'undo.started').filter((entry) => entry.by === 'step' && during(entry));
  const ends = entriesOf(entries, 'undo.ended').filter((entry) => entry.state === 'undone' && during(entry));
  return entriesOf(entries, 'mutation.intent').filter(
    ({mutation, step}) =>
      path !== undefined &&
      (step === path || step?.startsWith(`${path}.`) === true) &&
      begun.some((entry) => entry.mutation === mutation) &&
      ends.some((entry) => entry.mutation === mutation),
  );
}

/**
 * Whether an `object/apply` wrote an object that the fault had changed or deleted: it writes only what it finds otherwise,
 * so the fault's change was still there.
 */
function appliedAgain(entries: readonly JournalEntry[], {uses, path}: StepReport): boolean {
  if (uses !== 'object/apply') return false;
  const applied = new Set(entriesOf(entries, 'mutation.applied').map(({mutation}) => mutation));
  const done = entriesOf(entries, 'mutation.intent').filter(({mutation}) => applied.has(mutation));
  const broken = new Set(done.filter(({role}) => role === 'fault').map(({target}) => nameOf(target)));
  return done.some(({role, step, target}) => role === 'recovery' && step === path && broken.has(nameOf(target)));
}

const nameOf = ({kind, namespace = '', name}: Target): string => [kind, namespace, name].join('/');

/** A change of the fault that its undo found still there. What a command did cannot be looked at. */
const tookBack = ({role, undo}: EntryOf<'mutation.intent'>): boolean =>
  role === 'fault' && undo.kind !== 'command/undo';

function broke({outcome}: StepReport): Pick<CureAccount, 'broke'> {
  return outcome === 'failed' || outcome === 'timeout' || outcome === 'lost' ? {broke: outcome} : {};
}

function whyNot({outcome}: StepReport): 'skipped' | 'not played' {
  return outcome === 'skipped' ? 'skipped' : 'not played';
}

/**
 * When the recovery can first have done something: the start of the first of its steps that does more than wait. One
 * that says that it only looks counts as well, for nobody has checked that; and so does what a step does before its
 * first call, for that is not in the journal.
 */
export function firstActed(steps: readonly StepReport[]): number {
  const acting = steps.filter(
    ({phase, form, outcome}) =>
      phase === 'recover' && (form === 'uses' || form === 'undo' || form === 'manual') && outcome !== 'skipped',
  );
  return Math.min(...acting.map(({started}) => started ?? Number.POSITIVE_INFINITY));
}
