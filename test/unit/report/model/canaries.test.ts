import {expect, test} from 'vitest';
import type {Sample} from '../../../../src/io/sample.ts';
import type {JournalEntry, JournalEvent} from '../../../../src/journal/types.ts';
import {reportCanaries} from '../../../../src/report/model/canaries.ts';
import {entries as entriesFrom} from '../../../support/entries.ts';

const planned = [{name: 'orders', uses: 'http', every: 100, with: {}}];
const window = {from: 250, until: 5000};
const file = 'series/canary-orders.jsonl';

/** Writes 100 ms apart: o acknowledged, x refused, - no answer. */
const writes = (states: string): Map<string, Sample[]> =>
  new Map([
    [
      file,
      [...states].map((state, seq) => ({
        seq,
        start: seq * 100,
        end: seq * 100 + 10,
        state: state === 'o' ? ('ok' as const) : state === 'x' ? ('bad' as const) : ('blind' as const),
      })),
    ],
  ]);
const opened: JournalEvent = {type: 'canary.opened', canary: 'orders', file};
const read = (moment: 'before' | 'known' | 'after', present: string, start = 2000): JournalEvent => ({
  type: 'canary.read',
  canary: 'orders',
  moment,
  start,
  end: start + 5,
  present,
});
const report = (events: JournalEvent[], states = 'oooooxxo') =>
  reportCanaries(entriesFrom(events), planned, writes(states), window)[0];

test('what was acknowledged and is gone, with its figure', () => {
  expect(report([opened, read('before', '0-1'), read('after', '0-2,7')])).toMatchObject({
    name: 'orders',
    file,
    resident: false,
    loss: {acknowledged: 6, lost: 2, refused: 2},
    figure: {lower: 90, upper: 310},
    bound: {min: 90, max: 310},
    basis: 'measured',
  });
});

test.each([
  ['it never wrote', []],
  ['the survivors were not counted', [opened, read('before', '0')]],
  ['nothing shows that what it wrote could be read before the fault', [opened, read('after', '0-7')]],
  [
    'the store names 1 numbers that were never written: it cannot be trusted',
    [opened, read('before', '0'), read('after', '0-4,7,99')],
  ],
  [
    'no answer',
    [
      opened,
      read('before', '0'),
      {...read('after', ''), present: undefined, error: 'no answer'} as unknown as JournalEvent,
    ],
  ],
])('no figure: %s', (note, events) => {
  expect(report(events)).toMatchObject({figure: 'n/a', note});
  expect(report(events)?.bound).toBeUndefined();
});

test('no figure without one acknowledged write, nor without a fault', () => {
  expect(report([opened, read('before', ''), read('after', '')], 'xx--')).toMatchObject({figure: 'n/a'});
  const entries = entriesFrom([opened, read('before', '0'), read('after', '0-7')]);
  expect(reportCanaries(entries, planned, writes('ooo'), undefined)[0]).toMatchObject({figure: 'n/a'});
});

test('a recovery point older than the canary is a lower bound, and derived from its own time where that is known', () => {
  const events = [opened, read('before', '0-1'), read('after', '7')];
  const unknown = report(events);
  expect(unknown).toMatchObject({figure: {atLeast: 390}, bound: {min: 390}});
  expect(unknown?.basis).toBeUndefined();
  const entries = entriesFrom([
    ...events,
    {
      type: 'recoveryPoint.verified',
      uses: 'velero',
      name: 'nightly',
      takenFrom: at(-3_600_000),
      takenTo: at(-3_599_000),
    },
  ]);
  expect(reportCanaries(entries, planned, writes('oooooxxo'), window)[0]).toMatchObject({
    basis: 'derived',
    bound: {min: 3_599_400, max: 3_600_510},
  });
});

test('a resident counts by its own clock, one interval wider on either side', () => {
  const minute = 60_000;
  const base = Math.floor(Date.parse(at(0)) / minute);
  const resident: JournalEvent = {type: 'canary.opened', canary: 'orders', resident: {every: minute}};
  const present = `${base - 100}-${base - 61}`;
  const known = `${base - 100}-${base - 1}`;
  const found = report([resident, read('before', known), read('known', known), read('after', present)]);
  expect(found).toMatchObject({resident: true, every: minute, basis: 'measured', loss: {lost: 60, acknowledged: 100}});
  const {min, max} = found?.bound ?? {};
  // Truly between 59 and 61 minutes, by that clock.
  expect(min).toBeGreaterThan(50 * minute);
  expect(min).toBeLessThan(59 * minute);
  expect(max).toBeGreaterThan(61 * minute);
});

/** UTC at an instant of the runner's clock; the first entry is at 0. */
function at(mono: number): string {
  const [first] = entriesFrom([opened]) as [JournalEntry];
  return new Date(Date.parse(first.at) + mono - first.mono).toISOString();
}
