import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {countField, howMany, nameMatches, namePattern} from '../../../../src/actions/pod/select.ts';

test.each([
  ['all', 7, 7],
  [3, 7, 3],
  ['50%', 7, 3],
  ['1%', 7, 1],
  ['100%', 7, 7],
])('%s of %i', (_count, available, expected) => {
  expect(howMany(_count, available)).toBe(expected);
});

test('a percentage is never more than written, nor none', () => {
  fc.assert(
    fc.property(fc.integer({min: 1, max: 100}), fc.integer({min: 1, max: 1000}), (percent, available) => {
      const count = howMany(`${percent}%`, available);
      expect(count).toBeGreaterThanOrEqual(1);
      expect(count).toBeLessThanOrEqual(Math.max(1, (available * percent) / 100));
    }),
  );
});

test.each(['0', 0, -1, 1.5, '101%', '0%', '5', 'some'])('%s is no count', (count) => {
  expect(countField().safeParse(count).success).toBe(false);
});

describe('names', () => {
  test.each([
    ['web', 'web', true],
    ['web', 'web-1', false],
    ['w.b', 'web', false],
    ['/web-\\d/', 'web-1', true],
    ['/web-\\d/', 'web-12', false],
    ['/a|b/', 'ab', false],
    ['/a|b/', 'b', true],
  ])('%s and %s: %s', (pattern, name, expected) => {
    expect(nameMatches(pattern, name)).toBe(expected);
  });

  test.each(['', '/', '//', '/(/', '/abc'])('%j is no pattern', (pattern) => {
    expect(namePattern().safeParse(pattern).success).toBe(false);
  });
});
