import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {holds, isOurs, isSame, nested, overlay, valueAt} from '../../../../src/actions/common/compare.ts';
import type {Json} from '../../../../src/io/json.ts';

describe('holds', () => {
  const cases: [string, Json | undefined, Json | undefined, boolean][] = [
    ['defaults beside ours', {a: 1, b: 2}, {a: 1}, true],
    ['another value', {a: 2}, {a: 1}, false],
    ['a missing member', {}, {a: 1}, false],
    ['an empty object that was left out', undefined, {}, true],
    ['an empty list that was left out', undefined, [], true],
    ['a null as absent', undefined, null, true],
    ['a null that is set', 1, null, false],
    ['an equal list of scalars', [1, 2], [1, 2], true],
    ['a longer list of scalars', [1, 2, 3], [1, 2], false],
    ['another order of scalars', [2, 1], [1, 2], false],
    ['items found by name, in any order, with defaults', [{name: 'b'}, {name: 'a', x: 1}], [{name: 'a'}], true],
    ['an item whose name is missing', [{name: 'b'}], [{name: 'a'}], false],
    ['ports by number', [{containerPort: 80, protocol: 'TCP'}], [{containerPort: 80}], true],
    ['objects without a key by position', [{key: 'a', x: 1}, {key: 'b'}], [{key: 'a'}, {key: 'b'}], true],
    ['objects without a key, one more', [{key: 'a'}, {key: 'b'}], [{key: 'a'}], false],
    ['quantities by value', {cpu: '500m', memory: '1Gi'}, {cpu: '0.5', memory: '1024Mi'}, true],
    ['a quantity as a number', {cpu: '2'}, {cpu: 2}, true],
    ['other quantities', {cpu: '500m'}, {cpu: '0.6'}, false],
    ['texts that are no quantities', 'abc', 'abd', false],
    ['false and the text', 'false', false, false],
    ['a list where an object was written', [1], {a: 1}, false],
    ['an object where a list was written', {a: 1}, [1], false],
  ];
  test.each(cases)('%s', (_name, live, written, expected) => {
    expect(holds(live, written)).toBe(expected);
  });
});

describe('isOurs', () => {
  test('an item that was there before is fine, one from somebody else is not', () => {
    const before = [{name: 'a'}];
    const written = [{name: 'b'}];
    expect(isOurs([{name: 'a'}, {name: 'b', image: 'x'}], before, written)).toBe(true);
    expect(isOurs([{name: 'a'}, {name: 'b'}, {name: 'c'}], before, written)).toBe(false);
    expect(isOurs([{name: 'a', image: 'changed'}, {name: 'b'}], before, written)).toBe(false);
    expect(isOurs([{name: 'c'}, {name: 'b'}], undefined, written)).toBe(false);
  });
});

test('every value holds and is the same as itself', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(isSame(value as Json, structuredClone(value) as Json)).toBe(true);
    }),
  );
});

test('paths', () => {
  expect(valueAt({a: {b: 1}}, ['a', 'b'])).toBe(1);
  expect(valueAt({a: {b: 1}}, ['a', 'c', 'd'])).toBeUndefined();
  expect(valueAt({}, ['constructor'])).toBeUndefined();
  expect(nested(['a', 'b'], 1)).toEqual({a: {b: 1}});
  expect(overlay({a: {b: 1}}, {a: {c: [2]}}, {a: {b: null}})).toEqual({a: {b: null, c: [2]}});
});
