import type {AlignedSeries} from './types.ts';

/**
 * Whether a series looked between two instants of the runner's clock: a sample that could say something surely began
 * after the one, and surely ended before the other.
 */
export function lookedBetween({samples, align}: AlignedSeries, after: number, before: number): boolean {
  const {shift, error} = align;
  return samples.some(
    ({start, end, state}) => state !== 'blind' && start + shift.min - error > after && end + shift.max + error < before,
  );
}
