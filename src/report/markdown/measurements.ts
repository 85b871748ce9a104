import {atMost, duration, figure, percent, range} from '../figures.ts';
import {stripMarks} from '../strip.ts';
import type {ReportModel, SeriesReport} from '../types.ts';
import {code, table, text} from './escape.ts';
import {objectiveTitle} from './front.ts';
import {offset, stamp} from './time.ts';

/** Timeline, objectives, services, strips. */
export function measurements(model: ReportModel): string[] {
  if (!model.window) return [];
  return [...timeline(model), ...objectives(model), ...services(model), ...strips(model), ...series(model)];
}

function timeline(model: ReportModel): string[] {
  const {fault} = model;
  const rows = model.timeline.map(({name, what, service, instant, at, source}) => [
    name,
    `${what}${service ? `, ${code(service)}` : ''}`,
    instant ? stamp(model, instant) : (at ?? 'n/a'),
    instant && fault ? (name === 't0' ? '0' : offset(fault, instant)) : 'n/a',
    text(source),
  ]);
  return ['## Timeline', '', ...table(['', 'Instant', 'UTC', 'From t0', 'Source'], rows)];
}

function objectives({objectives: all}: ReportModel): string[] {
  const rows = all.map((objective) => [
    objectiveTitle(objective),
    objective.target === undefined ? 'none' : duration(objective.target),
    figure(objective),
    objective.margin === undefined ? 'n/a' : objective.margin < 0 ? 'none' : percent(objective.margin),
    objective.from ?? 'n/a',
    text(objective.source),
    `${objective.result}${objective.note ? ` (${text(objective.note)})` : ''}`,
  ]);
  const head = ['Objective', 'Target', 'Measured', 'Margin', 'Counted from', 'Source of the target', 'Result'];
  return rows.length === 0 ? [] : ['## Objectives', '', ...table(head, rows)];
}

function services({services: all}: ReportModel): string[] {
  const rows = all.map(({name, outage, by, up, okRatio, before, assessment}) => [
    code(name),
    `${up.map(code).join(', ')}${okRatio < 1 ? `, at least ${percent(okRatio)} ok` : ''}`,
    `${outage}${by === 'recover' ? ', by the cure' : ''}`,
    before ?? 'n/a',
    assessment ? String(assessment.outages.length) : 'n/a',
    assessment ? range(assessment.unavailable.min, assessment.unavailable.max) : 'n/a',
    assessment ? atMost(assessment.blindMs) : 'n/a',
    assessment ? atMost(assessment.longestGap) : 'n/a',
    assessment?.state ?? 'n/a',
  ]);
  const head = [
    'Service',
    'Up when',
    'Outage',
    'Before',
    'Outages',
    'Unavailable',
    'Blind',
    'Longest unseen',
    'At the end',
  ];
  return rows.length === 0 ? [] : ['## Services', '', ...table(head, rows)];
}

function strips({series: all, strips: shown, fault, services: judged}: ReportModel): string[] {
  const drawn = all.filter(({strip}) => strip !== undefined);
  if (!shown || !fault || drawn.length === 0) return [];
  const width = Math.max(...drawn.map(({name}) => name.length));
  const columnOf = (at: number) => Math.floor((at - shown.from) / shown.column);
  const recovered = judged.flatMap(({assessment}) => assessment?.recovered?.at.latest ?? []);
  const marks = [{at: columnOf(fault.latest), name: 't0'}];
  if (recovered.length > 0) marks.push({at: columnOf(Math.max(...recovered)), name: 't7'});
  return [
    '## Samples',
    '',
    `Each column is ${duration(shown.column)}; ${stripMarks.ok} ok, ${stripMarks.bad} bad, ${stripMarks.blind} blind (could not ask), blank: no sample. The worst sample of a column counts.`,
    '',
    '```text',
    ...drawn.map(({name, strip}) => `${name.padEnd(width)} ${strip ?? ''}`.trimEnd()),
    `${' '.repeat(width)} ${axis(marks)}`,
    '```',
    '',
  ];
}

/** Names under their columns; one that would run into another is left out. */
function axis(marks: {at: number; name: string}[]): string {
  let line = '';
  for (const {at, name} of marks.sort((a, b) => a.at - b.at)) {
    if (at < line.length || at > 200) continue;
    line = `${line.padEnd(at)}^${name} `;
  }
  return line.trimEnd();
}

function series({series: all}: ReportModel): string[] {
  const rows = all.map(({name, from, every, clocks, control, assessment}: SeriesReport) => [
    code(name),
    from,
    duration(every),
    text(clocks.join(', ')),
    assessment ? `${assessment.counts.taken} of ${assessment.counts.expected}` : 'n/a',
    assessment
      ? `${assessment.counts.bad} bad, ${assessment.counts.blind} blind, ${assessment.counts.overrun} skipped`
      : 'n/a',
    control === 'bad' ? 'bad, as it must' : (control ?? 'not asked'),
  ]);
  const head = ['Series', 'From', 'Every', 'Clock', 'Samples taken', 'Of these', 'Control'];
  return rows.length === 0 ? [] : ['## Series', '', ...table(head, rows)];
}
