import fc from 'fast-check';
import {expect, test} from 'vitest';
import {formatDuration, maxDuration, parseDuration} from '../../../src/io/duration.ts';

test.each([
  ['0', 0],
  ['0s', 0],
  ['500ms', 500],
  ['1m30s', 90_000],
  ['1.5h', 5_400_000],
  ['+2s', 2000],
  ['.5s', 500],
  ['1h2m3s4ms', 3_723_004],
  ['250us', 0.25],
  ['576h', maxDuration],
])('%s is %d ms', (text, milliseconds) => {
  expect(parseDuration(text)).toBeCloseTo(milliseconds, 6);
});

test.each(['', '1', '1 s', '1d', '-1s', 's', '1m30', '1e3s', '1,5s', '577h', '5 minutes', '١s', '1s\n'])(
  '%j is none',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test('whole milliseconds survive being written and read', () => {
  fc.assert(
    fc.property(fc.integer({min: 0, max: maxDuration}), (milliseconds) => {
      expect(parseDuration(formatDuration(milliseconds))).toBeCloseTo(milliseconds, 3);
    }),
  );
});

test.each([
  [0, '0s'],
  [250, '250ms'],
  [1250, '1.25s'],
  [60_000, '1m'],
  [3_600_000, '1h'],
  [3_605_000, '1h0m5s'],
  [-1500, '-1.5s'],
])('%d ms is written %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});
