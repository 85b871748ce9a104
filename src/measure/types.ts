import type {Sample} from '../io/sample.ts';

/** An instant that is only known to lie in an interval. Milliseconds on the runner's monotonic clock. */
export interface Instant {
  earliest: number;
  latest: number;
}

/** A duration that is only known to lie in an interval. Milliseconds, never negative. */
export interface Bound {
  min: number;
  max: number;
}

/** What moves a series onto the runner's clock. */
export interface Alignment {
  /** Milliseconds added to every `start` and every `end`. They differ where the offset is uncertain. */
  shift: Bound;
  /** Half-width of an uncertainty that all samples share and `shift` leaves out: it cancels inside the series. */
  error: number;
}

/** One series, ready to be compared with others. */
export interface AlignedSeries {
  /** `<probe>` or `<probe>@<node>`. */
  name: string;
  /** Milliseconds between due instants. */
  every: number;
  samples: readonly Sample[];
  align: Alignment;
}

/** When a service counts as up. */
export interface ServiceRule {
  /** Share of ok samples, over `stableFor`, from which each series of the service counts as good. 1: any bad is bad. */
  okRatio: number;
  /** Milliseconds that a run of good samples must last before its first sample is the recovery. */
  stableFor: number;
}

/** The part of a run that is judged. Milliseconds on the runner's clock. */
export interface Window {
  /** Earliest instant of the fault. An outage that was over before is none of this drill's. */
  from: number;
  /** Start of undo, or now. Samples that end later are left out. */
  until: number;
}

/** The sample that proves an edge, on the runner's clock. */
export interface Evidence {
  series: string;
  start: number;
  end: number;
  detail?: string;
}

/** From the first bad sample until every series has been seen good again. */
export interface Outage {
  /** In [G0.start, B1.end]. */
  began: Instant;
  /** In [Bk.start, G1.end]. Absent: not seen good again. */
  ended?: Instant;
  firstBad: Evidence;
  lastBad: Evidence;
  /** Names of the series that were bad, sorted. */
  series: string[];
  bad: number;
  /** A series had no good sample before it: `began.earliest` is then where watching began. */
  openStart: boolean;
}

/** A recovery that held: t7. */
export interface Recovery {
  /** In [Bk.start, G1.end]. */
  at: Instant;
  /** End of the sample that completed the stability window. */
  provenAt: number;
  /** Index in `outages` of the outage that it ended; those before it are the flaps. */
  outage: number;
}

export interface SampleCounts {
  ok: number;
  bad: number;
  blind: number;
  taken: number;
  /** Due in the window; what is missing was skipped by an overrun, or never came. */
  expected: number;
  overrun: number;
}

/** What one or more series say about a service in a window. Plain data. */
export interface ServiceAssessment {
  /** At the end of the window. `unknown`: a series has no sample at all. */
  state: 'up' | 'down' | 'blind' | 'unknown';
  /** Every series has answered ok since then, unbroken. Present only when the state is `up`. */
  goodSince?: number;
  /** How long that run has lasted, by its samples. 0 when there is none. */
  goodFor: number;
  firstBad?: Evidence;
  outages: Outage[];
  recovered?: Recovery;
  /** Outages that began after `recovered`. */
  relapses: number;
  /** Outages before the recovery that were not the last: it came back and went again. */
  flaps: number;
  /** All unavailable time in the window; blind stretches count in `max` alone. */
  unavailable: Bound;
  /** Time in which at least one series could not say. */
  blindMs: number;
  /** Longest time between two good samples of a series with no bad one between: an outage up to this long goes unseen. */
  longestGap: number;
  counts: SampleCounts;
  /** Uncertainty of the series' clock against the runner's; widens whatever is compared with the runner's instants. */
  clockError: number;
}

/**
 * A silence this long is blindness, not luck: it breaks a run of good samples and counts as blind time.
 * Shorter holes (one overrun, a garbage collection) only show in `longestGap` and `overrun`.
 */
export function silenceLimit(every: number): number {
  return Math.max(3 * every, 1000);
}
