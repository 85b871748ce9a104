import {expect, test} from 'vitest';
import {applyPatch, jsonPatch} from '../../../../src/practice/api/patch.ts';

test.each([
  ['a test that fails', [{op: 'test', path: '/a', value: 2}], 422],
  ['a path that is not there', [{op: 'remove', path: '/b'}], 422],
  ['a replacement under a path that is not there', [{op: 'replace', path: '/b/c', value: 1}], 422],
  ['a replacement of an element that is not there', [{op: 'replace', path: '/list/0', value: 1}], 422],
  ['an index beyond the list', [{op: 'add', path: '/list/9', value: 2}], 422],
  ['an unknown operation', [{op: 'turn', path: '/a'}], 422],
  ['an operation without a path', [{op: 'add'}], 422],
  ['no operation', [null], 422],
  ['no list', {op: 'add'}, 400],
])('JSON patch refuses %s', (_, patch, code) => {
  const refused = () => jsonPatch({a: 1, list: []}, patch);
  expect(refused).toThrow(expect.objectContaining({code}));
});

test('JSON patch replaces a member that is not there, as Kubernetes does', () => {
  expect(jsonPatch({a: 1}, [{op: 'replace', path: '/b', value: 2}])).toEqual({a: 1, b: 2});
});

const request = (patch: unknown, contentType: string) => ({contentType, parse: () => patch});

test('patches are played by their content type', () => {
  const live = {list: [1, 2]};
  const added = request([{op: 'add', path: '/list/-', value: 3}], 'application/json-patch+json');
  expect(applyPatch(live, added)).toEqual({list: [1, 2, 3]});
  expect(applyPatch(live, request({list: null}, 'application/merge-patch+json'))).toEqual({});
  expect(live).toEqual({list: [1, 2]});
});

test('an unknown kind of patch is refused', () => {
  expect(() => applyPatch({}, request({}, 'text/plain'))).toThrow(expect.objectContaining({code: 415}));
});
