import type {CheckMoment, CheckRecord} from '../../journal/plan.ts';
import type {JournalEntry} from '../../journal/types.ts';
import type {CheckAnswerReport, CheckReport} from '../happened.ts';
import {type EntryOf, entriesOf} from './entries.ts';

type Answered = EntryOf<'check.answered'>;

/** What every check answered at each moment, against what the scenario declares. */
export function reportChecks(entries: readonly JournalEntry[], checks: readonly CheckRecord[]): CheckReport[] {
  const answers = entriesOf(entries, 'check.answered');
  return checks.map(({name, uses, expect, states, control}) => {
    const own = answers.filter(({check}) => check === name);
    const at = (moment: CheckMoment) => answerAt(own, moment, states[moment]);
    const controlled = own.filter(({moment}) => moment === 'control').at(-1)?.answer;
    return {
      name,
      uses,
      ...(expect === undefined ? {} : {expect}),
      moments: {before: at('before'), broken: at('broken'), after: at('after')},
      ...(control === undefined ? {} : {control: {name: control, ...(controlled ? {seen: controlled} : {})}}),
    };
  });
}

/**
 * The answer that counts: while broken, one as declared is enough; before and
 * after, the last one.
 */
function answerAt(answers: Answered[], moment: CheckMoment, wanted: CheckAnswerReport['wanted']): CheckAnswerReport {
  const asked = answers.filter((one) => one.moment === moment);
  const counts = (moment === 'broken' ? asked.find(({answer}) => answer === wanted) : undefined) ?? asked.at(-1);
  if (!counts) return {wanted, asWanted: wanted === 'skip'};
  const {answer, detail} = counts;
  const asWanted = wanted === 'skip' || answer === wanted;
  return {wanted, seen: answer, asWanted, ...(detail === undefined ? {} : {detail})};
}
