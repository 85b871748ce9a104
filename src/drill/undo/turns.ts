import type {Outcome} from './keep.ts';

/**
 * Who is at the undo of which mutation. A step of the recovery that was stopped may still be at one when everything is
 * taken back: two undos of one mutation beside each other would both go on from what they saw before.
 */
export interface Turns {
  /** Plays the undo of a mutation. While another is at it, waits for that one, and takes its outcome if it came to an end. */
  take(mutation: string, play: () => Promise<Outcome>): Promise<Outcome>;
  /** Begins the work of an undo once that of an earlier one has really ended, also one that was given up. */
  after<T>(mutation: string, work: () => Promise<T>): Promise<T>;
}

/** The turns of one run, or of one rollback. */
export function createTurns(): Turns {
  const playing = new Map<string, Promise<Outcome>>();
  const working = new Map<string, Promise<unknown>>();
  return {
    take: async (mutation, play) => {
      for (let ahead = playing.get(mutation); ahead !== undefined; ahead = playing.get(mutation)) {
        const outcome = await ahead;
        if (outcome.state !== 'failed' && outcome.state !== 'conflict') return outcome;
      }
      const own = play();
      playing.set(mutation, own);
      try {
        return await own;
      } finally {
        playing.delete(mutation);
      }
    },
    after: (mutation, work) => {
      const own = (working.get(mutation) ?? Promise.resolve()).then(work);
      working.set(
        mutation,
        own.catch(() => undefined),
      );
      return own;
    },
  };
}
