import {describe, expect, test} from 'vitest';
import {applyJsonPatch, applyMergePatch} from '../../../../src/actions/fields/json-patch.ts';
import type {Json, JsonObject} from '../../../../src/io/json.ts';

/** Examples of RFC 6902, appendix A, and what Kubernetes users write. */
const cases: [JsonObject, Json[], JsonObject][] = [
  [{foo: 'bar'}, [{op: 'add', path: '/baz', value: 'qux'}], {baz: 'qux', foo: 'bar'}],
  [{foo: ['bar', 'baz']}, [{op: 'add', path: '/foo/1', value: 'qux'}], {foo: ['bar', 'qux', 'baz']}],
  [{foo: ['bar']}, [{op: 'add', path: '/foo/-', value: ['abc']}], {foo: ['bar', ['abc']]}],
  [{baz: 'qux', foo: 'bar'}, [{op: 'remove', path: '/baz'}], {foo: 'bar'}],
  [{foo: ['bar', 'qux', 'baz']}, [{op: 'remove', path: '/foo/1'}], {foo: ['bar', 'baz']}],
  [{baz: 'qux'}, [{op: 'replace', path: '/baz', value: 'boo'}], {baz: 'boo'}],
  [{foo: {bar: 1}, qux: {}}, [{op: 'move', from: '/foo/bar', path: '/qux/thud'}], {foo: {}, qux: {thud: 1}}],
  [{foo: ['all', 'grass', 'eat']}, [{op: 'move', from: '/foo/1', path: '/foo/2'}], {foo: ['all', 'eat', 'grass']}],
  [{a: {b: 1}}, [{op: 'copy', from: '/a', path: '/c'}], {a: {b: 1}, c: {b: 1}}],
  [
    {'a/b': 1, 'm~n': 2},
    [
      {op: 'replace', path: '/a~1b', value: 3},
      {op: 'remove', path: '/m~0n'},
    ],
    {'a/b': 3},
  ],
  [
    {a: [{b: 1}]},
    [
      {op: 'test', path: '/a/0/b', value: 1},
      {op: 'add', path: '/a/0/c', value: null},
    ],
    {a: [{b: 1, c: null}]},
  ],
];

test.each(cases)('%j with %j', (target, patch, expected) => {
  const original = structuredClone(target);
  expect(applyJsonPatch(target, patch)).toEqual(expected);
  expect(target).toEqual(original);
});

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
  ];
  test.each(refused)('%s', (message, patch) => {
    expect(() => applyJsonPatch({foo: 'bar', list: [1]}, patch)).toThrow(message);
  });
});

/** Examples of RFC 7386, appendix A. */
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
