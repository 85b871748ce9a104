import {expect, test} from 'vitest';
import {humanDuration} from '../../../../src/practice/api/table.ts';

const s = 1000;
const m = 60 * s;
const h = 60 * m;
test.each([
  [0, '0s'],
  [119 * s, '119s'],
  [2 * m, '2m'],
  [9 * m + 5 * s, '9m5s'],
  [10 * m + 5 * s, '10m'],
  [2 * h, '120m'],
  [3 * h + 2 * m, '3h2m'],
  [9 * h + 2 * m, '9h'],
  [50 * h, '2d2h'],
  [9 * 24 * h, '9d'],
])('%i ms is %s, as kubectl prints it', (ms, text) => {
  expect(humanDuration(ms)).toBe(text);
});
