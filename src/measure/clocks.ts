import type {Sample} from '../io/sample.ts';
import type {AlignedSeries, Bound} from './types.ts';

/** The clock that the journal's `mono` is on. */
const runnerClock = 'runner';

/**
 * Readings further apart than this (milliseconds) are not of one clock that runs on evenly: they place nothing. Drift is
 * seconds a day.
 */
const widest = 10_000;

/** One reading of another process's clock: runner's mono = its time + offset, give or take error. Milliseconds. */
export interface ClockReading {
  clock: string;
  offset: number;
  error: number;
}

/** A series as recorded, on its own clock. A series that went on in another process comes once for each clock. */
export interface RecordedSeries {
  name: string;
  every: number;
  clock: string;
  samples: readonly Sample[];
}

/**
 * What every clock's offset can have been: the hull of all its readings, each with its error. Readings from before and
 * after the drill differ by the drift, so the hull holds for every instant between them.
 */
export function clockOffsets(readings: readonly ClockReading[]): Map<string, Bound> {
  const hulls = new Map<string, Bound>([[runnerClock, {min: 0, max: 0}]]);
  for (const {clock, offset, error} of readings) {
    if (clock === runnerClock) continue;
    const hull = hulls.get(clock);
    const [min, max] = [offset - error, offset + error];
    hulls.set(clock, hull ? {min: Math.min(hull.min, min), max: Math.max(hull.max, max)} : {min, max});
  }
  return hulls;
}

/**
 * Puts the series of one service on the runner's clock, in the order of their first parts.
 *
 * Series that share a clock are moved as a whole: durations between their samples are exact, and the offset's
 * uncertainty is kept as `error` for comparisons with the runner's instants. With several clocks every sample is
 * widened by its own clock's uncertainty, as no duration between two clocks is better known than that.
 * Parts of one name (a prober that was restarted) are joined into one series; the time between them is silence.
 * A series whose clock was never read, or read with contradictions, cannot be placed: it comes back without samples,
 * which is `unknown`, never `up`.
 */
export function alignSeries(series: readonly RecordedSeries[], offsets: ReadonlyMap<string, Bound>): AlignedSeries[] {
  const shared = new Set(series.map(({clock}) => clock)).size <= 1;
  const parts = Map.groupBy(series, ({name}) => name);
  return [...parts].map(([name, [first, ...more]]) => {
    const every = first?.every ?? 0;
    const known = [first, ...more].flatMap((part) => {
      const hull = part && offsets.get(part.clock);
      return hull && hull.max - hull.min <= widest ? [{hull, samples: part.samples}] : [];
    });
    const [only] = known;
    if (!only) return {name, every, samples: [], align: {shift: {min: 0, max: 0}, error: 0}};
    if (known.length > 1) return {name, every, samples: join(known), align: {shift: {min: 0, max: 0}, error: 0}};
    const {min, max} = only.hull;
    const middle = (min + max) / 2;
    const align = shared ? {shift: {min: middle, max: middle}, error: (max - min) / 2} : {shift: only.hull, error: 0};
    return {name, every, samples: only.samples, align};
  });
}

/** Samples of several clocks in one row, each widened by its own clock's uncertainty; `seq` goes on counting. */
function join(parts: readonly {hull: Bound; samples: readonly Sample[]}[]): Sample[] {
  const joined: Sample[] = [];
  for (const {hull, samples} of parts) {
    const next = (joined.at(-1)?.seq ?? -1) + 1 - (samples[0]?.seq ?? 0);
    for (const sample of samples) {
      const {seq, start, end} = sample;
      joined.push({...sample, seq: seq + next, start: start + hull.min, end: end + hull.max});
    }
  }
  return joined;
}
