/** A seeded stream of random numbers: the same seed gives the same numbers in the same order. */
export interface Random {
  readonly seed: number;
  /** The next number in [0, 1). */
  next(): number;
  /** `count` different items in random order; all of them when there are fewer. */
  sample<T>(items: readonly T[], count: number): T[];
}

/** Creates a stream from a 32-bit seed (mulberry32: small, and equal on every machine). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    seed: seed >>> 0,
    next,
    sample: (items, count) => {
      const pool = [...items];
      const taken: (typeof pool)[number][] = [];
      while (taken.length < count && pool.length > 0) {
        taken.push(...pool.splice(Math.floor(next() * pool.length), 1));
      }
      return taken;
    },
  };
}
