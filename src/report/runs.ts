import type {AlignedSeries} from '../measure/index.ts';
import type {SampleRun} from './types.ts';

/**
 * A series as stretches of equal samples, on the runner's clock. A stretch reaches to the sample after it; a silence
 * longer than an interval and a half ends it, and stays a hole.
 */
export function sampleRuns({samples, every, align}: AlignedSeries): SampleRun[] {
  const shift = (align.shift.min + align.shift.max) / 2;
  const runs: SampleRun[] = [];
  let last: SampleRun | undefined;
  for (const {start, end, state} of samples) {
    const [from, until] = [rounded(start + shift), rounded(end + shift)];
    const near = last !== undefined && from - last.until <= 1.5 * every;
    if (last && near) last.until = Math.max(last.until, from);
    if (last && near && last.state === state) last.until = Math.max(last.until, until);
    else {
      last = {state, from, until};
      runs.push(last);
    }
  }
  return runs;
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;
