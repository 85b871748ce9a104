import type {Clock} from '../io/clock.ts';
import type {Sample, SampleState} from '../io/sample.ts';

/** One series to be sampled. */
export interface SampledSeries {
  name: string;
  /** Milliseconds between due instants. */
  every: number;
  /** One attempt; bounds itself in time and never rejects. */
  sample: (seq: number) => Promise<{state: SampleState; detail?: string}>;
}

/** Due instants of one series so far: each was either taken (or is under way) or skipped. */
export interface SamplerCount {
  taken: number;
  skipped: number;
}

export interface Sampler {
  /** Takes no further sample. Resolves when those under way have settled and were handed on. */
  stop(): Promise<void>;
  count(series: string): SamplerCount;
}

export interface SamplerOptions {
  series: readonly SampledSeries[];
  clock: Clock;
  /** Called in order within a series. `skipped`: due instants left out since the sample before. Must not throw. */
  onSample: (series: string, sample: Sample, skipped: number) => void;
}

/**
 * Samples every series at a fixed rate. Due instants lie at absolute times on the monotonic clock, `every` apart, so
 * neither a slow probe nor a late timer moves the later ones; the series start staggered, to spread the load.
 *
 * One sample of a series is under way at most. A sample starts within half an interval after its due instant or not at
 * all: then the instant is counted as skipped and its `seq` stays a hole. So a probe slower than its interval, or an
 * event loop that stood still, leaves a gap that can be seen, never a bunch of samples caught up on.
 */
export function startSampler({series, clock, onSample}: SamplerOptions): Sampler {
  const stopped = new AbortController();
  const counts = new Map(series.map(({name}) => [name, {taken: 0, skipped: 0}]));
  const origin = clock.mono();
  const runs = series.map(async (one, index) => {
    const first = origin + (one.every * index) / series.length;
    const count = counts.get(one.name) ?? {taken: 0, skipped: 0};
    let seq = -1;
    for (;;) {
      const due = await nextDue(clock, first, one.every, seq + 1, stopped.signal);
      if (due === undefined) return;
      const skipped = due - seq - 1;
      seq = due;
      count.skipped += skipped;
      count.taken += 1;
      const start = microseconds(clock.mono());
      const {state, detail} = await one.sample(seq);
      const end = microseconds(clock.mono());
      onSample(one.name, {seq, start, end, state, ...(detail === undefined ? {} : {detail})}, skipped);
    }
  });
  return {
    stop: async () => {
      stopped.abort();
      await Promise.all(runs);
    },
    count: (name) => ({...(counts.get(name) ?? {taken: 0, skipped: 0})}),
  };
}

/** Milliseconds with three decimals: what a clock is worth, and short in a file. */
const microseconds = (ms: number) => Math.round(ms * 1000) / 1000;

/** Waits for the next due instant from `from` on that can still be met; undefined when stopped first. */
async function nextDue(clock: Clock, first: number, every: number, from: number, stop: AbortSignal) {
  let seq = from;
  for (;;) {
    if (stop.aborted) return undefined;
    const late = clock.mono() - (first + seq * every);
    if (late >= 0 && late <= every / 2) return seq;
    if (late > every / 2) {
      // Straight to the instant that is due last: there may be many between after a sleep of the machine.
      seq += Math.max(1, Math.floor(late / every));
      continue;
    }
    // Rounded up: a timer counts whole milliseconds and would fire early.
    await clock.sleep(Math.ceil(-late), stop).catch(() => undefined);
  }
}
