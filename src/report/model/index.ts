import type {Sample} from '../../io/sample.ts';
import type {PlanRecord} from '../../journal/plan.ts';
import type {JournalEntry} from '../../journal/types.ts';
import type {Instant, Window} from '../../measure/index.ts';
import {firstActed} from '../account/cures.ts';
import {accountOf} from '../account/index.ts';
import {trendOf} from '../history/trend.ts';
import {stripOf, stripWindow} from '../strip.ts';
import type {FileRecord, ReportModel} from '../types.ts';
import {reportCanaries} from './canaries.ts';
import {reportChecks} from './checks.ts';
import {reportDetections} from './detections.ts';
import {type EntryOf, entriesOf, firstProcess, wallForward, wallJump} from './entries.ts';
import {faultInstant} from './fault.ts';
import {marksOf} from './marks.ts';
import {reportMutations} from './mutations.ts';
import {judgeObjectives, primary} from './objectives.ts';
import {type Measured, measureServices} from './services.ts';
import {reportSteps} from './steps.ts';
import {timelineOf} from './timeline.ts';

/**
 * Everything a report says, from the run folder's content alone. Pure and total: a journal that ends anywhere gives a
 * model, whose verdict then says what is missing.
 * @param entries the whole journal, rollbacks included
 * @param series samples by the `file` of their `series.opened` entry
 * @param damage what was found missing while the files were read, in sentences
 * @param files what the run folder holds, with hashes
 */
export function buildModel(
  entries: readonly JournalEntry[],
  series: ReadonlyMap<string, readonly Sample[]>,
  damage: readonly string[] = [],
  files: readonly FileRecord[] = [],
): ReportModel {
  const own = firstProcess(entries);
  const started = entriesOf(own, 'run.started')[0];
  const identified = entriesOf(own, 'cluster.identified').at(-1);
  const plan = entriesOf(own, 'plan.made').at(-1)?.plan;
  const phases = phasesOf(own);
  const fault = faultInstant(own);
  const window = windowOf(own, plan, fault);
  const steps = plan ? reportSteps(own, plan.steps) : [];
  const marks = marksOf(own, steps, fault);
  const steadyFrom = phases.find(({phase}) => phase === 'steady')?.start;
  const acted = firstActed(steps);
  const curedFrom = Number.isFinite(acted) ? acted : undefined;
  const measured: Measured = plan
    ? measureServices(own, series, plan, {window, steadyFrom, curedFrom})
    : {services: [], series: [], aligned: []};
  const canaries = reportCanaries(own, plan?.canaries ?? [], series, window);
  const detections = plan ? reportDetections(plan, measured.series, measured.aligned, window) : [];
  const stopped = entriesOf(own, 'stopped')[0];
  const effects = effectsOf(own);
  const account =
    plan && fault ? accountOf({entries: own, plan, steps, window, ...measured, effects, samples: series}) : undefined;
  const objectives =
    plan && window
      ? judgeObjectives(plan, {services: measured.services, canaries, detections, marks, window, account})
      : [];
  const forward = window && wallForward(own, window.from);
  const mutations = reportMutations(entries);
  const rollbacks = entriesOf(entries, 'run.resumed').map(({at, operator, reason, tool}) => ({
    at,
    operator,
    reason,
    version: tool.version,
  }));
  return {
    origin: {mono: own[0]?.mono ?? 0, at: own[0]?.at ?? ''},
    end: own.at(-1)?.mono ?? 0,
    complete: own.some(
      (entry) => entry.type === 'verdict' || (entry.type === 'phase.entered' && entry.phase === 'report'),
    ),
    ...(started ? {run: withoutFrame(started)} : {}),
    rollbacks,
    ...(identified ? {cluster: withoutFrame(identified)} : {}),
    ...(plan ? {plan} : {}),
    phases,
    guards: entriesOf(own, 'guard.answered').map(withoutFrame),
    injected: fault !== undefined,
    ...(stopped ? {stopped: {cause: stopped.cause, detail: stopped.detail}} : {}),
    signals: entriesOf(own, 'signal').map(({name}) => name),
    marks: entriesOf(own, 'mark').map(({name, by, mono}) => ({name, by, at: mono})),
    ...(fault ? {fault} : {}),
    ...(window ? {window} : {}),
    ...(forward === undefined ? {} : {wallForward: forward}),
    timeline: timelineOf(
      entries,
      {services: measured.services, detections, steps, ...(fault ? {fault} : {}), mutations, rollbacks},
      marks,
    ),
    services: measured.services,
    ...strips(measured, fault, window),
    canaries,
    detections,
    objectives,
    checks: plan ? reportChecks(own, plan.checks) : [],
    effects,
    ...(account ? {account} : {}),
    steps,
    mutations,
    ...comparedOf(entries),
    notes: entriesOf(entries, 'note').map(({text}) => text),
    ...pastOf(own, objectives),
    files: [...files],
    damage: [...damage, ...damageOf(own)],
  };
}

/** The last comparison; undefined when none was made. */
function comparedOf(entries: readonly JournalEntry[]): Pick<ReportModel, 'compared'> {
  const last = entriesOf(entries, 'world.compared').at(-1);
  if (last === undefined) return {};
  const {objects, namespaces, differences, unseen} = last;
  return {compared: {objects, namespaces, differences, unseen}};
}

/** What earlier runs say, as noted when the report was first made. */
function pastOf(
  entries: readonly JournalEntry[],
  objectives: ReportModel['objectives'],
): Pick<ReportModel, 'findings' | 'earlier' | 'trend' | 'previous'> {
  const past = entriesOf(entries, 'past.read').at(-1);
  const earlier = past?.earlier ?? [];
  const trend = trendOf(primary(objectives, 'rto')?.bound?.max, earlier);
  return {
    findings: past?.findings ?? [],
    earlier,
    ...(trend ? {trend} : {}),
    ...(past?.previous ? {previous: past.previous} : {}),
  };
}

/**
 * What is judged: from the earliest instant of the fault to the start of undo. Drills without a fault on the original
 * (rehearsal, inspection) are judged from the first phase that does something.
 */
function windowOf(
  entries: readonly JournalEntry[],
  plan: PlanRecord | undefined,
  fault: Instant | undefined,
): Window | undefined {
  const phases = entriesOf(entries, 'phase.entered');
  const faultless = plan?.type === 'rehearsal' || plan?.type === 'inspection';
  const acting = faultless
    ? phases.find(({phase}) => phase === 'inject' || phase === 'recover' || phase === 'verify')
    : undefined;
  const from = fault?.earliest ?? acting?.mono;
  if (from === undefined) return undefined;
  const until = phases.find(({phase, mono}) => (phase === 'undo' || phase === 'report') && mono >= from)?.mono;
  return {from, until: until ?? entries.at(-1)?.mono ?? from};
}

function phasesOf(entries: readonly JournalEntry[]): ReportModel['phases'] {
  const entered = entriesOf(entries, 'phase.entered');
  const end = entries.at(-1)?.mono ?? 0;
  return entered.map(({phase, mono}, index) => ({phase, start: mono, end: entered[index + 1]?.mono ?? end}));
}

/** One line for each thing to be proven: seen once is seen. */
function effectsOf(entries: readonly JournalEntry[]): ReportModel['effects'] {
  const effects = new Map<string, ReportModel['effects'][number]>();
  for (const entry of entriesOf(entries, 'effect.seen')) {
    const {path} = entry;
    if (!effects.get(path)?.seen) effects.set(path, withoutFrame(entry));
  }
  return [...effects.values()];
}

function strips(
  {series, aligned, services}: Measured,
  fault: Instant | undefined,
  window: Window | undefined,
): Pick<ReportModel, 'series' | 'strips'> {
  if (!fault || !window) return {series};
  const assessments = services.flatMap(({assessment}) => (assessment ? [assessment] : []));
  const shown = stripWindow(fault, window.until, assessments);
  const strip = (index: number) => {
    const one = aligned[index];
    return one ? {strip: stripOf(one, {...shown, until: window.until})} : {};
  };
  return {series: series.map((one, index) => ({...one, ...strip(index)})), strips: shown};
}

function damageOf(entries: readonly JournalEntry[]): string[] {
  return [
    ...entriesOf(entries, 'series.gap').map(
      ({series, fromSeq, toSeq, reason}) => `samples ${fromSeq} to ${toSeq} of ${series} are lost: ${reason}`,
    ),
    ...clockDamage(entries),
  ];
}

function clockDamage(entries: readonly JournalEntry[]): string[] {
  const jump = wallJump(entries);
  if (jump === undefined) return [];
  const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
  const forward = wallForward(entries, Number.NEGATIVE_INFINITY);
  const durations =
    forward === undefined
      ? 'durations do not depend on it'
      : `and durations up to ${seconds(forward)} too short if the machine slept`;
  return [`the runner's wall clock moved by ${seconds(jump)}; stamps may be off, ${durations}`];
}

/** An entry's own members, without those of its line. */
function withoutFrame<Entry extends EntryOf<'run.started' | 'cluster.identified' | 'guard.answered' | 'effect.seen'>>({
  v: _v,
  seq: _seq,
  at: _at,
  mono: _mono,
  type: _type,
  ...rest
}: Entry): Omit<Entry, 'v' | 'seq' | 'at' | 'mono' | 'type'> {
  return rest;
}
