import type {Sample} from '../io/sample.ts';

/**
 * The share of good answers from the sample at `index` on; blind ones are no answers. 0 when there is none. `unasked`:
 * samples that are missing right before it, which count as not good.
 */
export type OkShare = (index: number, unasked?: number) => number;

/**
 * Share of ok samples over `stableFor` milliseconds, looking forward from a sample.
 * Forward, so that "good from here on" and "no longer good from here on" are judged by what followed, as
 * `stableFor` does for a single endpoint. Near the end of the series, where too little has followed, the last
 * `stableFor` of it are taken: the very last sample alone would be a share of 0 or 1.
 */
export function okShareAhead(samples: readonly Sample[], stableFor: number): OkShare {
  const ok = new Uint32Array(samples.length + 1);
  const answered = new Uint32Array(samples.length + 1);
  samples.forEach(({state}, index) => {
    ok[index + 1] = (ok[index] ?? 0) + (state === 'ok' ? 1 : 0);
    answered[index + 1] = (answered[index] ?? 0) + (state === 'blind' ? 0 : 1);
  });
  const lastWindow = firstFrom(samples, (samples.at(-1)?.end ?? 0) - stableFor);
  return (index, unasked = 0) => {
    const first = Math.min(index, lastWindow);
    const past = firstFrom(samples, (samples[first]?.start ?? 0) + stableFor);
    const asked = (answered[past] ?? 0) - (answered[first] ?? 0) + unasked;
    return asked === 0 ? 0 : ((ok[past] ?? 0) - (ok[first] ?? 0)) / asked;
  };
}

/** Index of the first sample that starts at `time` or later. */
function firstFrom(samples: readonly Sample[], time: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((samples[middle]?.start ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
