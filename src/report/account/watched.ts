import type {Sample} from '../../io/sample.ts';
import type {JournalEntry} from '../../journal/types.ts';
import {type AlignedSeries, lookedBetween} from '../../measure/index.ts';
import {entriesOf} from '../model/entries.ts';
import type {ServiceReport} from '../types.ts';
import type {CanaryAccount, FaultAccount, RedAccount, WatchAccount} from './types.ts';

/**
 * When the last fault had taken effect, at the latest: when its own effect was seen, else `effect.prove`, or a check that
 * only it can have turned; else when its call was answered.
 */
export function effectAt(
  entries: readonly JournalEntry[],
  faults: readonly FaultAccount[],
  reds: readonly RedAccount[],
): number {
  const effects = entriesOf(entries, 'effect.seen').filter(({seen}) => seen);
  const seenAt = (wanted: string) => effects.find(({path}) => path === wanted)?.mono;
  const turned = (path: string) =>
    reds.find(({cause, faults: may}) => cause === 'fault' && may.length === 1 && may[0] === path)?.seen?.latest;
  const instants = faults.flatMap(({path, out}) =>
    out === undefined ? [] : [seenAt(path) ?? seenAt('effect.prove') ?? turned(path) ?? out.latest],
  );
  return Math.max(Number.NEGATIVE_INFINITY, ...instants);
}

/** What the watch over services is judged by. Milliseconds on the runner's clock. */
interface Watched {
  /** When the faults had taken effect. */
  effectAt: number;
  /** When the recovery can first have done something, or the undo began. */
  until: number;
  /** Services that were seen down by a fault. */
  disturbed: ReadonlySet<string>;
}

/**
 * Whether every series of a service looked after the faults had taken effect: a sample that began before says nothing of
 * them. Nor does one of after the recovery, or the undo, where no outage by the fault was seen: it may have been over.
 */
export function watchedOf(
  services: readonly ServiceReport[],
  aligned: readonly AlignedSeries[],
  {effectAt: from, until, disturbed}: Watched,
): WatchAccount[] {
  return services.flatMap(({name, series, by}) =>
    series.map((one): WatchAccount => {
      const looked = (before: number) =>
        aligned.some((candidate) => candidate.name === one && lookedBetween(candidate, from, before));
      const isAsked = by === 'inject' && !disturbed.has(name);
      return {
        series: one,
        service: name,
        after: looked(Number.POSITIVE_INFINITY),
        ...(isAsked ? {during: looked(until)} : {}),
      };
    }),
  );
}

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
