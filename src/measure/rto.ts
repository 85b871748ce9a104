import type {Instant, Outage, ServiceAssessment} from './types.ts';

/** From which instant an objective counts: t0, t1, t3, or the start of the first recover action. */
export type From = 'fault' | 'impact' | 'declared' | 'recovery';

/** The instants of a run on the runner's clock, as far as they came to pass. Impact is the service's own. */
export interface Instants {
  /** t0: between the intent and the answer of the first mutation of the inject phase. */
  fault?: Instant;
  /** t3: a person's mark, else the start of the first recover step. */
  declared?: Instant;
  /** Start of the first recover action. */
  recovery?: Instant;
}

/**
 * Milliseconds. `none`: no outage was seen (an outage up to `longestGap` may have been there). `n/a`: the instant that
 * it counts from never came, or came after the recovery. `atLeast`: not recovered; it lasted at least that long.
 */
export type Rto = {lower: number; upper: number} | {atLeast: number} | 'none' | 'n/a';

/**
 * The recovery time of a service, bounded from both sides; the true figure lies inside.
 *
 * With t7 in [Bk.start, G1.end] and the instant `from` in [earliest, latest]:
 * lower = max(0, Bk.start − latest), upper = G1.end − earliest.
 * - `impact`: t1 lies in [G0.start, B1.end], on the same clock, so lower = max(0, Bk.start − B1.end) and
 *   upper = G1.end − G0.start, with no clock offset in it.
 * - `fault`: t0 lies between the journalled intent and the answer of the call.
 * - `declared`, `recovery`: on the runner's clock; between the end of what came before and the begin of the first step.
 * The last three compare two clocks where the samples come from elsewhere: the clock's error widens both ends.
 */
export function rto(assessment: ServiceAssessment, from: From, instants: Instants): Rto {
  const first = assessment.outages[0];
  if (!first) return 'none';
  const origin = from === 'impact' ? first.began : instants[from];
  if (!origin) return 'n/a';
  const error = from === 'impact' ? 0 : assessment.clockError;
  const {recovered} = assessment;
  if (!recovered) return {atLeast: Math.max(0, lastBadStart(assessment.outages) - error - origin.latest)};
  const upper = recovered.at.latest + error - origin.earliest;
  if (upper < 0) return 'n/a';
  return {lower: Math.max(0, recovered.at.earliest - error - origin.latest), upper};
}

function lastBadStart(outages: readonly Outage[]): number {
  return Math.max(...outages.map(({lastBad}) => lastBad.start));
}
