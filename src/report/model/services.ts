import type {Sample} from '../../io/sample.ts';
import type {PlanRecord} from '../../journal/plan.ts';
import type {JournalEntry} from '../../journal/types.ts';
import {
  type AlignedSeries,
  alignSeries,
  assessService,
  clockOffsets,
  type RecordedSeries,
  type ServiceAssessment,
  type Window,
} from '../../measure/index.ts';
import {sampleRuns} from '../runs.ts';
import type {SeriesReport, ServiceReport} from '../types.ts';
import {type EntryOf, entriesOf} from './entries.ts';

interface Opened {
  entry: EntryOf<'series.opened'>;
  every: number;
  from: SeriesReport['from'];
  recorded: RecordedSeries;
}

/** What the series of a run say, put together once. */
export interface Measured {
  services: ServiceReport[];
  series: SeriesReport[];
  /** All series on the runner's clock, one by one, for the strips. */
  aligned: AlignedSeries[];
}

/**
 * Assesses every series and every service of the plan in the window.
 * @param samples by the `file` of their `series.opened` entry
 * @param steadyFrom start of the steady phase: what lies between it and the fault is the baseline
 * @param curedFrom when the recovery can first have done something
 */
export function measureServices(
  entries: readonly JournalEntry[],
  samples: ReadonlyMap<string, readonly Sample[]>,
  plan: PlanRecord,
  {
    window,
    steadyFrom,
    curedFrom,
  }: Record<'steadyFrom' | 'curedFrom', number | undefined> & {window: Window | undefined},
): Measured {
  const opened = openedSeries(entries, samples, plan);
  const offsets = clockOffsets(entriesOf(entries, 'clock.measured'));
  const controls = controlsOf(entries);
  const align = (some: Opened[]) =>
    alignSeries(
      some.map(({recorded}) => recorded),
      offsets,
    );
  const rule = {okRatio: 1, stableFor: plan.stableFor};
  const groups = [...Map.groupBy(opened, ({entry}) => entry.series).values()];
  const aligned = groups.flatMap(align);
  const series = groups.map((parts, index): SeriesReport => {
    const [{entry, every, from}] = parts as [Opened];
    const control = controls.get(entry.series) ?? controls.get(entry.probe);
    const one = aligned[index];
    return {
      name: entry.series,
      probe: entry.probe,
      ...(entry.node === undefined ? {} : {node: entry.node}),
      from,
      every,
      clocks: parts.map(({recorded}) => recorded.clock),
      files: parts.map(({entry: {file}}) => file),
      ...(control === undefined ? {} : {control}),
      ...(window && one ? {assessment: assessService([one], rule, window)} : {}),
      runs: one ? sampleRuns(one) : [],
    };
  });
  const services = plan.services.map((service): ServiceReport => {
    const own = service.up.flatMap((probe) => partsOf(probe, opened, plan));
    const group = align(own);
    const serviceRule = {okRatio: service.okRatio, stableFor: plan.stableFor};
    return {
      ...service,
      series: group.map(({name}) => name),
      ...(window
        ? {
            assessment: judgedFrom(service, plan, curedFrom, (from) =>
              assessService(group, serviceRule, {from: from ?? window.from, until: window.until}),
            ),
          }
        : {}),
      ...(window && steadyFrom !== undefined
        ? {before: assessService(group, serviceRule, {from: steadyFrom, until: window.from}).state}
        : {}),
    };
  });
  return {services, series, aligned};
}

/**
 * The outage of a service that the cure takes down is the one since the cure began: a bad sample of before would be t1,
 * the good ones after it t7, and what the cure does a relapse. How long it was unavailable is that of the whole window.
 * Only an outage of before that a target does not allow, or that was the only one, is what is judged.
 */
function judgedFrom(
  {name, by, outage}: PlanRecord['services'][number],
  {objectives}: PlanRecord,
  curedFrom: number | undefined,
  assess: (from?: number) => ServiceAssessment,
): ServiceAssessment {
  const whole = assess();
  if (by !== 'recover' || outage === 'none' || curedFrom === undefined) return whole;
  const cured = assess(curedFrom);
  if (cured.outages.length === 0) return whole;
  const targets = objectives.flatMap(({metric, of, target}) =>
    metric === 'rto' && (of === name || of === undefined) ? [target] : [],
  );
  const early = whole.outages.slice(0, whole.outages.length - cured.outages.length);
  const long = early.some(({began, ended}) => ended && ended.latest - began.earliest > Math.min(...targets));
  if (long) return whole;
  const {unavailable, blindMs, longestGap, counts} = whole;
  return {...cured, unavailable, blindMs, longestGap, counts};
}

function openedSeries(
  entries: readonly JournalEntry[],
  samples: ReadonlyMap<string, readonly Sample[]>,
  plan: PlanRecord,
): Opened[] {
  return entriesOf(entries, 'series.opened').map((entry) => {
    const probe = plan.probes.find(({name}) => name === entry.probe);
    const every = probe?.every ?? 1000;
    const recorded = {name: entry.series, every, clock: entry.clock, samples: samples.get(entry.file) ?? []};
    return {entry, every, from: probe?.from ?? 'runner', recorded};
  });
}

/** The series of a probe; one without samples when none was ever opened, so that it counts as unknown. */
function partsOf(probe: string, opened: Opened[], plan: PlanRecord): Opened[] {
  const own = opened.filter(({entry}) => entry.probe === probe);
  if (own.length > 0) return own;
  const every = plan.probes.find(({name}) => name === probe)?.every ?? 1000;
  const entry = {series: probe, probe, file: '', clock: 'runner'} as EntryOf<'series.opened'>;
  return [{entry, every, from: 'runner', recorded: {name: probe, every, clock: 'runner', samples: []}}];
}

/** A control that was bad once is proven; one that was ok last must not hide behind that. */
function controlsOf(entries: readonly JournalEntry[]): Map<string, Sample['state']> {
  const controls = new Map<string, Sample['state']>();
  for (const {series, state} of entriesOf(entries, 'control.answered')) {
    if (controls.get(series) !== 'ok') controls.set(series, state);
  }
  return controls;
}
