import type {Clock} from '../../io/clock.ts';

/**
 * How long undos wait, all together, for what others have to let go: finalizers that nobody takes away, users that do not
 * end. One that has used it up leaves the next ones a short look: it would keep them as well.
 */
export interface HeldTime {
  /** Milliseconds that are left from now on; the time begins when it is asked for first. */
  left(clock: Clock): number;
  /** Something is as before again that may have kept others from letting go. */
  renew(): void;
}

/** Milliseconds for one more object once the time is over: whoever takes its finalizer away does so at once. */
const leastLook = 5000;

export function createHeldTime(within: number): HeldTime {
  let until: number | undefined;
  return {
    left: (clock) => {
      until ??= clock.mono() + within;
      return Math.max(Math.min(leastLook, within), until - clock.mono());
    },
    renew: () => {
      until = undefined;
    },
  };
}
