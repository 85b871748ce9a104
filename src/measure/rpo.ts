import type {Instant} from './types.ts';

/** What became of one numbered write. `unknown`: no answer came, so that it may have been taken or not. */
export type WriteState = 'acknowledged' | 'refused' | 'unknown';

/** One numbered write of a canary. The store took it, if it did, at some instant from `start` to `end`. */
export interface CanaryWrite {
  number: number;
  /** Milliseconds on the runner's monotonic clock. */
  start: number;
  end: number;
  state: WriteState;
}

/** A run of lost numbers with no surviving one between them. */
export interface LostStretch {
  first: number;
  last: number;
  /** Acknowledged writes in it. */
  lost: number;
}

/** What a canary says about lost data. Plain data; durations in milliseconds. */
export interface CanaryLoss {
  tried: number;
  acknowledged: number;
  refused: number;
  unknown: number;
  /** Acknowledged and not there any more. */
  lost: number;
  /** Neither acknowledged nor there: taken and lost, or never taken. The true count of lost writes is at most this higher. */
  perhapsLost: number;
  /** There although nobody acknowledged them. */
  unacknowledged: number;
  /** There although nobody wrote them: a store whose answers cannot be trusted. */
  foreign: number;
  /** More than one: survivors lie between lost writes, so the store did not simply go back to one instant. */
  stretches: LostStretch[];
  firstLost?: CanaryWrite;
  lastLost?: CanaryWrite;
  /** The last survivor before the first lost write. Absent with a loss: the recovery point is older than the canary. */
  lastSurvivor?: CanaryWrite;
  /** An acknowledged write after the last lost one survived: the store takes writes again. */
  resumed: boolean;
}

/**
 * The data loss in milliseconds, bounded from both sides. `atLeast`: all the canary ever wrote before is gone, so that
 * the recovery point is older than it. `n/a`: nothing was acknowledged, or the store's answers cannot be trusted.
 */
export type Rpo = {lower: number; upper: number} | {atLeast: number} | 'n/a';

/** Compares what was written with the numbers that are there after the recovery. `writes` in the order of numbers. */
export function lossOf(writes: readonly CanaryWrite[], present: ReadonlySet<number>): CanaryLoss {
  const there = ({number}: CanaryWrite) => present.has(number);
  const of = (state: WriteState) => writes.filter((write) => write.state === state);
  const acknowledged = of('acknowledged');
  const lost = acknowledged.filter((write) => !there(write));
  const [firstLost] = lost;
  const lastLost = lost.at(-1);
  const lastSurvivor = firstLost && writes.findLast((write) => write.number < firstLost.number && there(write));
  const tried = new Set(writes.map(({number}) => number));
  const unknown = of('unknown');
  return {
    tried: writes.length,
    acknowledged: acknowledged.length,
    refused: of('refused').length,
    unknown: unknown.length,
    lost: lost.length,
    perhapsLost: unknown.filter((write) => !there(write)).length,
    unacknowledged: writes.filter((write) => write.state !== 'acknowledged' && there(write)).length,
    foreign: [...present].filter((number) => !tried.has(number)).length,
    stretches: stretchesOf(writes, there),
    ...(firstLost && lastLost ? {firstLost, lastLost} : {}),
    ...(lastSurvivor ? {lastSurvivor} : {}),
    resumed: acknowledged.some((write) => there(write) && write.number > (lastLost?.number ?? -1)),
  };
}

/**
 * How much time of acknowledged data is gone: from the instant R that the store went back to, to the instant D at which
 * it was stopped or destroyed.
 *
 * R lies between the last survivor's start and the first lost write's end; D between the last lost write's start and
 * the end of the next attempt that has a sure answer. So lower = max(0, lastLost.start − firstLost.end) and
 * upper = next.end − lastSurvivor.start. Writes without an answer push the outer edges outwards: a missing one may have
 * been taken and lost, so the survivor before it counts. Nothing lost: what others wrote between a survivor and the
 * next sure attempt can still be gone, so the RPO is 0 to the longest such gap.
 *
 * @param from earliest instant of the fault: gaps that were over before hide no loss of this drill
 * @param until when the survivors were read
 */
export function rpo(
  writes: readonly CanaryWrite[],
  present: ReadonlySet<number>,
  {from, until}: {from: number; until: number},
): Rpo {
  const {firstLost, lastLost, acknowledged, foreign} = lossOf(writes, present);
  if (acknowledged === 0 || foreign > 0) return 'n/a';
  const there = ({number}: CanaryWrite) => present.has(number);
  if (!firstLost || !lastLost) return {lower: 0, upper: longestGap(writes, there, {from, until})};
  const lower = Math.max(0, lastLost.start - firstLost.end);
  const missing = writes.find((write) => !there(write) && write.state !== 'refused') ?? firstLost;
  const survivor = writes.findLast((write) => write.number < missing.number && there(write));
  if (!survivor) return {atLeast: lower};
  return {lower, upper: (sureAfter(writes, lastLost, present)?.end ?? until) - survivor.start};
}

/** Longest time from a surviving write to the end of the next attempt with a sure answer. */
function longestGap(
  writes: readonly CanaryWrite[],
  there: (write: CanaryWrite) => boolean,
  {from, until}: {from: number; until: number},
): number {
  let longest = 0;
  const last = writes.at(-1);
  // The last one of all has no next attempt because the writing was ended; what follows it is not the canary's to say.
  let next = last && there(last) ? last.end : until;
  for (const write of writes.toReversed()) {
    if (there(write) && next >= from) longest = Math.max(longest, next - write.start);
    if (there(write) || write.state !== 'unknown') next = write.end;
  }
  return longest;
}

/**
 * The data loss by the recovery point's own time, where the canary is younger than it: `derived`, never measured. The
 * canary still says when the store was destroyed.
 *
 * @param taken when the recovery point was taken, on the runner's clock
 * @param until when the survivors were read
 */
export function derivedRpo(
  writes: readonly CanaryWrite[],
  present: ReadonlySet<number>,
  {taken, until}: {taken: Instant; until: number},
): Rpo {
  const {lastLost} = lossOf(writes, present);
  if (!lastLost) return 'n/a';
  const upper = (sureAfter(writes, lastLost, present)?.end ?? until) - taken.earliest;
  return {lower: Math.max(0, lastLost.start - taken.latest), upper: Math.max(0, upper)};
}

/** The next attempt after a write of which one knows what became of it: the store had been stopped by its end. */
function sureAfter(
  writes: readonly CanaryWrite[],
  {number}: CanaryWrite,
  present: ReadonlySet<number>,
): CanaryWrite | undefined {
  return writes.find((write) => write.number > number && (write.state !== 'unknown' || present.has(write.number)));
}

function stretchesOf(writes: readonly CanaryWrite[], there: (write: CanaryWrite) => boolean): LostStretch[] {
  const stretches: LostStretch[] = [];
  let open: LostStretch | undefined;
  for (const write of writes) {
    if (there(write)) open = undefined;
    else if (write.state === 'acknowledged') {
      if (!open) {
        open = {first: write.number, last: write.number, lost: 0};
        stretches.push(open);
      }
      open.last = write.number;
      open.lost += 1;
    }
  }
  return stretches;
}
