import type {EarlierRun} from '../../journal/types.ts';
import type {Trend} from '../types.ts';

/** How many earlier runs the median is of, at most and at least for a judgement. */
export const trendRuns = {most: 5, least: 3};

/** How much longer than the median is called a regression. */
const tolerated = 0.25;

/**
 * Compares a recovery time (upper end, milliseconds) with the median of the last five that have one. Fewer than three
 * make no regression: their spread is not known. Undefined when there is nothing to compare.
 * @param earlier oldest first
 */
export function trendOf(current: number | undefined, earlier: readonly EarlierRun[]): Trend | undefined {
  const figures = earlier.flatMap(({rto}) => rto?.max ?? []).slice(-trendRuns.most);
  const median = medianOf(figures);
  if (current === undefined || median === undefined || median === 0) return undefined;
  const change = current / median - 1;
  return {runs: figures.length, median, change, regression: figures.length >= trendRuns.least && change > tolerated};
}

/** Undefined for no figures; the mean of the middle two for an even number. */
export function medianOf(figures: readonly number[]): number | undefined {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
