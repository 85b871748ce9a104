import type {JournalEntry} from '../../journal/types.ts';
import type {Instant} from '../../measure/index.ts';
import type {StepReport} from '../happened.ts';
import type {ReportModel, ServiceReport, TimelineRow} from '../types.ts';
import {entriesOf} from './entries.ts';
import type {Marks} from './objectives.ts';

const exactly = (at: number): Instant => ({earliest: at, latest: at});

/** Instants of the run that a person or the runner set; the samples give the others. */
export function marksOf(entries: readonly JournalEntry[], steps: StepReport[], fault: Instant | undefined): Marks {
  const marks = entriesOf(entries, 'mark');
  const declared = marks.find(({name}) => name === 'declared')?.mono;
  const [first] = recoverSteps(steps);
  const begun = declared === undefined ? beginOf(first, entries) : exactly(declared);
  const action = beginOf(
    recoverSteps(steps).find(({form}) => form === 'uses' || form === 'undo'),
    entries,
  );
  const detected = marks.find(({name}) => name === 'detected')?.mono;
  return {
    ...(fault ? {fault} : {}),
    ...(begun ? {declared: begun} : {}),
    ...(action ? {recovery: action} : {}),
    ...(detected === undefined ? {} : {detected}),
  };
}

/**
 * When a step of the recovery began: its start is noted once its targets are fixed, and planning them takes time that
 * belongs to the recovery. So from the end of the step before it, or the begin of the phase, to that note.
 */
function beginOf(step: StepReport | undefined, entries: readonly JournalEntry[]): Instant | undefined {
  const latest = step?.started;
  if (!step || latest === undefined) return undefined;
  const entered = entriesOf(entries, 'phase.entered').filter(({phase}) => phase === 'recover');
  // What runs beside it in the same parallel step does not come before it.
  const ended = entriesOf(entries, 'step.ended').filter(({path}) => topOf(path) !== topOf(step.path));
  const before = [...entered, ...ended].map(({mono}) => mono).filter((mono) => mono <= latest);
  return {earliest: before.length > 0 ? Math.max(...before) : latest, latest};
}

/** `recover.2` of `recover.2.0`. */
const topOf = (path: string): string => path.split('.', 2).join('.');

/** The recover steps that were played, in the order in which they began. */
function recoverSteps(steps: StepReport[]): StepReport[] {
  return steps
    .filter(({phase, started, outcome}) => phase === 'recover' && started !== undefined && outcome !== 'skipped')
    .sort((a, b) => (a.started ?? 0) - (b.started ?? 0));
}

/** t0 to t8; what never came is listed with the reason. */
export function timelineOf(
  entries: readonly JournalEntry[],
  model: Pick<ReportModel, 'services' | 'detections' | 'steps' | 'fault' | 'mutations' | 'rollbacks'>,
  marks: Marks,
): TimelineRow[] {
  const {services, detections, steps, fault} = model;
  const broken = services.filter(({outage, assessment}) => outage !== 'none' || assessment?.firstBad !== undefined);
  const last = recoverSteps(steps).at(-1);
  const t5 = last?.outcome === 'done' || last?.outcome === 'deviated' ? last.ended : undefined;
  const declaredBy = entriesOf(entries, 'mark').find(({name}) => name === 'declared')?.by;
  const point = entriesOf(entries, 'recoveryPoint.verified').at(-1);
  const detectedBy = entriesOf(entries, 'mark').find(({name}) => name === 'detected')?.by;
  return [
    row(
      't0',
      'fault call accepted',
      fault,
      fault ? 'journal: intent and answer of the first fault' : 'no fault was injected',
    ),
    ...broken.map((service) => impact(service)),
    detection(detections, at(marks.detected), detectedBy),
    row('t3', 'recovery declared', marks.declared, declaredSource(declaredBy, marks)),
    row(
      't4',
      'recovery point verified and at hand',
      at(point?.mono),
      point ? `${point.uses} ${point.name}` : 'no recovery point was used',
    ),
    row('t5', 'restore mechanics done', at(t5), mechanicsSource(last, t5)),
    ...broken.flatMap((service) => recovery(service)),
    cleanup(entries, model),
  ];
}

const at = (mono: number | undefined): Instant | undefined => (mono === undefined ? undefined : exactly(mono));

function row(name: TimelineRow['name'], what: string, instant: Instant | undefined, source: string): TimelineRow {
  return {name, what, ...(instant ? {instant} : {}), source};
}

/** t2: an alert that fired, or a person's mark; whichever came first. */
function detection(
  detections: ReportModel['detections'],
  marked: Instant | undefined,
  by: string | undefined,
): TimelineRow {
  const alerts = detections
    .flatMap((one) => (one.state === 'detected' ? [{probe: one.probe, instant: one.at}] : []))
    .sort((a, b) => a.instant.latest - b.instant.latest);
  const [alert] = alerts;
  if (alert && !(marked && marked.latest < alert.instant.latest)) {
    return row('t2', 'detected', alert.instant, `the probe ${alert.probe} turned good`);
  }
  if (marked) return row('t2', 'detected', marked, `marked by ${by}`);
  return row('t2', 'detected', undefined, detections.length > 0 ? 'no alert fired' : 'nothing marks it');
}

function declaredSource(by: string | undefined, {declared}: Marks): string {
  if (by !== undefined) return `marked by ${by}`;
  return declared ? 'start of the first recover step' : 'no recover step was played';
}

function mechanicsSource(last: StepReport | undefined, t5: number | undefined): string {
  if (!last) return 'no recover step was played';
  return t5 === undefined ? `step ${last.path} did not succeed` : `end of step ${last.path}`;
}

function impact({name, assessment}: ServiceReport): TimelineRow {
  const first = assessment?.outages[0];
  const row = {name: 't1' as const, what: 'first bad sample', service: name};
  if (!first) return {...row, source: 'none was seen'};
  const {series, detail} = first.firstBad;
  return {...row, instant: first.began, source: `samples of ${series}${detail ? `: ${detail}` : ''}`};
}

function recovery({name, assessment}: ServiceReport): TimelineRow[] {
  const first = assessment?.outages[0];
  const recovered = assessment?.recovered;
  const row = {service: name, source: 'samples'};
  if (!first) return [{...row, name: 't7', what: 'back for good', source: 'there was no outage'}];
  return [
    {...row, name: 't6', what: 'first good sample', ...(first.ended ? {instant: first.ended} : {source: 'none came'})},
    {
      ...row,
      name: 't7',
      what: 'back for good: first good sample of the stable run',
      ...(recovered ? {instant: recovered.at} : {source: 'it did not come back for good'}),
    },
  ];
}

function cleanup(
  entries: readonly JournalEntry[],
  {mutations, rollbacks}: Pick<ReportModel, 'mutations' | 'rollbacks'>,
): TimelineRow {
  const row = {name: 't8' as const, what: 'cleanup done'};
  if (mutations.length === 0) return {...row, source: 'there was nothing to clean up'};
  if (mutations.some(({outstanding}) => outstanding)) return {...row, source: 'not done: see Changes and undo'};
  const last = entriesOf(entries, 'undo.ended').at(-1);
  if (!last) return {...row, source: 'nothing was changed'};
  if (rollbacks.length > 0) return {...row, at: last.at, source: 'the last undo, by a later rollback'};
  // A recovery that is an undo comes long before the cleanup, which ends no sooner than it begins.
  const begun = entriesOf(entries, 'phase.entered').find(({phase}) => phase === 'undo')?.mono ?? last.mono;
  return {...row, instant: exactly(Math.max(last.mono, begun)), source: 'the last undo'};
}
