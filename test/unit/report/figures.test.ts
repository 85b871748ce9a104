import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {atMost, duration, figure, outwards, percent, range, room} from '../../../src/report/figures.ts';

describe('duration', () => {
  test.each([
    [0, '0 ms'],
    [250, '250 ms'],
    [1250, '1.25 s'],
    [60_000, '60 s'],
    [119_000, '119 s'],
    [200_000, '3 min 20 s'],
    [240_000, '4 min'],
    [7_500_000, '2 h 5 min'],
  ])('%d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

describe('range', () => {
  test.each([
    [610, 1790, '0.6–1.8 s'],
    [0, 680, '0–0.7 s'],
    [0, 0, '0 ms'],
    [12, 28, '12–28 ms'],
    [41_210, 41_390, '41.21–41.39 s'],
    [20_000, 45_300, '20–46 s'],
    [198_400, 203_100, '3 min 18 s–3 min 24 s'],
  ])('%d to %d ms is %s', (min, max, text) => {
    expect(range(min, max)).toBe(text);
  });

  test('never claims more than the bound: rounding goes outwards', () => {
    const ms = fc.double({min: 0, max: 200_000, noNaN: true});
    void fc.assert(
      fc.property(ms, ms, (a, b) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const [low, high] = read(range(min, max));
        expect(low).toBeLessThanOrEqual(min + 1e-6);
        expect(high).toBeGreaterThanOrEqual(max - 1e-6);
      }),
    );
  });
});

test('what was not over in time is at least that long', () => {
  expect(figure({bound: {min: 17_690}})).toBe('≥ 17.6 s');
  expect(figure({})).toBe('n/a');
});

test('what is not exceeded is rounded up', () => {
  expect(atMost(110.2)).toBe('120 ms');
  expect(atMost(110)).toBe('110 ms');
});

test('a margin is counted from the bound as it is printed', () => {
  const objective = {target: 60_000, bound: {min: 0, max: 2280}, margin: (60_000 - 2280) / 60_000};
  const {high} = outwards(0, 2280);
  expect(range(0, 2280)).toBe(`0–${high / 1000} s`);
  expect(room(objective)).toEqual({left: 60_000 - high, share: (60_000 - high) / 60_000});
  // The printed end would be beyond the target.
  expect(room({target: 2290, bound: {min: 0, max: 2280}, margin: 10 / 2290})).toEqual({left: 10, share: 10 / 2290});
  expect(room({target: 1000, bound: {min: 0, max: 2280}, margin: -1.28})).toBeUndefined();
});

test('a margin is not rounded up', () => {
  expect(percent(0.999)).toBe('99 %');
});

/** Both ends in milliseconds. */
function read(text: string): [number, number] {
  const [from = '', to = from] = text.split('–');
  const unit = / (?:ms|s)$/.exec(to)?.[0] ?? '';
  return [ms(/\d$/.test(from) ? from + unit : from), ms(to)];
}

function ms(text: string): number {
  const units: Record<string, number> = {ms: 1, s: 1000, min: 60_000};
  return [...text.matchAll(/([\d.]+) (min|ms|s)/g)].reduce(
    (sum, [, n, unit = '']) => sum + Number(n) * (units[unit] ?? 0),
    0,
  );
}
