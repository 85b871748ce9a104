import type {ClusterReader} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import type {Sample} from '../../io/sample.ts';
import {type ClockOffset, measureOffset} from './clock-offset.ts';
import type {OpenedSeries, ProbingListener} from './handle.ts';

/** How long before the last sample the log is read again after a break (milliseconds). */
const overlap = 5000;

/** One process of a prober pod: one clock, and one series per probe on it. */
export interface ProberProcess {
  readonly boot: string;
  /**
   * Measures the clock; the first success opens the series and hands on what was waiting. False when another process
   * answered: this one's clock is gone. Rejects when none did.
   */
  measure(): Promise<boolean>;
  take(probe: string, sample: Sample): void;
  /** Whether a sample that started at or after `at` (runner's clock) has come; true as well while it has no clock. */
  reached(at: number): boolean;
  /** The node's wall clock a little before the last sample. */
  since(): string | undefined;
  /** Samples that never got a clock are a gap. */
  end(): void;
}

interface ProcessOptions extends ProbingListener {
  cluster: Pick<ClusterReader, 'raw'>;
  pod: {namespace: string; name: string};
  boot: string;
  /** Name of this process's clock. */
  clockName: string;
  clock: Clock;
  signal: AbortSignal;
  nameOf: (probe: string) => string;
  /** Opens the next file of a probe's series. */
  open: (probe: string, clockName: string) => OpenedSeries;
  probes: readonly string[];
}

/** Keeps the samples of one prober process until its clock is known, then places them on the runner's. */
export function createProcess(options: ProcessOptions): ProberProcess {
  const {cluster, pod, boot, clockName, record, onSample} = options;
  const waiting: [string, Sample][] = [];
  const opened = new Map<string, OpenedSeries>();
  let known: ClockOffset | undefined;
  let last: Sample | undefined;

  const hand = (probe: string, sample: Sample) => {
    const series = opened.get(probe);
    if (series && known) onSample(series, sample, sample.start + known.offset);
  };
  const openAll = () => {
    for (const probe of options.probes) {
      const series = options.open(probe, clockName);
      opened.set(probe, series);
      record({type: 'series.opened', ...series});
    }
    for (const [probe, sample] of waiting.splice(0)) hand(probe, sample);
  };
  return {
    boot,
    measure: async () => {
      const measured = await measureOffset(cluster, pod, options);
      if (measured.answer.boot !== boot) return false;
      const first = known === undefined;
      known = measured;
      record({type: 'clock.measured', clock: clockName, offset: measured.offset, error: measured.error});
      if (first) openAll();
      return true;
    },
    take: (probe, sample) => {
      if (last === undefined || sample.end > last.end) last = sample;
      if (known) hand(probe, sample);
      else waiting.push([probe, sample]);
    },
    reached: (at) => known === undefined || (last !== undefined && last.start + known.offset >= at),
    since: () => {
      if (!known || !last) return undefined;
      const {mono, wall} = known.answer;
      return new Date(Date.parse(wall) + (last.end - mono) - overlap).toISOString();
    },
    end: () => {
      for (const probe of new Set(waiting.map(([name]) => name))) {
        const seqs = waiting.filter(([name]) => name === probe).map(([, {seq}]) => seq);
        const reason = `the clock of ${pod.name} could not be measured`;
        const series = options.nameOf(probe);
        record({type: 'series.gap', series, fromSeq: Math.min(...seqs), toSeq: Math.max(...seqs), reason});
      }
      waiting.length = 0;
    },
  };
}
