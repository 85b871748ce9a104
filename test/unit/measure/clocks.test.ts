import {expect, test} from 'vitest';
import {alignSeries, clockOffsets} from '../../../src/measure/clocks.ts';

const samples = [{seq: 0, start: 1, end: 2, state: 'ok' as const}];
const readings = [
  {clock: 'pod', offset: 1000, error: 4},
  {clock: 'pod', offset: 1006, error: 2},
  {clock: 'other', offset: -50, error: 1},
];
const recorded = (name: string, clock: string) => ({name, clock, every: 100, samples});

test('readings that contradict each other place nothing: unknown, never up', () => {
  const jumped = [...readings, {clock: 'pod', offset: 1000 + 3_600_000, error: 4}];
  expect(alignSeries([recorded('a', 'pod')], clockOffsets(jumped))[0]?.samples).toEqual([]);
});

test('an offset is the hull of all readings, before and after', () => {
  const offsets = clockOffsets(readings);
  expect(offsets.get('pod')).toEqual({min: 996, max: 1008});
  expect(offsets.get('other')).toEqual({min: -51, max: -49});
  expect(offsets.get('runner')).toEqual({min: 0, max: 0});
});

test('series of one clock move together: nothing is widened, the error stands beside', () => {
  const [first, second] = alignSeries([recorded('a', 'pod'), recorded('b', 'pod')], clockOffsets(readings));
  expect(first?.align).toEqual({shift: {min: 1002, max: 1002}, error: 6});
  expect(second?.align).toEqual(first?.align);
});

test('series of several clocks are widened, each by its own', () => {
  const [first, second] = alignSeries([recorded('a', 'pod'), recorded('b', 'runner')], clockOffsets(readings));
  expect(first?.align).toEqual({shift: {min: 996, max: 1008}, error: 0});
  expect(second?.align).toEqual({shift: {min: 0, max: 0}, error: 0});
});

test('a clock that was never read places nothing', () => {
  expect(alignSeries([recorded('a', 'unread')], clockOffsets(readings))[0]?.samples).toEqual([]);
});

test('a series that went on in another process is one series, with a silence between', () => {
  const before = {...recorded('a', 'pod'), samples: [{seq: 7, start: 1, end: 2, state: 'ok' as const}]};
  const after = {...recorded('a', 'other'), samples: [{seq: 0, start: 9000, end: 9001, state: 'ok' as const}]};
  const [joined, ...rest] = alignSeries([before, after], clockOffsets(readings));
  expect(rest).toEqual([]);
  expect(joined).toEqual({
    name: 'a',
    every: 100,
    samples: [
      {seq: 0, start: 1 + 996, end: 2 + 1008, state: 'ok'},
      {seq: 1, start: 9000 - 51, end: 9001 - 49, state: 'ok'},
    ],
    align: {shift: {min: 0, max: 0}, error: 0},
  });
});
