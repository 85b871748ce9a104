import type {Sample} from '../io/sample.ts';
import {type Span, tally} from './tally.ts';
import {counted, Track, visitInOrder} from './track.ts';
import type {
  AlignedSeries,
  Evidence,
  Instant,
  Outage,
  Recovery,
  ServiceAssessment,
  ServiceRule,
  Window,
} from './types.ts';

/**
 * What the samples of several series (probes × nodes) say about one service: it is up when all of them are good.
 *
 * A sample only says that its state held at some instant between its start and its end, and samples of different
 * series do not coincide, so every edge is an interval:
 * - the outage began between G0.start and B1.end. B1 is the bad sample that ended first; G0 the last good sample
 *   before it in its own series. Every other series must be seen good at or before G0 too, and the earliest of these
 *   samples counts: so an outage that a slower probe missed, but that overlaps this one, still lies inside.
 * - it ended between Bk.start and G1.end. Bk is the bad sample that started last; its own series' next good sample
 *   must come, then every other series must be seen good after that one, and the latest of them is G1.
 * For a single series this is [G0.start, B1.end] and [Bk.start, G1.end] as in the glossary of every report.
 *
 * The recovery is the first such G1 whose run of good samples lasted `stableFor` in every series. A blind sample or a
 * silence breaks the run: the bound gets wider, the service neither up nor down by it.
 * What is only in the samples is used; an outage shorter than `longestGap` can go unseen.
 */
export function assessService(series: readonly AlignedSeries[], rule: ServiceRule, window: Window): ServiceAssessment {
  const scan = new Scan(series, rule, window);
  visitInOrder(scan.tracks, window.until, (track, index) => scan.visit(track, index));
  return scan.result();
}

/** {@link assessService} for one series on the runner's clock. */
export function assessSeries(
  samples: readonly Sample[],
  {name = 'series', every, okRatio = 1, stableFor, from, until}: SeriesOptions,
): ServiceAssessment {
  const align = {shift: {min: 0, max: 0}, error: 0};
  return assessService([{name, every, samples, align}], {okRatio, stableFor}, {from, until});
}

export interface SeriesOptions extends Window {
  name?: string;
  every: number;
  okRatio?: number;
  stableFor: number;
}

/** An outage while it is looked at; `ended` comes and goes with `open`. */
type Draft = Omit<Outage, 'series'> & {names: Set<string>};

class Scan {
  readonly tracks: Track[];
  readonly #rule: ServiceRule;
  readonly #window: Window;
  readonly #error: number;
  readonly #outages: Draft[] = [];
  #open = false;
  /** The series of the last bad sample, and the end of its first good one since. */
  #anchor: Track | undefined;
  #anchorGood: number | undefined;
  #recovered: Recovery | undefined;

  constructor(series: readonly AlignedSeries[], rule: ServiceRule, window: Window) {
    this.tracks = series.map((one) => new Track(one, rule));
    this.#rule = rule;
    this.#window = window;
    this.#error = Math.max(0, ...series.map(({align}) => align.error));
  }

  visit(track: Track, index: number): void {
    const {state} = track.at(index);
    if (state === 'blind' || track.silentBefore(index)) track.run = undefined;
    if (state === 'ok') this.#good(track, index);
    else if (state === 'blind') track.classes[index] = counted.blind;
    else if (this.#forgiven(track, index)) {
      track.classes[index] = counted.tolerated;
    } else this.#bad(track, index);
  }

  /**
   * A bad answer that `okRatio` allows: none during an outage, until the series' good run has begun. What was down by now
   * may have been so since somebody last looked.
   */
  #forgiven(track: Track, index: number): boolean {
    if (!track.share || (this.#open && !track.run)) return false;
    return track.share(index, track.unaskedBefore(index)) >= this.#rule.okRatio;
  }

  #good(track: Track, index: number): void {
    track.classes[index] = counted.ok;
    const [start, end] = [track.start(index), track.end(index)];
    track.lastOkEnd = end;
    if (!track.run && this.#mayCount(track, index, start)) {
      track.run = {start, end};
      if (this.#open && track === this.#anchor) this.#anchorGood ??= end;
    }
    const run = this.#run();
    if (!run) return;
    const last = this.#outages.at(-1);
    if (!last) return;
    if (this.#open) {
      this.#open = false;
      last.ended = {earliest: last.lastBad.start, latest: run.seen};
    }
    if (this.#recovered || this.#overBefore(last) || run.lasted < this.#rule.stableFor) return;
    const at = {earliest: last.lastBad.start, latest: run.seen};
    this.#recovered = {at, provenAt: end, outage: this.#outages.length - 1};
  }

  /** Whether a good sample may begin its series' part of the service's good run. */
  #mayCount(track: Track, index: number, start: number): boolean {
    if (track.share && track.share(index) < this.#rule.okRatio) return false;
    if (!this.#open || track === this.#anchor) return true;
    return this.#anchorGood !== undefined && start >= this.#anchorGood;
  }

  #bad(track: Track, index: number): void {
    track.classes[index] = counted.bad;
    const evidence = evidenceOf(track, index);
    if (!this.#open) {
      this.#outages.push(this.#begin(track, evidence));
      this.#open = true;
    }
    const outage = this.#outages.at(-1);
    if (outage) {
      outage.bad += 1;
      outage.names.add(track.series.name);
      if (evidence.start >= outage.lastBad.start) outage.lastBad = evidence;
    }
    for (const other of this.tracks) other.run = undefined;
    this.#anchor = track;
    this.#anchorGood = undefined;
  }

  #begin(track: Track, firstBad: Evidence): Draft {
    const ownGood = track.okBefore(firstBad.start);
    const goods = this.tracks.map((other) => (other === track ? ownGood : other.okBefore(ownGood ?? firstBad.start)));
    const openStart = goods.includes(undefined);
    const firstSeen = this.tracks.map((one) => (one.series.samples.length > 0 ? one.start(0) : firstBad.start));
    const watching = Math.min(this.#window.from, firstBad.start, ...firstSeen);
    const earliest = openStart ? watching : Math.min(...goods.map((good) => good ?? watching));
    return {
      began: {earliest, latest: firstBad.end},
      firstBad,
      lastBad: firstBad,
      names: new Set(),
      bad: 0,
      openStart,
    };
  }

  /** The service's good run as of the samples visited: when it was seen in every series, and how long it lasted. */
  #run(): {seen: number; lasted: number} | undefined {
    let [begun, seen, last] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (const {run, lastOkEnd} of this.tracks) {
      if (!run) return undefined;
      begun = Math.max(begun, run.start);
      seen = Math.max(seen, run.end);
      last = Math.min(last, lastOkEnd);
    }
    return {seen, lasted: Math.max(0, last - begun)};
  }

  /** Over before the window: not this drill's doing. */
  #overBefore(outage: Draft): boolean {
    return outage.ended !== undefined && outage.ended.latest + this.#error < this.#window.from;
  }

  result(): ServiceAssessment {
    const {until} = this.#window;
    // What the service as a whole may have been down, which is what its recovery is counted by.
    const perhaps = this.#outages.map(({began, ended}): Span => [began.earliest, ended?.latest ?? until]);
    const earlier = this.#outages.filter((outage) => this.#overBefore(outage)).length;
    const outages = this.#outages.slice(earlier).map(finish);
    const recovered = this.#recovered && {...this.#recovered, outage: this.#recovered.outage - earlier};
    const state = this.#state();
    const run = this.#run();
    const [first] = outages;
    return {
      state,
      ...(state === 'up' && run ? {goodSince: run.seen} : {}),
      goodFor: run?.lasted ?? 0,
      ...(first ? {firstBad: first.firstBad} : {}),
      outages,
      ...(recovered ? {recovered} : {}),
      relapses: recovered ? outages.length - 1 - recovered.outage : 0,
      flaps: recovered ? recovered.outage : Math.max(0, outages.length - 1),
      ...tally(this.tracks, this.#window, {perhaps, clockError: this.#error}),
      clockError: this.#error,
    };
  }

  /**
   * Any bad = bad; else any blind = blind; an outage that is not over is neither good nor blind. A series that has
   * fallen silent says nothing of now, also when its last word was bad.
   */
  #state(): ServiceAssessment['state'] {
    const latest = this.tracks.map((track) => {
      if (track.next === 0) return undefined;
      const silent = this.#window.until - track.end(track.next - 1) > track.limit;
      return silent ? counted.blind : track.classes[track.next - 1];
    });
    if (latest.includes(counted.bad)) return 'down';
    if (latest.length === 0 || latest.includes(undefined)) return 'unknown';
    if (latest.includes(counted.blind)) return 'blind';
    return this.#open ? 'down' : 'up';
  }
}

function evidenceOf(track: Track, index: number): Evidence {
  const {detail} = track.at(index);
  const times = {series: track.series.name, start: track.start(index), end: track.end(index)};
  return detail === undefined ? times : {...times, detail};
}

function finish({names, began, ended, ...rest}: Draft): Outage {
  return {began: copy(began), ...(ended ? {ended: copy(ended)} : {}), series: [...names].sort(), ...rest};
}

const copy = ({earliest, latest}: Instant): Instant => ({earliest, latest});
