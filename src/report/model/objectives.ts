import type {ObjectiveRecord, PlanRecord} from '../../journal/plan.ts';
import {type Instant, type Instants, type Rto, rto, type ServiceAssessment, type Window} from '../../measure/index.ts';
import type {Account} from '../account/types.ts';
import type {CanaryReport, DetectionReport, ObjectiveReport, ServiceReport} from '../types.ts';

/** Instants that objectives count from and to; on the runner's clock. */
export interface Marks extends Instants {
  detected?: number;
}

/** What objectives are judged by. */
export interface Findings {
  services: ServiceReport[];
  canaries: CanaryReport[];
  detections: DetectionReport[];
  marks: Marks;
  /** What is judged, milliseconds on the runner's clock. */
  window: Window;
  /** What did what; absent where there was no fault. */
  account?: Account | undefined;
}

/** Every objective of the plan against what was measured; and each service that has a figure and no target. */
export function judgeObjectives(plan: PlanRecord, findings: Findings): ObjectiveReport[] {
  const {services, marks, account} = findings;
  const judged = plan.objectives.map((objective) => judge(objective, findings));
  const targeted = new Set(plan.objectives.filter(({metric}) => metric === 'rto').map(({of}) => of));
  const untargeted = services
    .filter(({name, outage}) => outage !== 'none' && !targeted.has(name))
    .map((service): ObjectiveReport => {
      const isFaults = impactNote(service, account) === undefined;
      const figure = service.assessment && isFaults ? rto(service.assessment, 'impact', marks) : 'n/a';
      const bound = boundOf(figure, service);
      const base = {metric: 'rto' as const, of: service.name, from: 'impact' as const, source: 'none', figure};
      return {...base, ...(bound ? {bound} : {}), result: 'no-target'};
    });
  return [...judged, ...untargeted];
}

/** The objective of a metric that stands for the run where only one figure has room: the first with a target. */
export function primary(
  objectives: readonly ObjectiveReport[],
  metric: ObjectiveReport['metric'],
): ObjectiveReport | undefined {
  const own = objectives.filter((objective) => objective.metric === metric);
  return own.find(({target}) => target !== undefined) ?? own[0];
}

function judge(objective: ObjectiveRecord, findings: Findings): ObjectiveReport {
  const {services} = findings;
  const service = serviceOf(objective, services);
  const named = {...objective, ...(service ? {of: service.name} : {})};
  switch (objective.metric) {
    case 'rto': {
      if (!service?.assessment) return {...named, ...unmeasured('nothing was measured')};
      return judgeRto(named, service, findings);
    }
    case 'rpo':
      return {...objective, ...judgeRpo(objective, findings)};
    case 'availability':
      return {...named, ...judgeAvailability(objective, service, findings.window)};
    case 'detection':
      return {...objective, ...judgeDetection(objective, findings)};
    default:
      return {...named, ...unmeasured('this run has no measurement of it')};
  }
}

function judgeRto(
  named: ObjectiveRecord,
  service: ServiceReport,
  {marks, account}: Pick<Findings, 'marks' | 'account'>,
): ObjectiveReport {
  const {from, target} = named;
  const {assessment} = service;
  if (!assessment || !from) return {...named, ...unmeasured('it does not say from when it counts')};
  if (assessment.counts.ok === 0 && assessment.counts.bad === 0) {
    return {...named, ...unmeasured('no sample could say anything')};
  }
  const figure = rto(assessment, from, marks);
  if (figure === 'n/a') return {...named, ...unmeasured(whyNot(from, marks))};
  if (figure === 'none' && service.outage === 'required') {
    return {...named, ...unmeasured('no outage was seen'), figure};
  }
  const bound = boundOf(figure, service);
  const judged = compare(bound, target);
  const strange = impactNote(service, account);
  // A miss stays one, whoever made the outage; a hit says nothing of the fault.
  if (strange !== undefined && judged.result !== 'breached') return {...named, ...unmeasured(strange)};
  const unseen = tolerated(assessment) ?? 'no user impact seen';
  const note = figure === 'none' ? unseen : bound?.max === undefined ? 'not recovered' : undefined;
  return {...named, figure, ...judged, ...(note ? {note} : {})};
}

/** Why a service's recovery says nothing of the fault: no outage of it is the fault's. */
function impactNote({name, by}: ServiceReport, account: Account | undefined): string | undefined {
  const causes = account?.outages.filter(({service}) => service === name).map(({cause}) => cause) ?? [];
  if (by !== 'inject' || causes.length === 0 || causes.includes('fault')) return undefined;
  return causes.includes('cure')
    ? 'it was seen down only after the recovery had begun to act, which may be its doing'
    : 'it was seen down only in an outage that had begun before the fault';
}

/** Bad samples that made no outage, as `okRatio` allows them; undefined when there were none. */
export function tolerated(assessment: ServiceAssessment | undefined): string | undefined {
  if (!assessment || assessment.outages.length > 0 || assessment.counts.bad === 0) return undefined;
  const {bad, ok} = assessment.counts;
  return `${bad} of ${bad + ok} samples were bad, as okRatio allows`;
}

/** Within the target up to the upper end: met. Beyond it from the lower end on: breached. Else nobody can say. */
function compare(
  bound: ObjectiveReport['bound'],
  target: number,
): Pick<ObjectiveReport, 'bound' | 'result' | 'margin'> {
  if (!bound) return {result: 'not-measured'};
  const margin = bound.max === undefined || target === 0 ? {} : {margin: (target - bound.max) / target};
  if (bound.min > target) return {bound, result: 'breached', ...margin};
  if (bound.max !== undefined && bound.max <= target) return {bound, result: 'met', ...margin};
  return {bound, result: 'inconclusive', ...margin};
}

type Judged = Pick<ObjectiveReport, 'figure' | 'bound' | 'share' | 'basis' | 'result' | 'margin' | 'note'>;

function judgeRpo({of, target}: ObjectiveRecord, {canaries}: Findings): Judged {
  const canary = canaries.find(({name}) => name === of);
  if (!canary?.bound) return unmeasured(canary?.note ?? 'there is no such canary');
  const {figure, bound, basis, note} = canary;
  return {figure, ...compare(bound, target), ...(basis ? {basis} : {}), ...(note === undefined ? {} : {note})};
}

/**
 * The share of the window in which the service was up. Blind time counts against the lower end, and so does one outage
 * that no sample saw.
 */
function judgeAvailability({target}: ObjectiveRecord, service: ServiceReport | undefined, window: Window): Judged {
  const assessment = service?.assessment;
  const whole = window.until - window.from;
  if (!assessment || assessment.counts.ok + assessment.counts.bad === 0 || whole <= 0) {
    return unmeasured('no sample could say anything');
  }
  const {unavailable, longestGap} = assessment;
  const share = {
    min: Math.max(0, 1 - (unavailable.max + longestGap) / whole),
    max: Math.min(1, 1 - unavailable.min / whole),
  };
  const result = share.max < target ? 'breached' : share.min >= target ? 'met' : 'inconclusive';
  return {figure: 'n/a', share, result};
}

/** t2 as an instant, and why there is none. */
function detected(of: string | undefined, {detections, marks}: Findings): {at?: Instant; until?: number; note: string} {
  const own = detections.filter(({probe}) => detections.every((one) => one.probe !== of) || probe === of);
  const found = [
    ...own.flatMap((one) => (one.state === 'detected' ? [one.at] : [])),
    ...(marks.detected === undefined ? [] : [{earliest: marks.detected, latest: marks.detected}]),
  ].sort((a, b) => a.latest - b.latest)[0];
  if (found) return {at: found, note: ''};
  const [first] = own;
  if (!first) return {note: 'nobody and nothing detected it'};
  const names = own.map(({probe}) => probe).join(', ');
  const never = own.filter((one) => one.state === 'never');
  if (never.length === own.length)
    return {until: Math.min(...never.map(({until}) => until)), note: `${names}: no alert fired`};
  return {
    note: own.some(({state}) => state === 'before')
      ? `${names}: was firing before the fault already, which detects nothing`
      : `${names}: could not be asked before the fault, or after it`,
  };
}

function judgeDetection({from = 'fault', target, of}: ObjectiveRecord, findings: Findings): Judged {
  const {services, marks} = findings;
  const {at, until, note} = detected(of, findings);
  const service = serviceOf({of: services.some(({name}) => name === of) ? of : undefined}, services);
  const strange = from === 'impact' && service ? impactNote(service, findings.account) : undefined;
  if (strange !== undefined) return unmeasured(strange);
  const origin = from === 'impact' ? service?.assessment?.outages[0]?.began : marks[from];
  if (!origin) return unmeasured(at ? 'the instant that it counts from never came' : note);
  if (!at) {
    // Nothing fired as long as anybody looked: proven only when that was longer than the target.
    if (until === undefined) return unmeasured(note);
    const figure = {atLeast: Math.max(0, until - origin.latest)};
    return {figure, ...compare({min: figure.atLeast}, target), note};
  }
  if (at.latest < origin.earliest) return unmeasured('it was detected before the instant it counts from');
  const bound = {min: Math.max(0, at.earliest - origin.latest), max: at.latest - origin.earliest};
  return {figure: {lower: bound.min, upper: bound.max}, ...compare(bound, target)};
}

function boundOf(figure: Rto, {assessment}: ServiceReport): ObjectiveReport['bound'] {
  if (figure === 'none') return {min: 0, max: assessment?.longestGap ?? 0};
  if (typeof figure === 'string') return undefined;
  return 'atLeast' in figure ? {min: figure.atLeast} : {min: figure.lower, max: figure.upper};
}

const unmeasured = (note: string) => ({figure: 'n/a' as const, result: 'not-measured' as const, note});

function whyNot(from: NonNullable<ObjectiveRecord['from']>, marks: Marks): string {
  if (from !== 'impact' && marks[from] !== undefined) return 'it had recovered before the instant it counts from';
  return {
    fault: 'no fault was injected',
    impact: 'no outage was seen',
    declared: 'recovery was never declared',
    recovery: 'no recovery action was started',
  }[from];
}

/** The service that an objective names; without a name the one that is expected to break. */
function serviceOf({of}: {of?: string | undefined}, services: ServiceReport[]): ServiceReport | undefined {
  if (of !== undefined) return services.find(({name}) => name === of);
  return services.find(({outage}) => outage !== 'none') ?? services[0];
}
