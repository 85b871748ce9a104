import {scaleLinear} from 'd3-scale';
import {duration} from '../figures.ts';
import type {ObjectiveReport, ReportModel} from '../types.ts';

/** Pixels. */
export const size = {width: 960, labels: 210, right: 20, row: 22, top: 46, axis: 46} as const;

/** A vertical line at an instant. */
export interface Mark {
  at: number;
  label: string;
  kind: 'instant' | 'target';
}

/** What is drawn, and where on the runner's clock it begins and ends. */
export interface Layout {
  from: number;
  until: number;
  x: (at: number) => number;
  /** Instants with round distances from the zero of the axis. */
  ticks: {at: number; label: string}[];
  marks: Mark[];
  /** Lines below the axis: targets that lie outside. */
  remarks: string[];
}

/** Share of the chart that a target may add to it, before it is only named. */
const stretch = 2;

/** Undefined when nothing was sampled. */
export function layoutOf(model: ReportModel): Layout | undefined {
  const sampled = model.series.flatMap(({runs}) => runs);
  const first = Math.min(...sampled.map(({from}) => from));
  const last = Math.max(...sampled.map(({until}) => until));
  if (sampled.length === 0 || last <= first) return undefined;
  const zero = model.fault?.latest ?? model.window?.from ?? first;
  const shown = model.strips;
  const from = shown ? Math.max(first, shown.from) : first;
  const end = shown ? Math.min(last, shown.from + shown.column * columnsOf(model)) : last;
  const targets = model.objectives.flatMap((objective) => targetMark(objective, model));
  const near = targets.filter(({at}) => at <= end + stretch * (end - from));
  const until = Math.max(end, ...near.map(({at}) => at + (end - from) * 0.04));
  const scale = scaleLinear([from - zero, until - zero], [size.labels, size.width - size.right]);
  const instants = instantMarks(model).filter(({at}) => at >= from && at <= until);
  return {
    from,
    until,
    x: (at) => Math.round(scale(Math.min(until, Math.max(from, at)) - zero) * 100) / 100,
    ticks: scaleLinear([(from - zero) / 1000, (until - zero) / 1000], [0, 1])
      .ticks(9)
      .map((second) => ({at: zero + second * 1000, label: `${second < 0 ? '−' : ''}${Math.abs(second)} s`})),
    marks: [...instants, ...near],
    remarks: targets.filter((target) => !near.includes(target)).map(({label}) => `${label}: beyond this chart`),
  };
}

const columnsOf = ({series}: ReportModel): number => Math.max(1, ...series.map(({strip}) => strip?.length ?? 0));

function instantMarks({timeline}: ReportModel): Mark[] {
  return timeline
    .flatMap(({name, instant}) =>
      instant && ['t0', 't1', 't2', 't3', 't7'].includes(name)
        ? [{at: instant.latest, label: name, kind: 'instant' as const}]
        : [],
    )
    .sort((a, b) => a.at - b.at);
}

/** Names of instants that are too near to each other stand together, at the first of them. */
export function gathered(marks: readonly Mark[], x: Layout['x']): Mark[] {
  const shown: Mark[] = [];
  let free = Number.NEGATIVE_INFINITY;
  for (const mark of marks) {
    const last = shown.at(-1);
    if (last && x(mark.at) < free) {
      last.label = `${last.label}, ${mark.label}`;
      free += letter * (mark.label.length + 2);
    } else {
      shown.push({...mark});
      free = x(mark.at) + letter * (mark.label.length + 1);
    }
  }
  return shown;
}

/** Width of a letter, about (pixels). */
const letter = 7;

/** Where the target of a recovery time is over. */
function targetMark(objective: ObjectiveReport, model: ReportModel): Mark[] {
  const {metric, target, of} = objective;
  const origin = originOf(objective, model);
  if (metric !== 'rto' || target === undefined || origin === undefined) return [];
  return [{at: origin + target, label: `target ${duration(target)}${of ? ` of ${of}` : ''}`, kind: 'target'}];
}

function originOf({from, of}: ObjectiveReport, {timeline, steps, fault}: ReportModel): number | undefined {
  const row = (name: string) =>
    timeline.find((one) => one.name === name && (one.service === undefined || one.service === of))?.instant?.latest;
  switch (from) {
    case 'fault':
      return fault?.latest;
    case 'impact':
      return row('t1');
    case 'declared':
      return row('t3');
    case 'recovery':
      return steps.find(({phase, started}) => phase === 'recover' && started !== undefined)?.started;
    default:
      return undefined;
  }
}
