import type {CheckRecord, PlanRecord} from '../../journal/plan.ts';
import type {JournalEntry} from '../../journal/types.ts';
import {type EntryOf, entriesOf} from '../model/entries.ts';
import type {ServiceReport} from '../types.ts';
import {type Causes, changedFrom} from './outages.ts';
import type {HeldAccount, RedAccount} from './types.ts';

type Answered = EntryOf<'check.answered'>;

const of = (entries: readonly JournalEntry[], check: string, moment: Answered['moment']): Answered[] =>
  entriesOf(entries, 'check.answered').filter((one) => one.check === check && one.moment === moment);

/**
 * When each check was first seen as declared for `broken`, and by what. The runner asks and acts itself, so no clocks
 * are compared: what was answered before the recovery acted is not its doing. A check that is to answer alike before the
 * fault, or was not seen to, shows nothing of a fault.
 */
export function redsOf(
  entries: readonly JournalEntry[],
  checks: readonly CheckRecord[],
  {faults, cures, actedFrom}: Causes,
): RedAccount[] {
  const changed = changedFrom(cures);
  return checks
    .filter(({states}) => states.broken !== 'skip')
    .map(({name, states}): RedAccount => {
      const answers = of(entries, name, 'broken').filter(({answer}) => answer === states.broken);
      const seen = answers.find(({end}) => end < actedFrom) ?? answers[0];
      if (seen === undefined) return {check: name, faults: []};
      const turned =
        states.before !== 'skip' &&
        states.before !== states.broken &&
        of(entries, name, 'before').at(-1)?.answer === states.before;
      const out = faults.filter((fault) => fault.out !== undefined && fault.out.earliest <= seen.end);
      const last = of(entries, name, 'broken').findLast(({end}) => end <= changed);
      const isBack = states.after !== states.broken && last?.answer === states.after && last.start > seen.start;
      const cause = seen.end >= actedFrom ? 'cure' : out.length > 0 ? 'fault' : 'neither';
      return {
        check: name,
        seen: {earliest: seen.start, latest: seen.end},
        cause,
        faults: turned ? out.map(({path}) => path) : [],
        ...(isBack && last ? {back: {earliest: last.start, latest: last.end}} : {}),
      };
    });
}

/**
 * Whether checks went on answering as declared once everything was well: every service back for good, and every check
 * green. The answers in the journal are changes: one that differs from the one before.
 */
export function heldOf(
  entries: readonly JournalEntry[],
  {checks, type}: Pick<PlanRecord, 'checks' | 'type'>,
  services: readonly ServiceReport[],
): HeldAccount[] {
  // An inspection asks each check once.
  if (type === 'inspection') return [];
  const asked = checks.filter(({states}) => states.after !== 'skip');
  const back = services.map(({assessment}) => assessment?.recovered?.at.latest ?? Number.NEGATIVE_INFINITY);
  const green = asked.map(
    ({name, states}) =>
      of(entries, name, 'after').find(({answer}) => answer === states.after)?.end ?? Number.POSITIVE_INFINITY,
  );
  const well = Math.max(...back, ...green);
  return asked.map(({name, states}): HeldAccount => {
    const red = of(entries, name, 'after').find(
      ({answer, start}) => start >= well && answer !== states.after && (answer === 'pass' || answer === 'fail'),
    );
    if (red === undefined) return {check: name};
    return {check: name, red: red.start, ...(red.detail === undefined ? {} : {detail: red.detail})};
  });
}
