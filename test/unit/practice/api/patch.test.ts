import {expect, test} from 'vitest';
import {applyPatch, jsonPatch} from '../../../../src/practice/api/patch.ts';

test.each([
  ['a test that fails', [{op: 'test', path: '/a', value: 2}], 422, 'testing value /a failed'],
  ['a path that is not there', [{op: 'remove', path: '/b'}], 422, 'the path /b does not exist'],
  ['an index beyond the list', [{op: 'add', path: '/list/9', value: 2}], 422, 'no index: /list/9'],
  ['an unknown operation', [{op: 'turn', path: '/a'}], 400, 'unexpected kind of operation: turn'],
  ['an operation without a path', [{op: 'add'}], 400, 'an operation of a JSON patch needs a path'],
  ['no operation', [null], 400, 'an operation of a JSON patch needs a path'],
  ['no list', {op: 'add'}, 400, 'a JSON patch is a list of operations'],
])('JSON patch refuses %s', (_, patch, code, message) => {
  const refused = () => jsonPatch({a: 1, list: []}, patch);
  expect(refused).toThrow(expect.objectContaining({code}));
  expect(refused).toThrow(message);
});

test('patches are played by their content type', () => {
  const live = {list: [1, 2]};
  expect(applyPatch(live, [{op: 'add', path: '/list/-', value: 3}], 'application/json-patch+json')).toEqual({
    list: [1, 2, 3],
  });
  expect(applyPatch(live, {list: null}, 'application/merge-patch+json')).toEqual({});
  expect(live).toEqual({list: [1, 2]});
});

test('an unknown kind of patch is refused', () => {
  expect(() => applyPatch({}, {}, 'text/plain')).toThrow(expect.objectContaining({code: 415}));
});
