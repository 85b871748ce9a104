import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {holds, isOurs, isSame, valueAt} from '../../../../src/actions/fields/compare.ts';
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
    ['quantities by value', {limits: {cpu: '500m', memory: '1Gi'}}, {limits: {cpu: '0.5', memory: '1024Mi'}}, true],
    ['a quantity as a number', {requests: {cpu: '2'}}, {requests: {cpu: 2}}, true],
    ['other quantities', {limits: {cpu: '500m'}}, {limits: {cpu: '0.6'}}, false],
    ['a version that would be an equal number', {version: '1.10'}, {version: '1.1'}, false],
    ['a mode that would be an equal number', {data: {mode: '0644'}}, {data: {mode: '644'}}, false],
    ['text of the user under a name of a quantity', {data: {limits: '1.10'}}, {data: {limits: '1.1'}}, false],
    ['a number as a text', {port: '80'}, {port: 80}, false],
    ['texts that are no quantities', 'abc', 'abd', false],
    ['false and the text', 'false', false, false],
    ['a list where an object was written', [1], {a: 1}, false],
    ['an object where a list was written', {a: 1}, [1], false],
  ];
  test.each(cases)('%s', (_name, live, written, expected) => {
    expect(holds(live, written)).toBe(expected);
  });

  test('quantities by value in a field below their place', () => {
    expect(holds('500m', '0.5', ['spec', 'limits', 'cpu'])).toBe(true);
    expect(holds('500m', '0.5', ['data', 'limits', 'cpu'])).toBe(false);
    expect(holds('500m', '0.5', ['spec', 'cpu'])).toBe(false);
  });
});

describe('isOurs', () => {
  test('an item that was there before is fine, one from somebody else is not', () => {
    const field = {path: ['spec', 'containers'], before: [{name: 'a'}], after: [{name: 'b'}]};
    expect(isOurs([{name: 'a'}, {name: 'b', image: 'x'}], field)).toBe(true);
    expect(isOurs([{name: 'a'}, {name: 'b'}, {name: 'c'}], field)).toBe(false);
    expect(isOurs([{name: 'a', image: 'changed'}, {name: 'b'}], field)).toBe(false);
    expect(isOurs([{name: 'c'}, {name: 'b'}], {...field, before: undefined})).toBe(false);
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
});
