import type {Sample} from '../../io/sample.ts';
import type {JournalEvent} from '../../journal/types.ts';
import type {ControlAnswer} from './controls.ts';

/** A series that has been opened, as the journal keeps it. */
export type OpenedSeries = Omit<Extract<JournalEvent, {type: 'series.opened'}>, 'type'>;

/** Who is told what the probes of one vantage say. None of these may throw. */
export interface ProbingListener {
  /** `series.opened`, `clock.measured`, `series.gap`. */
  record: (event: JournalEvent) => void;
  /** `at`: start of the sample on the runner's clock. Samples of one file come in order, after its `series.opened`. */
  onSample: (series: OpenedSeries, sample: Sample, at: number) => void;
}

/** Probes that are being sampled from one vantage. */
export interface ProbingHandle {
  /** Prober pods; none for the runner's own probes. */
  pods: readonly {name: string; node: string | undefined}[];
  /** Every series opened so far. */
  series: readonly OpenedSeries[];
  /**
   * What the controls said: each is asked once, as soon as its probe was ok. Waits until all have answered, `within`
   * milliseconds at most; a series without an answer has none (its input offers no control, or it was never ok).
   * Rejects with the signal's reason.
   */
  controls(signal: AbortSignal, within: number): Promise<ControlAnswer[]>;
  /** Measures the clocks again and records what it finds; a clock that does not answer is left out. */
  measureClock(): Promise<void>;
  /** Hands on every sample up to now (waiting a few seconds for them at most), then ends. */
  stop(): Promise<void>;
}
