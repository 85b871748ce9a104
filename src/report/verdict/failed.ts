import {silenceLimit} from '../../measure/index.ts';
import {duration, figure, goal} from '../figures.ts';
import type {ObjectiveReport, ReportModel, ServiceReport} from '../types.ts';
import {isBroken, stepSentence} from './ended.ts';
import {sentence} from './refused.ts';
import type {VerdictRow} from './row.ts';

/** A miss is proven by what was seen, whatever else could not be shown. */
const missRows: readonly VerdictRow[] = [
  {
    verdict: 'failed',
    when: 'the lower bound of an objective is beyond its target',
    reasons: ({objectives}) =>
      objectives
        .filter(({result}) => result === 'breached')
        .map(
          (objective) =>
            `${objectiveName(objective)} is ${figure(objective)}, beyond its target of ${goal(objective)}${objective.note ? ` (${objective.note})` : ''}.`,
        ),
  },
  {
    verdict: 'failed',
    when: 'a service with `outage: none` was seen down',
    reasons: ({services}) =>
      services
        .filter(({outage, assessment}) => outage === 'none' && assessment?.firstBad !== undefined)
        .map(({name, assessment}) => {
          const bad = assessment?.firstBad;
          const why = bad?.detail ? ` (${bad.detail})` : '';
          return `The service ${name} was seen down by ${bad?.series}${why}; no outage was allowed.`;
        }),
  },
  {
    verdict: 'failed',
    when: 'a service was bad again between its recovery (t7) and the start of undo',
    reasons: ({services}) =>
      services
        .filter(({outage, assessment}) => outage !== 'none' && (assessment?.relapses ?? 0) > 0)
        .map(({name}) => `The service ${name} was bad again after it had recovered.`),
  },
];

export const failedRows: readonly VerdictRow[] = [
  // What is missed is the consequence: the cause comes first.
  {
    verdict: 'failed',
    when: 'a recovery step failed or exceeded its time',
    reasons: ({steps}) =>
      steps.filter(({phase, outcome}) => phase === 'recover' && isBroken(outcome)).map((step) => stepSentence(step)),
  },
  ...missRows,
  {
    verdict: 'failed',
    when: 'a service did not recover',
    reasons: ({services, plan, window}) =>
      services
        .filter((service) => notRecovered(service, plan?.stableFor ?? 0, window?.until ?? 0))
        .map(({name, assessment}) =>
          assessment?.state === 'down'
            ? `The service ${name} was still down when the drill ended.`
            : `The service ${name} was not up for ${duration(plan?.stableFor ?? 0)} without a break before the drill ended.`,
        ),
  },
  {
    verdict: 'failed',
    when: 'an `after` check answered otherwise than declared',
    reasons: ({checks, plan}) =>
      checks
        .filter(({moments: {after}}) => !after.asWanted && (after.seen === 'pass' || after.seen === 'fail'))
        .map(({name, moments: {after}}) => {
          const why = after.detail ? ` (${after.detail})` : '';
          const when = plan?.type === 'inspection' ? 'The check' : 'After the recovery, the check';
          return `${when} "${name}" answered ${after.seen} instead of ${after.wanted}${why}.`;
        }),
  },
  {
    verdict: 'failed',
    when: 'an `after` check answered otherwise again within `stableFor`, once everything had been well',
    reasons: ({account, checks}) =>
      (account?.held ?? []).flatMap(({check, red, detail}) => {
        // One that is wrong to the end is the row above.
        const last = checks.find(({name}) => name === check)?.moments.after;
        if (red === undefined || !last?.asWanted) return [];
        return [
          `The check "${check}" answered otherwise again${detail ? ` (${detail})` : ''} after everything had been well.`,
        ];
      }),
  },
  {
    verdict: 'failed',
    when: '`stopWhen` or a deadline ended it',
    reasons: ({stopped}) =>
      stopped?.cause === 'stopWhen' || stopped?.cause === 'deadline'
        ? [sentence(`it was stopped: ${stopped.detail}`)]
        : [],
  },
];

/**
 * Seen down, and not seen stable again although it could be asked. When only blindness kept it from being shown stable
 * (the last bad sample is long past), that is no proof of a miss.
 */
function notRecovered({outage, assessment}: ServiceReport, stableFor: number, until: number): boolean {
  const last = assessment?.outages.at(-1);
  if (!assessment || !last || assessment.recovered || outage === 'none') return false;
  if (assessment.state === 'down') return true;
  if (assessment.state !== 'up') return false;
  return until - last.lastBad.end <= stableFor + silenceLimit(0) || assessment.blindMs === 0;
}

/** `The RTO of dns from impact`. */
export function objectiveName({metric, of, from}: Pick<ObjectiveReport, 'metric' | 'of' | 'from'>): string {
  const what = {
    rto: 'RTO',
    rpo: 'RPO',
    detection: 'time to detection',
    restoreTime: 'restore time',
    availability: 'availability',
    backupAge: 'age of the backup',
  }[metric];
  return `The ${what}${of ? ` of ${of}` : ''}${from ? ` from ${from}` : ''}`;
}

/** Misses that hold even for a run that somebody ended early. */
export const provenMisses = (model: ReportModel): string[] => missRows.flatMap(({reasons}) => reasons(model));
