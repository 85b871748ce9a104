import {oneLine} from '../../io/text.ts';
import {atMost, duration, figure, goal, percent, range, room} from '../figures.ts';
import {mermaidTimeline} from '../mermaid.ts';
import {countedFrom} from '../sentence.ts';
import {stripMarks} from '../strip.ts';
import type {ObjectiveReport, ReportModel, SeriesReport} from '../types.ts';
import {type Block, code, joined, line, outside, own, section, table} from './content.ts';
import {objectiveTitle} from './targets.ts';
import {offset, stamp} from './time.ts';

/** Timeline, objectives, services, strips. */
export function measurements(model: ReportModel): Block[] {
  if (!model.window) return [];
  return [
    ...timeline(model),
    ...objectives(model),
    ...services(model),
    ...samples(model),
    ...series(model),
    ...canaries(model),
  ];
}

function timeline(model: ReportModel): Block[] {
  const {fault} = model;
  const rows = model.timeline.map(({name, what, service, instant, at, source}) => [
    own(name),
    service ? line`${own(what)}, ${code(service)}` : own(what),
    instant ? own(stamp(model, instant)) : outside(at ?? 'n/a'),
    own(instant && fault ? (name === 't0' ? '0' : offset(fault, instant)) : 'n/a'),
    outside(source),
  ]);
  return section('Timeline', ...table(['', 'Instant', 'UTC', 'From t0', 'Source'], rows), {
    kind: 'preformatted',
    language: 'mermaid',
    text: mermaidTimeline(model),
  });
}

function objectives({objectives: all}: ReportModel): Block[] {
  const rows = all.map((objective) => [
    objectiveTitle(objective),
    own(objective.target === undefined ? 'none' : goal(objective)),
    own(figure(objective)),
    own(marginOf(objective)),
    own(objective.from ? countedFrom[objective.from] : 'n/a'),
    outside(objective.source),
    line`${own(objective.result)}${objective.note ? line` (${objective.note})` : []}`,
  ]);
  const head = ['Objective', 'Target', 'Measured', 'Margin', 'Counted from', 'Source of the target', 'Result'];
  return section('Objectives', ...table(head, rows));
}

function marginOf(objective: ObjectiveReport): string {
  if (objective.margin === undefined) return 'n/a';
  const left = room(objective);
  return left === undefined ? 'none' : percent(left.share);
}

function services({services: all}: ReportModel): Block[] {
  const rows = all.map(({name, outage, by, up, okRatio, before, assessment}) => [
    line`${code(name)}`,
    line`${joined(
      up.map((probe) => [code(probe)]),
      ', ',
    )}${own(okRatio < 1 ? `, at least ${percent(okRatio)} ok` : '')}`,
    own(`${outage}${by === 'recover' ? ', by the cure' : ''}`),
    own(before ?? 'n/a'),
    own(assessment ? String(assessment.outages.length) : 'n/a'),
    own(assessment ? range(assessment.unavailable.min, assessment.unavailable.max) : 'n/a'),
    own(assessment ? atMost(assessment.blindMs) : 'n/a'),
    own(assessment ? atMost(assessment.longestGap) : 'n/a'),
    own(assessment?.state ?? 'n/a'),
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
  const unseen =
    'Longest unseen: the longest stretch between two good samples of one series, or between one and an edge of what was judged; an outage that fits in could have gone unseen.';
  return section(
    'Services',
    ...table(head, rows),
    ...(rows.length > 0 ? [{kind: 'paragraph' as const, line: own(unseen)}] : []),
  );
}

function samples({series: all, strips: shown, fault, services: judged}: ReportModel): Block[] {
  const drawn = all.filter(({strip}) => strip !== undefined);
  if (!shown || !fault || drawn.length === 0) return [];
  const names = drawn.map(({name}) => oneLine(name));
  const width = Math.max(...names.map((name) => name.length));
  const columnOf = (at: number) => Math.floor((at - shown.from) / shown.column);
  const recovered = judged.flatMap(({assessment}) => assessment?.recovered?.at.latest ?? []);
  const marks = [{at: columnOf(fault.latest), name: 't0'}];
  if (recovered.length > 0) marks.push({at: columnOf(Math.max(...recovered)), name: 't7'});
  const strips = drawn.map(({strip}, index) => `${(names[index] ?? '').padEnd(width)} ${strip ?? ''}`.trimEnd());
  return section(
    'Samples',
    {kind: 'chart', description: 'Samples of every probe, the phases of the run, and the targets'},
    {
      kind: 'paragraph',
      line: own(
        `Each column is ${duration(shown.column)}; ${stripMarks.ok} ok, ${stripMarks.bad} bad, ${stripMarks.blind} blind (could not ask), blank: no sample. The worst sample of a column counts.`,
      ),
    },
    {kind: 'preformatted', language: 'text', text: [...strips, `${' '.repeat(width)} ${axis(marks)}`].join('\n')},
  );
}

/** Names under their columns; one that would run into another is left out. */
function axis(marks: {at: number; name: string}[]): string {
  let drawn = '';
  for (const {at, name} of marks.sort((a, b) => a.at - b.at)) {
    if (at < drawn.length || at > 200) continue;
    drawn = `${drawn.padEnd(at)}^${name} `;
  }
  return drawn.trimEnd();
}

function series({series: all}: ReportModel): Block[] {
  const rows = all.map(({name, from, every, clocks, control, assessment}: SeriesReport) => [
    line`${code(name)}`,
    own(from),
    own(duration(every)),
    outside(clocks.join(', ')),
    own(assessment ? `${assessment.counts.taken} of ${assessment.counts.expected}` : 'n/a'),
    own(
      assessment
        ? `${assessment.counts.bad} bad, ${assessment.counts.blind} blind, ${assessment.counts.overrun} skipped`
        : 'n/a',
    ),
    own(control === 'bad' ? 'bad, as it must' : (control ?? 'not asked')),
  ]);
  const head = ['Series', 'From', 'Every', 'Clock', 'Samples taken', 'Of these', 'Control'];
  return section('Series', ...table(head, rows));
}

function canaries({canaries: all}: ReportModel): Block[] {
  const rows = all.map(({name, uses, every, resident, loss, basis, note, ...one}) => [
    line`${code(name)} (${code(uses)})`,
    own(`${duration(every)}${resident ? ', resident' : ''}`),
    own(loss ? `${loss.acknowledged} of ${loss.tried}` : 'n/a'),
    own(loss ? String(loss.lost) : 'n/a'),
    own(loss ? `${loss.unknown} unanswered, ${loss.unacknowledged} kept though not acknowledged` : 'n/a'),
    own(`${figure(one)}${basis ? `, ${basis}` : ''}`),
    outside(note ?? ''),
  ]);
  const head = ['Canary', 'Every', 'Acknowledged', 'Lost', 'Of the others', 'RPO', 'Remark'];
  return section('Writes of the canaries', ...table(head, rows));
}
