import {describe, expect, test} from 'vitest';
import {foreseeJsonPatch} from '../../../../src/actions/fields/json-patch.ts';
import type {Json} from '../../../../src/io/json.ts';

describe('a patch that does not fit names its operation', () => {
  const refused: [string, Json[]][] = [
    ['operation 1 of the patch names /none, which is not there', [{op: 'remove', path: '/none'}]],
    [
      'operation 2',
      [
        {op: 'add', path: '/a', value: 1},
        {op: 'replace', path: '/b/c', value: 1},
      ],
    ],
    ['tests /foo', [{op: 'test', path: '/foo', value: 'other'}]],
    ['unknown op "merge"', [{op: 'merge', path: '/foo', value: 1}]],
    ['has no path', [{op: 'add', value: 1}]],
    ['is no object', ['add']],
    ['names /list/7', [{op: 'add', path: '/list/7', value: 1}]],
    ['names /list/x', [{op: 'add', path: '/list/x', value: 1}]],
    ['names /__proto__', [{op: 'remove', path: '/__proto__'}]],
    ['names /list/0/x', [{op: 'add', path: '/list/0/x', value: 1}]],
    [
      'operation 2 of the patch has no path',
      [
        {op: 'test', path: '/foo', value: 'bar'},
        {op: 'replace', path: '', value: {}},
      ],
    ],
    ['operation 1 of the patch has no path', [{op: 'copy', from: '', path: '/all'}]],
  ];
  test.each(refused)('%s', (message, patch) => {
    expect(() => foreseeJsonPatch({foo: 'bar', list: [1]}, patch)).toThrow(message);
  });
});
