/** Milliseconds between two beats of the resident canary. */
export const beatEvery = 60_000;

/** Label on every ConfigMap of the resident canary. */
export const residentLabel = 'kubedrill.dev/resident-canary';

/** Minutes that every beat is kept; older ones one an hour, which is fine enough for a backup that is as old. */
const everyMinuteFor = 2 * 24 * 60;
/** Minutes that a beat is kept at all. */
const keptFor = 35 * 24 * 60;

/** The number of the minute since 1970 (UTC). */
export const minuteOf = (at: Date): number => Math.floor(at.getTime() / beatEvery);

/** Whether a beat stays when it is `now` (both as minutes since 1970). */
export function isKept(minute: number, now: number): boolean {
  const age = now - minute;
  return age <= everyMinuteFor || (age <= keptFor && minute % 60 === 0);
}

/** Minutes of a drill in which the resident canary may go on pruning. */
const longestDrill = 24 * 60;

/** Whether a drill that opened at `opened` may count a beat: the canary itself will not have removed it meanwhile. */
export const isCountable = (minute: number, opened: number): boolean => isKept(minute, opened + longestDrill);
