import type {Sample, SampleState} from '../../io/sample.ts';
import type {CanaryRecord} from '../../journal/plan.ts';
import type {JournalEntry} from '../../journal/types.ts';
import {
  type CanaryWrite,
  derivedRpo,
  fromRanges,
  type Instant,
  lossOf,
  rpo,
  type Window,
  type WriteState,
} from '../../measure/index.ts';
import type {CanaryReport} from '../types.ts';
import {type EntryOf, entriesOf} from './entries.ts';

type Opened = EntryOf<'canary.opened'>;
type Read = EntryOf<'canary.read'>;

const states: Readonly<Record<SampleState, WriteState>> = {ok: 'acknowledged', bad: 'refused', blind: 'unknown'};

/**
 * What every canary of the plan says about lost data.
 * @param samples by the `file` of the `canary.opened` entries
 */
export function reportCanaries(
  entries: readonly JournalEntry[],
  planned: readonly CanaryRecord[],
  samples: ReadonlyMap<string, readonly Sample[]>,
  window: Window | undefined,
): CanaryReport[] {
  return planned.map(({name, uses, every}) => {
    const opened = entriesOf(entries, 'canary.opened').find(({canary}) => canary === name);
    const reads = entriesOf(entries, 'canary.read').filter(({canary}) => canary === name);
    const base = {
      name,
      uses,
      every: opened?.resident?.every ?? every,
      resident: opened?.resident !== undefined,
      ...(opened?.file === undefined ? {} : {file: opened.file}),
    };
    return {...base, ...measure(entries, {opened, reads, samples, window})};
  });
}

type Finding = Pick<CanaryReport, 'figure' | 'bound' | 'basis' | 'loss' | 'note'>;

interface Evidence {
  opened: Opened | undefined;
  reads: readonly Read[];
  samples: ReadonlyMap<string, readonly Sample[]>;
  window: Window | undefined;
}

const unmeasured = (note: string): Finding => ({figure: 'n/a', note});

function measure(entries: readonly JournalEntry[], {opened, reads, samples, window}: Evidence): Finding {
  if (!opened) return unmeasured('it never wrote');
  if (!window) return unmeasured('there was no fault');
  const at = (moment: Read['moment']) => reads.findLast((read) => read.moment === moment);
  const after = at('after');
  const present = fromRanges(after?.present ?? '?');
  if (!after || !present) return unmeasured(after?.error ?? 'the survivors were not counted');
  const before = fromRanges(at('before')?.present ?? '?');
  if (!before) return unmeasured('nothing shows that what it wrote could be read before the fault');
  const writes = opened.resident
    ? residentWrites(entries, opened.resident.every, [before, fromRanges(at('known')?.present ?? ''), present])
    : (samples.get(opened.file ?? '') ?? []).map(({seq, start, end, state}) => ({
        number: seq,
        start,
        end,
        state: states[state],
      }));
  const loss = lossOf(writes, present);
  if (loss.acknowledged === 0) return {...unmeasured('no write was acknowledged'), loss};
  if (loss.foreign > 0) {
    return {
      ...unmeasured(`the store names ${loss.foreign} numbers that were never written: it cannot be trusted`),
      loss,
    };
  }
  const edges = {from: window.from, until: after.start};
  const figure = rpo(writes, present, edges);
  if (figure === 'n/a') return {...unmeasured('it cannot be told'), loss};
  if (!('atLeast' in figure)) {
    return {figure, bound: {min: figure.lower, max: figure.upper}, basis: 'measured', loss};
  }
  const taken = recoveryPointTaken(entries);
  const derived = taken ? derivedRpo(writes, present, {taken, until: edges.until}) : 'n/a';
  if (typeof derived === 'object' && 'upper' in derived) {
    return {figure: derived, bound: {min: derived.lower, max: derived.upper}, basis: 'derived', loss, note: younger};
  }
  return {figure, bound: {min: figure.atLeast}, loss, note: younger};
}

const younger = 'the recovery point is older than this canary; a resident one can measure it';

/**
 * The writes of a resident canary, by its own clock: number n was made in the n-th interval since 1970. One interval
 * more on either side covers what that clock and the runner's may differ. All that were ever there were acknowledged.
 */
function residentWrites(
  entries: readonly JournalEntry[],
  every: number,
  sets: readonly (ReadonlySet<number> | undefined)[],
): CanaryWrite[] {
  const numbers = [...new Set(sets.flatMap((set) => [...(set ?? [])]))].sort((a, b) => a - b);
  return numbers.map((number) => ({
    number,
    start: monoOf(entries, (number - 1) * every),
    end: monoOf(entries, (number + 2) * every),
    state: 'acknowledged',
  }));
}

function recoveryPointTaken(entries: readonly JournalEntry[]): Instant | undefined {
  const point = entriesOf(entries, 'recoveryPoint.verified').at(-1);
  if (!point) return undefined;
  return {
    earliest: monoOf(entries, Date.parse(point.takenFrom)),
    latest: monoOf(entries, Date.parse(point.takenTo)),
  };
}

/** A wall-clock instant (milliseconds since 1970) on the runner's monotonic clock. */
function monoOf([first]: readonly JournalEntry[], wall: number): number {
  return first ? first.mono + wall - Date.parse(first.at) : wall;
}
