import {silenceLimit} from '../../measure/index.ts';
import {atMost, duration} from '../figures.ts';
import type {ObjectiveReport, ReportModel, ServiceReport} from '../types.ts';

/** Reasons for which what was asked and sampled shows nothing. */

/** Known from both sides. */
export function isBounded(bound: ObjectiveReport['bound'], share: ObjectiveReport['share']): boolean {
  return share !== undefined || bound?.max !== undefined;
}

export function unseen(
  name: string,
  when: string,
  {wanted, seen, detail}: {wanted: string; seen?: string; detail?: string},
) {
  const saw = seen ? `answered ${seen}${detail ? ` (${detail})` : ''}` : 'was not asked';
  return `The check "${name}" ${saw} ${when}; ${wanted} is declared.`;
}

/** A check shows something when it can answer otherwise: in the drill itself, or, where it is to pass, by its control. */
export function unturned({name, moments: {before, broken, after}, control}: ReportModel['checks'][number]): string[] {
  if (after.wanted === 'skip' || (after.wanted === 'pass' && control)) return [];
  const turns = [before, broken].some(({wanted}) => wanted !== 'skip' && wanted !== after.wanted);
  return turns
    ? []
    : [`The check "${name}" was never to answer anything but ${after.wanted}${control ? '' : ', and has no control'}.`];
}

/**
 * A probe must have been seen red once: by its control, or, when none was asked, in the drill itself. One that belongs to
 * no service decides nothing, and needs no proof.
 */
export function seriesControl(
  {name, control, assessment}: ReportModel['series'][number],
  {services}: ReportModel,
): string[] {
  if (control === 'bad') return [];
  if (control !== undefined) return [`The control of ${name} answered ${control} instead of bad: it cannot go red.`];
  const decides = services.some(({series}) => series.includes(name));
  return assessment?.firstBad || !decides ? [] : [`The control of ${name} was never asked, and it was never seen red.`];
}

/**
 * An outage that long could be hidden: more than the service's target, or than a few lost samples. Where none is allowed,
 * a target allows none either.
 */
export function blindness({name, series, outage, assessment}: ServiceReport, model: ReportModel): string[] {
  if (!assessment) return [];
  const targets = model.objectives
    .filter(({metric, of, target}) => metric === 'rto' && of === name && target !== undefined && outage !== 'none')
    .map(({target}) => target ?? 0);
  const slowest = Math.max(0, ...model.series.filter((one) => series.includes(one.name)).map(({every}) => every));
  const allowed = targets.length > 0 ? Math.min(...targets) : silenceLimit(slowest);
  if (assessment.state === 'blind' || assessment.state === 'unknown') {
    return [`The service ${name} could not be seen at the end of the drill.`];
  }
  const long = assessment.longestGap > allowed + slowest;
  return long
    ? [
        `The probes of ${name} could not see for up to ${atMost(assessment.longestGap)}; ${duration(allowed)} is allowed.`,
      ]
    : [];
}

/**
 * While the runner slept nobody watched, and no duration counted on. Its time may belong to any of them, and an outage in
 * the stability window may have gone unseen: only targets with room for both hold.
 */
export function sleep({wallForward, plan, objectives, services}: ReportModel): string[] {
  if (wallForward === undefined || !plan || plan.type === 'inspection') return [];
  const targets = objectives.filter(({target}) => target !== undefined);
  const roomy = targets.every(
    ({bound, target = 0}) => bound?.max !== undefined && bound.max + plan.stableFor + wallForward <= target,
  );
  const timed = services.every(
    ({name, outage}) => outage !== 'none' && targets.some(({metric, of}) => metric === 'rto' && of === name),
  );
  if (roomy && timed) return [];
  const slept = 'if the machine slept, every duration is too short by as much';
  return [`The runner's wall clock moved forward by ${duration(wallForward)} after the fault: ${slept}.`];
}

export function emptiness({plan, services, checks, objectives, window}: ReportModel): string[] {
  if (!plan) return ['There is no plan in the journal.'];
  const unsampled = services.filter(({assessment}) => window && (assessment?.counts.taken ?? 0) === 0);
  const needsService = plan.type === 'disaster' || plan.type === 'redundancy';
  const targets = objectives.filter(({result}) => result !== 'no-target');
  return [
    ...(checks.length === 0 ? ['The scenario has no checks.'] : []),
    ...(checks.length > 0 && checks.every(({moments: {after}}) => after.wanted === 'skip')
      ? ['No check is asked after the recovery.']
      : []),
    ...(needsService && services.length === 0 ? ['The scenario has no services: nothing was sampled.'] : []),
    ...unsampled.map(({name}) => `There is not one sample of the service ${name}.`),
    ...(plan.type === 'disaster' && targets.length === 0 ? ['The scenario sets no objective.'] : []),
  ];
}
