/**
 * Does work that must not be cut off half-way: while it goes on, a second signal does not end the process, a step that
 * was stopped is not given up, and the terminal says for what people wait. `what`: a few words, "restoring etcd".
 * Resolves and rejects as the work does. Such work has a time limit of its own.
 */
export type Critical = <T>(what: string, work: () => Promise<T>) => Promise<T>;

/** Told when such work begins; what it returns is called when the work is over. */
export type HoldOff = (what: string) => () => void;

/** Critical sections, and who is told of each. */
export interface CriticalSections {
  critical: Critical;
  tell(holdOff: HoldOff): void;
}

export function criticalSections(...told: readonly (HoldOff | undefined)[]): CriticalSections {
  const holds = told.filter((hold) => hold !== undefined);
  return {
    tell: (holdOff) => void holds.push(holdOff),
    critical: async (what, work) => {
      const ends = holds.map((holdOff) => holdOff(what));
      try {
        return await work();
      } finally {
        for (const end of ends) end();
      }
    },
  };
}
