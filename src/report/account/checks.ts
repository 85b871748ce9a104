import type {CheckRecord, PlanRecord, Wanted} from '../../journal/plan.ts';
import type {JournalEntry} from '../../journal/types.ts';
import {type EntryOf, entriesOf} from '../model/entries.ts';
import type {ServiceReport} from '../types.ts';
import {mendersOf} from './injected.ts';
import {type Causes, changedFrom} from './outages.ts';
import type {CureAccount, HeldAccount, RedAccount} from './types.ts';

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
  {faults, cures, actedFrom, injected}: Causes,
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
        ...(Number.isFinite(changed) ? {} : mended(entries, {name, states}, {seen, injected})),
      };
    });
}

/** Without a recovery that acted: further steps of `inject` that did, between the first red answer and a green one. */
function mended(
  entries: readonly JournalEntry[],
  {name, states}: Pick<CheckRecord, 'name' | 'states'>,
  {seen, injected}: Pick<Causes, 'injected'> & {seen: Answered},
): Pick<RedAccount, 'menders'> {
  if (states.after === 'skip' || states.after === states.broken) return {};
  const green = [...of(entries, name, 'broken'), ...of(entries, name, 'after')].find(
    ({answer, start}) => start > seen.start && answer === states.after,
  );
  const menders = green ? mendersOf(injected, seen.start, green.end) : [];
  return menders.length > 0 ? {menders} : {};
}

/** What checks are held by. */
interface Holding {
  services: readonly ServiceReport[];
  cures: readonly CureAccount[];
  /** Start of undo, on the runner's clock. */
  until: number | undefined;
}

/**
 * Whether checks went on answering as declared once everything was well: every service back for good, and every check
 * green. The answers in the journal are changes: one that differs from the one before.
 */
export function heldOf(
  entries: readonly JournalEntry[],
  {checks, type}: Pick<PlanRecord, 'checks' | 'type'>,
  {services, cures, until}: Holding,
): HeldAccount[] {
  // An inspection asks each check once.
  if (type === 'inspection') return [];
  const asked = checks.filter(({states}) => states.after !== 'skip');
  const back = services.map(({assessment}) => assessment?.recovered?.at.latest ?? Number.NEGATIVE_INFINITY);
  const mayBeStale = !cures.some(({changed}) => changed);
  const green = asked.map((check) => greenOf(entries, check, mayBeStale));
  const well = Math.max(...back, ...green);
  return asked.map(({name, states}): HeldAccount => {
    const red = of(entries, name, 'after').find(
      ({answer, start}) => start >= well && answer !== states.after && (answer === 'pass' || answer === 'fail'),
    );
    const since = heldSince(of(entries, name, 'after'), states.after);
    const lasted = since === undefined || until === undefined ? {} : {lasted: Math.max(0, until - since)};
    if (red === undefined) return {check: name, ...lasted};
    const green = of(entries, name, 'after').find(({answer, start}) => start > red.start && answer === states.after);
    const over = green === undefined ? {} : {green: green.end};
    return {check: name, red: red.start, ...over, ...(red.detail === undefined ? {} : {detail: red.detail}), ...lasted};
  });
}

const isOtherwise = (answer: Answered['answer'], wanted: Wanted): boolean =>
  answer !== wanted && (answer === 'pass' || answer === 'fail');

/**
 * When a check was well after the fault. Where no recovery acted, a green answer of one that was not red yet may be of
 * before it had noticed the fault (a status lags behind): when it then turns red, that is the fault's doing and no
 * relapse, and the check is well with the next green answer.
 */
function greenOf(
  entries: readonly JournalEntry[],
  {name, states}: Pick<CheckRecord, 'name' | 'states'>,
  mayBeStale: boolean,
): number {
  const answers = of(entries, name, 'after');
  const wasRed = of(entries, name, 'broken').some(({answer}) => isOtherwise(answer, states.after));
  const red = mayBeStale && !wasRed ? answers.findIndex(({answer}) => isOtherwise(answer, states.after)) : -1;
  return answers.slice(red + 1).find(({answer}) => answer === states.after)?.end ?? Number.POSITIVE_INFINITY;
}

/** When the last unbroken run of answers as declared began; undefined when the last one is otherwise. */
function heldSince(answers: readonly Answered[], wanted: Wanted): number | undefined {
  const broken = answers.findLastIndex(({answer}) => answer !== wanted);
  return answers[broken + 1]?.end;
}
