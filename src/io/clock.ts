import {setTimeout as delay} from 'node:timers/promises';

/**
 * Time, handed in everywhere so that tests can own it.
 * Durations come from `mono` alone; `wall` only labels records.
 */
export interface Clock {
  /** Wall-clock time, for labels. It may jump. */
  wall(): Date;
  /** Milliseconds on a monotonic clock with an arbitrary origin; fractions are kept. */
  mono(): number;
  /** Waits `ms` milliseconds. Rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of this process. */
export const systemClock: Clock = {
  wall: () => new Date(),
  mono: () => performance.now(),
  sleep: async (ms, signal) => {
    if (signal?.aborted) throw signal.reason;
    try {
      await delay(Math.max(0, ms), undefined, signal ? {signal} : {});
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};
