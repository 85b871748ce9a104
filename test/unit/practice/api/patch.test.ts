import {expect, test} from 'vitest';
import {applyPatch, jsonPatch, mergePatch} from '../../../../src/practice/api/patch.ts';

test('a merge patch sets, replaces and removes', () => {
  const live = {a: {b: 1, c: 2}, list: [1, 2], gone: true};
  expect(mergePatch(live, {a: {b: null, d: 3}, list: [3], gone: null})).toEqual({a: {c: 2, d: 3}, list: [3]});
  expect(live.a).toEqual({b: 1, c: 2});
});

test.each([
  ['add to the end', [{op: 'add', path: '/list/-', value: 3}], {list: [1, 2, 3]}],
  ['add in between', [{op: 'add', path: '/list/1', value: 9}], {list: [1, 9, 2]}],
  ['replace', [{op: 'replace', path: '/list/0', value: 9}], {list: [9, 2]}],
  ['remove', [{op: 'remove', path: '/list/0'}], {list: [2]}],
  ['move', [{op: 'move', from: '/list', path: '/other'}], {other: [1, 2]}],
  ['copy', [{op: 'copy', from: '/list/0', path: '/first'}], {list: [1, 2], first: 1}],
  ['escaped keys', [{op: 'add', path: '/a~1b~0c', value: 1}], {list: [1, 2], 'a/b~c': 1}],
  ['the whole document', [{op: 'replace', path: '', value: {}}], {}],
])('JSON patch: %s', (_, patch, expected) => {
  expect(jsonPatch({list: [1, 2]}, patch)).toEqual(expected);
});

test.each([
  ['a test that fails', [{op: 'test', path: '/a', value: 2}], 422],
  ['a path that is not there', [{op: 'remove', path: '/b'}], 422],
  ['an unknown operation', [{op: 'turn', path: '/a'}], 400],
  ['no list', {op: 'add'}, 400],
])('JSON patch refuses %s', (_, patch, code) => {
  expect(() => jsonPatch({a: 1}, patch)).toThrow(expect.objectContaining({code}));
});

test('an unknown kind of patch is refused', () => {
  expect(() => applyPatch({}, {}, 'text/plain')).toThrow(expect.objectContaining({code: 415}));
});
