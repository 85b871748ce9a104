import type {Sample} from '../../io/sample.ts';
import type {JournalEntry} from '../../journal/types.ts';
import type {AlignedSeries} from '../../measure/index.ts';
import {entriesOf} from '../model/entries.ts';
import type {ServiceReport} from '../types.ts';
import type {CanaryAccount, FaultAccount} from './types.ts';

/**
 * Whether every series of a service looked after the faults had taken effect: a sample that began before says nothing of
 * them. A fault's effect is there at the latest when it was seen, or else when its call was answered.
 */
export function watchedOf(
  services: readonly ServiceReport[],
  aligned: readonly AlignedSeries[],
  {faults, entries}: {faults: readonly FaultAccount[]; entries: readonly JournalEntry[]},
) {
  const effects = entriesOf(entries, 'effect.seen').filter(({seen}) => seen);
  const instants = faults.flatMap(({path, out}) =>
    out === undefined ? [] : [effects.find((effect) => effect.path === path)?.mono ?? out.latest],
  );
  const effectAt = Math.max(Number.NEGATIVE_INFINITY, ...instants);
  return services.flatMap(({name, series}) =>
    series.map((one) => ({
      series: one,
      service: name,
      after: aligned.some((candidate) => candidate.name === one && looksAfter(candidate, effectAt)),
    })),
  );
}

const looksAfter = ({samples, align}: AlignedSeries, at: number): boolean =>
  samples.some(({start, state}) => state !== 'blind' && start + align.shift.min - align.error > at);

/**
 * Whether the store of each canary takes writes again. The canaries' writes are on the runner's clock; residents write by
 * themselves, and what they wrote is counted instead.
 * @param samples by the `file` of the `canary.opened` entries
 * @param from end of the recovery
 */
export function takenAgain(
  entries: readonly JournalEntry[],
  samples: ReadonlyMap<string, readonly Sample[]>,
  from: number,
): CanaryAccount[] {
  return entriesOf(entries, 'canary.opened').flatMap(({canary, file}) => {
    if (file === undefined) return [];
    const later = (samples.get(file) ?? []).filter(({start}) => start >= from);
    return [{canary, tried: later.length, taken: later.filter(({state}) => state === 'ok').length}];
  });
}
