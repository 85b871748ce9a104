import {expect, test} from 'vitest';
import type {Json} from '../../../src/io/json.ts';
import {applyMergePatch} from '../../../src/io/merge-patch.ts';

/** Examples of RFC 7396, appendix A. */
const merges: [Json, Json, Json][] = [
  [{a: 'b'}, {a: 'c'}, {a: 'c'}],
  [{a: 'b', b: 'c'}, {a: null}, {b: 'c'}],
  [{a: ['b']}, {a: 'c'}, {a: 'c'}],
  [{a: {b: 'c'}}, {a: {b: 'd', c: null}}, {a: {b: 'd'}}],
  [{a: [{b: 'c'}]}, {a: [1]}, {a: [1]}],
  [{e: null}, {a: 1}, {e: null, a: 1}],
  [[1, 2], {a: 'b', c: null}, {a: 'b'}],
  [{}, {a: {bb: {ccc: null}}}, {a: {bb: {}}}],
];
test.each(merges)('merging %j with %j', (target, patch, expected) => {
  expect(applyMergePatch(target, patch)).toEqual(expected);
});

test('what is merged stays as it is', () => {
  const live = {a: {b: 1, c: 2}, list: [1, 2], gone: true};
  expect(applyMergePatch(live, {a: {b: null, d: 3}, list: [3], gone: null})).toEqual({a: {c: 2, d: 3}, list: [3]});
  expect(live).toEqual({a: {b: 1, c: 2}, list: [1, 2], gone: true});
});

test('__proto__ is a name like any other', () => {
  const merged = applyMergePatch({}, JSON.parse('{"data": {"__proto__": {"polluted": true}}}') as Json);
  expect(JSON.stringify(merged)).toBe('{"data":{"__proto__":{"polluted":true}}}');
  expect((merged as {data: object}).data).not.toHaveProperty('polluted');
});
