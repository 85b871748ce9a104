import type {ObjectiveRecord, PlanRecord} from '../../journal/types.ts';
import {type Instants, type Rto, rto} from '../../measure/index.ts';
import type {ObjectiveReport, ServiceReport} from '../types.ts';

/** Instants that objectives count from and to; on the runner's clock. */
export interface Marks extends Instants {
  detected?: number;
}

/** Every objective of the plan against what was measured; and each service that has a figure and no target. */
export function judgeObjectives(plan: PlanRecord, services: ServiceReport[], marks: Marks): ObjectiveReport[] {
  const judged = plan.objectives.map((objective) => judge(objective, services, marks));
  const targeted = new Set(plan.objectives.filter(({metric}) => metric === 'rto').map(({of}) => of));
  const untargeted = services
    .filter(({name, outage}) => outage !== 'none' && !targeted.has(name))
    .map((service): ObjectiveReport => {
      const figure = service.assessment ? rto(service.assessment, 'impact', marks) : 'n/a';
      const bound = boundOf(figure, service);
      const base = {metric: 'rto' as const, of: service.name, from: 'impact' as const, source: 'none', figure};
      return {...base, ...(bound ? {bound} : {}), result: 'no-target'};
    });
  return [...judged, ...untargeted];
}

function judge(objective: ObjectiveRecord, services: ServiceReport[], marks: Marks): ObjectiveReport {
  const service = serviceOf(objective, services);
  const named = {...objective, ...(service ? {of: service.name} : {})};
  switch (objective.metric) {
    case 'rto': {
      if (!service?.assessment) return {...named, ...unmeasured('nothing was measured')};
      return judgeRto(named, objective, service, marks);
    }
    case 'detection':
      return {...named, ...judgeDetection(objective, service, marks)};
    default:
      return {...named, ...unmeasured('this run has no measurement of it')};
  }
}

function judgeRto(
  named: ObjectiveRecord,
  {from, target}: ObjectiveRecord,
  service: ServiceReport,
  marks: Marks,
): ObjectiveReport {
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
  const note = figure === 'none' ? 'no user impact seen' : bound?.max === undefined ? 'not recovered' : undefined;
  return {...named, figure, ...compare(bound, target), ...(note ? {note} : {})};
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

function judgeDetection(
  {from = 'fault', target}: ObjectiveRecord,
  service: ServiceReport | undefined,
  marks: Marks,
): Pick<ObjectiveReport, 'figure' | 'bound' | 'result' | 'margin' | 'note'> {
  const {detected} = marks;
  if (detected === undefined) return unmeasured('nobody and nothing detected it');
  const origin = from === 'impact' ? service?.assessment?.outages[0]?.began : marks[from];
  if (!origin || detected < origin.earliest) return unmeasured('it was detected before the instant it counts from');
  const bound = {min: Math.max(0, detected - origin.latest), max: detected - origin.earliest};
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
function serviceOf({of}: ObjectiveRecord, services: ServiceReport[]): ServiceReport | undefined {
  if (of !== undefined) return services.find(({name}) => name === of);
  return services.find(({outage}) => outage !== 'none') ?? services[0];
}
