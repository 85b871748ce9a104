import {setImmediate as turn} from 'node:timers/promises';
import type {Clock} from '../../src/io/clock.ts';

/** Time that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /** Lets time pass; whoever sleeps wakes at the right instant, in order. */
  advance(ms: number): Promise<void>;
  /** Time passes and nobody wakes meanwhile: an event loop that stood still. */
  stall(ms: number): void;
}

/** A clock at 0 on both scales. */
export function createFakeClock(): FakeClock {
  let now = 0;
  const sleepers = new Set<{at: number; wake: () => void}>();
  const settle = async () => {
    for (let turns = 0; turns < 3; turns += 1) await turn();
  };
  return {
    mono: () => now,
    wall: () => new Date(now),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const sleeper = {
          at: now + Math.max(0, ms),
          wake: () => {
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        const onAbort = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', onAbort, {once: true});
        sleepers.add(sleeper);
      }),
    advance: async (ms) => {
      const until = now + ms;
      await settle();
      for (;;) {
        const next = [...sleepers].sort((one, other) => one.at - other.at)[0];
        if (!next || next.at > until) break;
        now = Math.max(now, next.at);
        sleepers.delete(next);
        next.wake();
        await settle();
      }
      now = until;
    },
    stall: (ms) => {
      now += ms;
    },
  };
}
