import {isAway} from '../../cluster/errors.ts';

/** One look of the guards at the cluster. */
export interface Look {
  /** Asks, or says what the same question was answered last. Rejects when it was never answered. */
  ask<T>(key: string, question: () => Promise<T>): Promise<T>;
  /** Whether anything of it is what was seen earlier. */
  recalled: boolean;
}

/** What the guards have seen while the API server answered. One for each run. */
export class Memory {
  readonly #seen = new Map<string, unknown>();

  /** `recall`: what is known from earlier counts where the API server is away. Otherwise its error is the answer. */
  look({recall}: {recall: boolean}): Look {
    const look: Look = {
      recalled: false,
      ask: async <T>(key: string, question: () => Promise<T>) => {
        try {
          const answer = await question();
          this.#seen.set(key, answer);
          return answer;
        } catch (error) {
          if (!recall || !isAway(error) || !this.#seen.has(key)) throw error;
          look.recalled = true;
          return this.#seen.get(key) as T;
        }
      },
    };
    return look;
  }
}
