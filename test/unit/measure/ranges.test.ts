import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {fromRanges, toRanges} from '../../../src/measure/ranges.ts';

test('runs of numbers are shortened, whatever their order', () => {
  expect(toRanges([])).toBe('');
  expect(toRanges([44, 0, 1, 2, 3, 2, 41])).toBe('0-3,41,44');
});

test('what is written is read back', () => {
  void fc.assert(
    fc.property(fc.uniqueArray(fc.integer({min: 0, max: 300})), (numbers) => {
      expect(fromRanges(toRanges(numbers))).toEqual(new Set(numbers));
    }),
  );
});

test.each(['?', '1-', '-1', '3-1', '1,,2', '1 - 2', '0-999999999999', 'a'])('%s is no list of numbers', (text) => {
  expect(fromRanges(text)).toBeUndefined();
});
