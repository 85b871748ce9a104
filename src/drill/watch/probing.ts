import {join} from 'node:path';
import {type DrillError, messageOf} from '../../io/errors.ts';
import {type Sample, withoutSecrets} from '../../io/sample.ts';
import type {ProbeRecord} from '../../journal/plan.ts';
import type {JournalEvent} from '../../journal/types.ts';
import {alignSeries, type ClockReading, clockOffsets, type RecordedSeries} from '../../measure/clocks.ts';
import {type Detection, detectionOf, firstDetection} from '../../measure/detection.ts';
import {lookedBetween} from '../../measure/looked.ts';
import {openSeries, type SeriesWriter} from '../../measure/series.ts';
import {assessService} from '../../measure/service.ts';
import type {ServiceAssessment, ServiceRule, Window} from '../../measure/types.ts';
import type {Reading} from '../../probes/define.ts';
import type {ControlAnswer} from '../prober/controls.ts';
import type {OpenedSeries, ProbingHandle, ProbingListener} from '../prober/handle.ts';
import type {Prepared, Session} from '../session.ts';

/** A series as it grows. */
interface Growing {
  opened: OpenedSeries;
  samples: Sample[];
}

/** All that is sampled in a run: kept in memory for the drill's own decisions, and in `series/` for the report. */
export interface Probing {
  /** Adds the probes of one vantage once they sample. */
  add(start: (listener: ProbingListener) => ProbingHandle | Promise<ProbingHandle>): Promise<void>;
  /** What a service's probes say about it in a window. */
  assess(service: string, window: Window): ServiceAssessment;
  /** Whether every series of a service has looked between two instants, on the runner's clock. */
  looked(service: string, after: number, before: number): boolean;
  /** The same as `assess` for one probe. */
  assessProbe(probe: string, window: Window): ServiceAssessment;
  /** What a probe that watches for the disaster says since the fault. */
  detection(probe: string, window: Window): Detection;
  /** The latest reading of a probe: the worst, when it samples in several places. */
  latest(probe: string): Reading;
  /** What the probes' controls said; waits for them `within` milliseconds. Rejects only when aborted. */
  controls(signal: AbortSignal, within: number): Promise<ControlAnswer[]>;
  /** Measures all clocks again, hands on every sample up to now, stops sampling, and closes the files. */
  stop(): Promise<void>;
}

/** Opens the book of samples of a run; `add` starts sampling. */
export function createProbing(
  {journal, folder, request, redactor}: Pick<Session, 'journal' | 'folder' | 'request' | 'redactor'>,
  prepared: Pick<Prepared, 'plan'>,
): Probing {
  const {services, stableFor, probes} = prepared.plan;
  /** By file: a prober that was restarted goes on in another file, on another clock, under the same name. */
  const series = new Map<string, Growing>();
  const writers = new Map<string, Promise<SeriesWriter | undefined>>();
  const clocks: ClockReading[] = [];
  const handles: ProbingHandle[] = [];
  let stopping: Promise<void> | undefined;

  // A sample that cannot be stored is a hole in the record, which the report shows; the drill goes on to its undo.
  const lost = (error: unknown) => request.log.error('a sample could not be stored', {error: messageOf(error)});
  const writerOf = (file: string) => {
    const known = writers.get(file);
    if (known) return known;
    const writer = openSeries(join(folder, file), lost).catch((error: DrillError) => {
      lost(error);
      return undefined;
    });
    writers.set(file, writer);
    return writer;
  };

  const listener: ProbingListener = {
    record: (event: JournalEvent) => {
      if (event.type === 'series.opened') series.set(event.file, {opened: event, samples: []});
      if (event.type === 'clock.measured') clocks.push(event);
      journal.append(event).catch(lost);
    },
    onSample: (opened, told, at) => {
      const sample = withoutSecrets(told, redactor);
      series.get(opened.file)?.samples.push(sample);
      // One promise chain a file keeps the order.
      void writerOf(opened.file).then((writer) => writer?.append(sample));
      request.progress.sample(opened.series, sample, at);
    },
  };

  const recorded = (names: readonly string[]): RecordedSeries[] =>
    names.flatMap((name) => {
      const every = probes.find((probe) => probe.name === name)?.every ?? 0;
      const own = [...series.values()].filter(({opened}) => opened.probe === name);
      // A probe without any series is not up: it has said nothing.
      if (own.length === 0) return [{name, every, clock: 'runner', samples: []}];
      return own.map(({opened, samples}) => ({name: opened.series, every, clock: opened.clock, samples}));
    });
  const judge = (names: readonly string[], rule: ServiceRule, window: Window) =>
    assessService(alignSeries(recorded(names), clockOffsets(clocks)), rule, window);

  return {
    add: async (start) => void handles.push(await start(listener)),
    assess: (name, window) => {
      const service = services.find((one) => one.name === name);
      return judge(service?.up ?? [], {okRatio: service?.okRatio ?? 1, stableFor}, window);
    },
    looked: (name, after, before) => {
      const up = services.find((one) => one.name === name)?.up ?? [];
      return alignSeries(recorded(up), clockOffsets(clocks)).every((one) => lookedBetween(one, after, before));
    },
    assessProbe: (name, window) => judge([name], {okRatio: 1, stableFor}, window),
    detection: (name, window) =>
      firstDetection(alignSeries(recorded([name]), clockOffsets(clocks)).map((series) => detectionOf(series, window))),
    latest: (name) => worst(current([...series.values()].filter(({opened}) => opened.probe === name))),
    controls: async (signal, within) =>
      (await Promise.all(handles.map((handle) => handle.controls(signal, within)))).flat(),
    stop: () => {
      stopping ??= (async () => {
        await Promise.all(handles.map((handle) => handle.measureClock().catch(lost)));
        await Promise.all(handles.map((handle) => handle.stop().catch(lost)));
        await Promise.all([...writers.values()].map(async (writer) => (await writer)?.close().catch(lost)));
      })();
      return stopping;
    },
  };
}

/** The newest part of each series: what a restarted prober said before is over. */
function current(parts: readonly Growing[]): Growing[] {
  return [...new Map(parts.map((part) => [part.opened.series, part])).values()];
}

/** Any bad is bad, else any blind is blind; without a sample it is blind. */
function worst(series: readonly Growing[]): Reading {
  const readings = series.map(({samples}): Reading => samples.at(-1) ?? {state: 'blind', detail: 'no sample yet'});
  return (
    readings.find(({state}) => state === 'bad') ??
    readings.find(({state}) => state === 'blind') ??
    readings[0] ?? {state: 'blind', detail: 'not sampled'}
  );
}

/** Probes by vantage. */
export function probesFrom(probes: readonly ProbeRecord[], vantage: ProbeRecord['from']): ProbeRecord[] {
  return probes.filter(({from}) => from === vantage);
}
