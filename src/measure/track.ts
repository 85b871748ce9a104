import type {Sample} from '../io/sample.ts';
import {type OkShare, okShareAhead} from './ratio.ts';
import {type AlignedSeries, type ServiceRule, silenceLimit} from './types.ts';

/** How a sample counts: `tolerated` is a bad one that `okRatio` forgives; it is no proof of anything. */
export const counted = {ok: 0, bad: 1, blind: 2, tolerated: 3} as const;

/** One series while the samples of all are gone through in the order of their ends. */
export class Track {
  readonly series: AlignedSeries;
  readonly limit: number;
  /** By index: how the sample counts. Filled as the scan goes. */
  readonly classes: Uint8Array;
  /** Set when `okRatio` is below 1. */
  readonly share: OkShare | undefined;
  /** Index of the next sample to visit; those before it are visited. */
  next = 0;
  /** First good sample of the unbroken run, as far as the service may count it. */
  run: {start: number; end: number} | undefined;
  /** End of the last good sample. */
  lastOkEnd = Number.NEGATIVE_INFINITY;

  constructor(series: AlignedSeries, rule: ServiceRule) {
    this.series = series;
    this.limit = silenceLimit(series.every);
    this.classes = new Uint8Array(series.samples.length);
    this.share = rule.okRatio < 1 ? okShareAhead(series.samples, rule.stableFor) : undefined;
  }

  /** Earliest instant at which the sample can have begun, on the runner's clock. */
  start(index: number): number {
    return this.at(index).start + this.series.align.shift.min;
  }

  /** Latest instant at which the sample can have ended, on the runner's clock. */
  end(index: number): number {
    return this.at(index).end + this.series.align.shift.max;
  }

  /** End of the next sample to visit; infinite when there is none. */
  nextEnd(): number {
    return this.next < this.series.samples.length ? this.end(this.next) : Number.POSITIVE_INFINITY;
  }

  at(index: number): Sample {
    const sample = this.series.samples[index];
    if (!sample) throw new RangeError(`series ${this.series.name} has no sample at ${index}`);
    return sample;
  }

  /** Whether there was silence before the sample that is too long to be luck. On the series' own clock. */
  silentBefore(index: number): boolean {
    return index > 0 && this.at(index).start - this.at(index - 1).end > this.limit;
  }

  /** How many samples are missing between this one and the last that was answered before it. */
  unaskedBefore(index: number): number {
    let last = index - 1;
    while (last >= 0 && this.at(last).state === 'blind') last -= 1;
    if (last < 0) return 0;
    return Math.max(0, Math.floor((this.at(index).start - this.at(last).start) / this.series.every) - 1);
  }

  /** Start of the last good sample that was over at `time`; undefined when there is none. Visited samples only. */
  okBefore(time: number): number | undefined {
    for (let index = this.next - 1; index >= 0; index--) {
      if (this.classes[index] === counted.ok && this.end(index) <= time) return this.start(index);
    }
    return undefined;
  }
}

/** Visits the samples of all tracks in the order of their ends, up to `until`. */
export function visitInOrder(
  tracks: readonly Track[],
  until: number,
  visit: (track: Track, index: number) => void,
): void {
  const ends = tracks.map((track) => track.nextEnd());
  for (;;) {
    let [first, firstEnd] = [-1, Number.POSITIVE_INFINITY];
    for (let index = 0; index < ends.length; index++) {
      const end = ends[index] ?? firstEnd;
      if (end < firstEnd) [first, firstEnd] = [index, end];
    }
    const track = tracks[first];
    if (!track || firstEnd + track.series.align.error > until) return;
    visit(track, track.next);
    track.next += 1;
    ends[first] = track.nextEnd();
  }
}
