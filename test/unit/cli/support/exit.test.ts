import {expect, test} from 'vitest';
import {worstExitCode} from '../../../../src/cli/support/exit.ts';

test.each([
  [[], 0],
  [[0, 0], 0],
  [[0, 3, 2], 3],
  [[3, 130], 130],
  [[143, 6], 6],
  [[6, 1], 1],
  [[1, 5], 5],
  [[5, 4, 0], 4],
])('of %o the highest row is %i', (codes, wanted) => {
  expect(worstExitCode(codes)).toBe(wanted);
});
