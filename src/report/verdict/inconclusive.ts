import {silenceLimit} from '../../measure/index.ts';
import {atMost, duration, figure, goal} from '../figures.ts';
import type {ObjectiveReport, ReportModel, ServiceReport} from '../types.ts';
import {
  backBefore,
  healsAnyway,
  idleRecovery,
  mendedByInject,
  neverWent,
  notDown,
  unheld,
  unproven,
  unseenAltogether,
  untaken,
  unwatched,
  wentDown,
} from './caused.ts';
import {objectiveName} from './failed.ts';
import {sentence} from './refused.ts';
import {needsFault, type VerdictRow} from './row.ts';

/** No miss is proven, but neither is success. */
export const inconclusiveRows: readonly VerdictRow[] = [
  row('a fault that the scenario declares never went out', (model) => neverWent(model)),
  row(
    'a fault has no proof of its own: its effect (where that shows more than its own write), `effect.prove` (where it was not so before), or an outage or a red check that only it can have made',
    (model) => unproven(model),
  ),
  row('no target was hit: no fault was accepted by the cluster', (model) => {
    if (!needsFault(model)) return [];
    const faults = model.mutations.filter(({role}) => role === 'fault');
    const byHand = model.steps.some(
      ({phase, form, outcome}) =>
        phase === 'inject' && form === 'manual' && (outcome === 'done' || outcome === 'deviated'),
    );
    return byHand || faults.some(({applied}) => applied === 'yes')
      ? []
      : ['No call of the fault was answered with success, so nothing shows that a target was hit.'];
  }),
  row(
    'a step of the recovery was guarded by what was seen before the API server went away, and nobody looked again',
    (model) => model.guards.filter(({phase, ok}) => phase === 'recover' && !ok).map(({message}) => sentence(message)),
  ),
  row('a service was not up right before the fault', ({services}) =>
    services
      .filter(({before, by}) => by === 'inject' && before !== undefined && before !== 'up')
      .map(
        ({name, before}) => `The service ${name} was ${before} right before the fault, so its outage proves nothing.`,
      ),
  ),
  row('a service with `outage: required` was not seen down, or only where the recovery may have done it', (model) =>
    model.services
      .filter((service) => service.outage === 'required' && model.window && !wentDown(service, model))
      .map((service) => notDown(service, model)),
  ),
  row('a check was not seen as declared before the fault, or while broken', ({checks, plan}) =>
    plan?.type === 'inspection'
      ? []
      : checks.flatMap(({name, moments: {before, broken}}) => [
          ...(before.asWanted ? [] : [unseen(name, 'before the fault', before)]),
          ...(broken.asWanted ? [] : [unseen(name, 'while it was broken', broken)]),
        ]),
  ),
  row('a check was seen as declared for `broken` only after the recovery had begun to act', ({account}) =>
    (account?.reds ?? [])
      .filter(({cause}) => cause === 'cure')
      .map(
        ({check}) =>
          `The check "${check}" was seen as declared only after the recovery had begun to act: that may be its doing.`,
      ),
  ),
  row('the recovery was not played, or changed nothing', (model) => idleRecovery(model)),
  row(
    'the recovery acted, and everything that was broken comes back by itself (`pod/delete`, `deployment/restart`)',
    (model) => healsAnyway(model),
  ),
  row('where there is a recovery: a service was back, or a check well again, before it acted', (model) =>
    backBefore(model),
  ),
  row('without a recovery that acted, a service was back, or a check well, after a further step of `inject`', (model) =>
    mendedByInject(model),
  ),
  row(
    'a series did not look after the fault had taken effect, and before the recovery acted or the undo began',
    (model) => unwatched(model),
  ),
  row('an outage as long as the time that was watched could have gone unseen', (model) => unseenAltogether(model)),
  row('the store of a canary was not seen to take writes again', (model) => untaken(model)),
  row('a check is never to answer otherwise, and has no control: it may not be able to', ({checks, plan}) =>
    plan?.type === 'inspection' ? [] : checks.flatMap((check) => unturned(check)),
  ),
  row('an `after` check could not be asked, or was not', ({checks}) =>
    checks
      .filter(({moments: {after}}) => !after.asWanted && after.seen !== 'pass' && after.seen !== 'fail')
      .map(({name, moments: {after}}) => unseen(name, 'after the recovery', after)),
  ),
  row('an `after` check did not answer as declared for `stableFor` before the drill ended', (model) => unheld(model)),
  row('a control did not turn red: what it controls cannot be trusted', (model) => [
    ...model.series.flatMap((one) => seriesControl(one, model)),
    ...model.checks.flatMap(({name, control}) => {
      if (!control || control.seen === 'fail') return [];
      const answered = control.seen ? `answered ${control.seen} instead of fail` : 'was never asked';
      return [`The control "${control.name}" of the check "${name}" ${answered}.`];
    }),
    ...(model.plan?.type === 'inspection'
      ? model.checks.filter(({control}) => !control).map(({name}) => `The check "${name}" has no control.`)
      : []),
  ]),
  row('a target lies inside the bound of its figure', ({objectives}) =>
    objectives
      .filter(({result, bound, share}) => result === 'inconclusive' && isBounded(bound, share))
      .map(
        (objective) =>
          `${objectiveName(objective)} is ${figure(objective)}; the target of ${goal(objective)} lies inside. Sample more often, or from nearer.`,
      ),
  ),
  row('an objective was not measured', ({objectives}) =>
    objectives
      .filter(
        ({result, bound, share}) =>
          result === 'not-measured' || (result === 'inconclusive' && !isBounded(bound, share)),
      )
      .map(
        (objective) => `${objectiveName(objective)} was not measured${objective.note ? `: ${objective.note}` : ''}.`,
      ),
  ),
  row('the probes were blind for longer than the objective allows', (model) =>
    model.services.flatMap((service) => blindness(service, model)),
  ),
  row(
    'the wall clock went ahead after the fault, further than every target has room for: the runner may have slept',
    (model) => sleep(model),
  ),
  row('a service was not seen to be up and stable at the end', ({services}) =>
    services
      .filter(({assessment, outage}) => assessment?.firstBad && !assessment.recovered && outage !== 'none')
      .map(({name}) => `Nobody could see whether the service ${name} came back for good.`),
  ),
  row('there are no checks, no samples or no targets', (model) => emptiness(model)),
];

function row(when: string, reasons: VerdictRow['reasons']): VerdictRow {
  return {verdict: 'inconclusive', when, reasons};
}

/** Known from both sides. */
function isBounded(bound: ObjectiveReport['bound'], share: ObjectiveReport['share']): boolean {
  return share !== undefined || bound?.max !== undefined;
}

function unseen(name: string, when: string, {wanted, seen, detail}: {wanted: string; seen?: string; detail?: string}) {
  const saw = seen ? `answered ${seen}${detail ? ` (${detail})` : ''}` : 'was not asked';
  return `The check "${name}" ${saw} ${when}; ${wanted} is declared.`;
}

/** A check shows something when it can answer otherwise: in the drill itself, or, where it is to pass, by its control. */
function unturned({name, moments: {before, broken, after}, control}: ReportModel['checks'][number]): string[] {
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
function seriesControl({name, control, assessment}: ReportModel['series'][number], {services}: ReportModel): string[] {
  if (control === 'bad') return [];
  if (control !== undefined) return [`The control of ${name} answered ${control} instead of bad: it cannot go red.`];
  const decides = services.some(({series}) => series.includes(name));
  return assessment?.firstBad || !decides ? [] : [`The control of ${name} was never asked, and it was never seen red.`];
}

/**
 * An outage that long could be hidden: more than the service's target, or than a few lost samples. Where none is allowed,
 * a target allows none either.
 */
function blindness({name, series, outage, assessment}: ServiceReport, model: ReportModel): string[] {
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
function sleep({wallForward, plan, objectives, services}: ReportModel): string[] {
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

function emptiness({plan, services, checks, objectives, window}: ReportModel): string[] {
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
