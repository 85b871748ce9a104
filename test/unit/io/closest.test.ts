import {expect, test} from 'vitest';
import {closest} from '../../../src/io/closest.ts';

test.each([
  ['gracePeriode', ['gracePeriod', 'name'], 'gracePeriod'],
  ['naem', ['name', 'namespace'], 'name'],
  ['NAME', ['name'], 'name'],
  ['x', ['y'], 'y'],
  ['timeout', ['every', 'from'], undefined],
  ['pod/delte', ['pod/delete', 'object/delete'], 'pod/delete'],
  ['anything', [], undefined],
])('%s of %j', (given, candidates, expected) => {
  expect(closest(given, candidates)).toBe(expected);
});
