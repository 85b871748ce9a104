import type {AlignedSeries, Instant, ServiceAssessment} from '../measure/index.ts';

/** What a column of a strip says: the worst of its samples. */
export const stripMarks = {ok: '▁', bad: '█', blind: '?', none: ' '} as const;

const columns = 72;
/** Widths that a reader can count with (milliseconds). */
const widths = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 3_600_000];
const margin = 1000;

/**
 * The part of a run that the strips show: from shortly before the fault until shortly after the last recovery, or all
 * that was judged when nothing happened.
 */
export function stripWindow(
  fault: Instant,
  until: number,
  assessments: readonly ServiceAssessment[],
): {from: number; column: number} {
  const ends = assessments.flatMap(({outages}) => outages.map(({ended}) => ended?.latest ?? until));
  const last = ends.length === 0 ? until : Math.min(until, Math.max(...ends));
  const pad = Math.max(margin, (last - fault.earliest) / 4);
  const needed = Math.min(until, last + pad) - (fault.earliest - pad);
  const column = widths.find((width) => width * columns >= needed) ?? needed / columns;
  return {from: Math.floor((fault.latest - pad) / column) * column, column};
}

/**
 * One character per column; a sample colours every column that it touches. What ends after `until` is not judged, and not
 * shown: the undo may have done it.
 */
export function stripOf(
  {samples, align, every}: AlignedSeries,
  {from, column, until}: {from: number; column: number; until: number},
): string {
  const worst: (keyof typeof stripMarks)[] = Array.from({length: columns}, () => 'none');
  const rank = {none: 0, ok: 1, blind: 2, bad: 3};
  for (const {start, end, state} of samples) {
    if (end + align.shift.max + align.error > until) continue;
    const first = Math.max(0, Math.floor((start + align.shift.min - from) / column));
    const last = Math.min(columns - 1, Math.floor((end + align.shift.max - from) / column));
    for (let index = first; index <= last; index++) {
      if (rank[state] > rank[worst[index] ?? 'none']) worst[index] = state;
    }
  }
  return fillBetween(worst, Math.ceil((1.5 * every) / column))
    .map((state) => stripMarks[state])
    .join('');
}

/**
 * A column narrower than the sampling interval has no sample of its own: it shows the one before. A longer silence stays
 * a hole.
 */
function fillBetween(states: (keyof typeof stripMarks)[], longest: number): (keyof typeof stripMarks)[] {
  const last = states.findLastIndex((state) => state !== 'none');
  let [shown, since]: [keyof typeof stripMarks, number] = ['none', 0];
  return states.map((state, index) => {
    since = state === 'none' ? since + 1 : 0;
    if (state !== 'none') shown = state;
    return index > last || since > longest ? 'none' : shown;
  });
}
