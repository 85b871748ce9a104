import type {JournalEntry} from '../../journal/types.ts';
import type {Instant} from '../../measure/index.ts';
import type {StepReport} from '../happened.ts';
import type {ReportModel, ServiceReport, TimelineRow} from '../types.ts';
import {entriesOf} from './entries.ts';
import {recoverSteps} from './marks.ts';
import {type Marks, tolerated} from './objectives.ts';

const exactly = (at: number): Instant => ({earliest: at, latest: at});

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
  const declared = entriesOf(entries, 'mark').find(({name}) => name === 'declared');
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
    row('t3', 'recovery declared', marks.declared, declaredSource(declared, marks)),
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

function declaredSource(mark: {by: string; mono: number} | undefined, {declared}: Marks): string {
  if (mark) {
    const isLate = declared !== undefined && declared.earliest < mark.mono;
    return isLate ? `the recovery acted before ${mark.by} marked it` : `marked by ${mark.by}`;
  }
  return declared ? 'start of the first recover step' : 'no recover step was played';
}

function mechanicsSource(last: StepReport | undefined, t5: number | undefined): string {
  if (!last) return 'no recover step was played';
  return t5 === undefined ? `step ${last.path} did not succeed` : `end of step ${last.path}`;
}

function impact({name, assessment}: ServiceReport): TimelineRow {
  const first = assessment?.outages[0];
  const row = {name: 't1' as const, what: 'first bad sample', service: name};
  if (!first) return {...row, source: tolerated(assessment) ?? 'none was seen'};
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
