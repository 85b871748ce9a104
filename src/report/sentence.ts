import {count} from '../io/text.ts';
import type {ServiceAssessment} from '../measure/index.ts';
import {unnoticed} from './account/proof.ts';
import {atMost, figure, goal} from './figures.ts';
import {tolerated} from './model/objectives.ts';
import type {ObjectiveReport, ReportModel, VerdictResult} from './types.ts';
import {objectiveName} from './verdict/failed.ts';

/** What an objective counts from, in words. */
export const countedFrom: Readonly<Record<NonNullable<ObjectiveReport['from']>, string>> = {
  fault: 'the fault',
  impact: 'the first bad sample',
  declared: 'the declaration of recovery',
  recovery: 'the start of the recovery',
};

/** Whether a run was played on a simulated cluster, also when it ended before the cluster was asked who it is. */
export const isPractice = ({run, cluster}: ReportModel): boolean => cluster?.practice ?? run?.practice ?? false;

/**
 * The first sentence of every report: verdict, figure with its bound, counted from what, target, and what is not in it.
 * Plain text in which nothing is escaped.
 */
export function verdictSentence(model: ReportModel, {verdict, cleanup, reasons}: VerdictResult): string {
  const dirty = cleanup === 'dirty' ? ` NOT CLEAN: ${leftText(model)}.` : '';
  const [first = '', ...more] = reasons;
  const because = `${first}${more.length > 0 ? ` (and ${more.length} more ${more.length === 1 ? 'reason' : 'reasons'})` : ''}`;
  const head = `${verdict.toUpperCase()}${isPractice(model) ? ' (practice run)' : ''}`;
  switch (verdict) {
    case 'passed':
      return `${[`${head} — ${success(model)}.`, unnoticedText(model)].filter(Boolean).join(' ')}${dirty}`;
    case 'refused':
      return `${head} — no fault was injected: ${because}${dirty}`;
    default:
      return `${head} — ${because}${dirty}`;
  }
}

/** Where a service was not seen down, and a fault is proven by its own write alone: undefined where it is not so. */
export function unnoticedText({account, services}: ReportModel): string | undefined {
  const silent = unnoticed(account?.faults ?? []);
  const isDown = (name: string) => account?.outages.some((one) => one.service === name && one.cause === 'fault');
  if (silent.length === 0 || services.every(({name}) => isDown(name))) return undefined;
  const which = silent.length === account?.faults.length ? 'the fault' : silent.map(({path}) => path).join(', ');
  return `Nothing shows that anybody noticed ${which}: its proof is only that the API server took the write.`;
}

/** What is left behind, in few words. */
export function leftText({mutations, compared}: ReportModel): string {
  const left = mutations.filter(({outstanding}) => outstanding).length;
  const differing = compared?.differences.filter(({explained}) => explained === undefined).length ?? 0;
  return [
    ...(left === 0 ? [] : [`${count(left, 'change')} ${left === 1 ? 'is' : 'are'} not taken back`]),
    ...(differing === 0 ? [] : [`${count(differing, 'object')} ${differing === 1 ? 'is' : 'are'} not as before`]),
  ].join(', ');
}

function success(model: ReportModel): string {
  if (model.plan?.type === 'inspection') return inspected(model);
  const targeted = model.objectives.filter(({target}) => target !== undefined);
  const first = targeted.find(({metric}) => metric === 'rto') ?? targeted[0];
  if (!first) return `${undisturbed(model)}${model.checks.length > 0 ? '; every check answered as declared' : ''}`;
  const others = targeted.length - 1;
  const parts = [
    measured(first),
    ...(first.from ? [`counted from ${countedFrom[first.from]}`] : []),
    `target ${goal(first)}`,
    ...(others > 0 ? [`${others} more ${others === 1 ? 'objective' : 'objectives'} met`] : []),
    ...exclusions(model, first),
  ];
  return parts.join('; ').replace('; counted', ', counted');
}

function measured(objective: ObjectiveReport): string {
  const {metric, of, figure: value, basis} = objective;
  if (metric !== 'rto') return `${objectiveName(objective)} was ${figure(objective)}${basis ? `, ${basis}` : ''}`;
  return value === 'none'
    ? `${of ?? 'the service'}: RTO ${figure(objective)}, ${objective.note ?? 'no user impact seen'}`
    : `${of ?? 'the service'} was back after ${figure(objective)}`;
}

function inspected({checks}: ReportModel): string {
  const all = checks.length === 1 ? 'the check answered' : `all ${checks.length} checks answered`;
  return `${all} as declared, and ${checks.length === 1 ? 'its control' : 'each of their controls'} was seen to fail`;
}

/** What a reader could take to be in the figure, and is not. */
function exclusions({run}: ReportModel, {metric, from}: ObjectiveReport): string[] {
  if (metric !== 'rto') return [];
  if (from === 'declared' || from === 'recovery') return ['detection and decision not included'];
  return run?.people.attended === false ? ['unattended: detection and decision not included'] : [];
}

function undisturbed({services}: ReportModel): string {
  const seen = services.flatMap(({name, assessment}) => (assessment ? [describe(name, assessment)] : []));
  const isSpotless = services.every(({assessment}) => tolerated(assessment) === undefined);
  const what = isSpotless ? 'no user impact seen' : 'no outage beyond okRatio';
  return seen.length > 0 ? `${what}: ${seen.join(', ')}` : 'no service was disturbed';
}

function describe(name: string, assessment: ServiceAssessment): string {
  const bad = tolerated(assessment);
  const unseen = `an outage of up to ${atMost(assessment.longestGap)} could have gone unseen`;
  return `${name} (${bad === undefined ? '' : `${bad}; `}${unseen})`;
}
