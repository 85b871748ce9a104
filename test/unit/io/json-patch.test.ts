import specification from 'json-patch-test-suite/spec_tests.json' with {type: 'json'};
import others from 'json-patch-test-suite/tests.json' with {type: 'json'};
import {describe, expect, test} from 'vitest';
import type {Json} from '../../../src/io/json.ts';
import {applyJsonPatch} from '../../../src/io/json-patch.ts';

interface Case {
  comment?: string;
  doc: Json;
  patch: Json[];
  expected?: Json;
  error?: string;
  disabled?: boolean;
}

/** The one point where the API server is more lenient than the RFC: a missing value is null. */
const lenient = /missing 'value'|null is not valid value for 'value'/;

const cases = ([...specification, ...others] as Case[])
  .filter(({disabled, error = ''}) => !disabled && !lenient.test(error))
  .map((each) => ({name: each.comment ?? JSON.stringify(each.patch), ...each}));

describe('the conformance suite of RFC 6902', () => {
  test.each(cases)('$name', ({doc, patch, expected, error}) => {
    const original = structuredClone(doc);
    if (error === undefined) expect(applyJsonPatch(doc, patch)).toEqual(expected ?? original);
    else expect(() => applyJsonPatch(doc, patch)).toThrow(expect.objectContaining({name: 'JsonPatchError'}));
    expect(doc).toEqual(original);
  });
});

const refused: [string, Json, Json[]][] = [
  ['absent /list/-', {list: [1]}, [{op: 'replace', path: '/list/-', value: 2}]],
  ['absent /list/length', {list: [1]}, [{op: 'remove', path: '/list/length'}]],
  ['no index /list/9', {list: [1], a: 1}, [{op: 'copy', from: '/a', path: '/list/9'}]],
  ['no index /list/x', {list: [1], a: 1}, [{op: 'move', from: '/a', path: '/list/x'}]],
  ['absent /none', {}, [{op: 'test', path: '/none'}]],
  ['absent /toString', {}, [{op: 'remove', path: '/toString'}]],
  ['absent /n/x', {n: 3}, [{op: 'add', path: '/n/x', value: 1}]],
  ['absent /__proto__/polluted', {}, [{op: 'add', path: '/__proto__/polluted', value: 1}]],
  ['absent /a/b', {a: {c: 1}}, [{op: 'move', from: '/a', path: '/a/b'}]],
];
test.each(refused)('refused: %s', (message, document, patch) => {
  expect(() => applyJsonPatch(document, patch)).toThrow(message);
});

const played: [string, Json, Json[], Json][] = [
  [
    'the target of a move is looked up after the removal',
    {list: [{a: 1}, {b: 1}, {c: 1}]},
    [{op: 'move', from: '/list/0', path: '/list/1/x'}],
    {list: [{b: 1}, {c: 1, x: {a: 1}}]},
  ],
  ['constructor is a name', {constructor: {x: 1}}, [{op: 'remove', path: '/constructor/x'}], {constructor: {}}],
  ['a missing value is null', {}, [{op: 'add', path: '/a'}], {a: null}],
  ['the whole document', {a: 1}, [{op: 'replace', path: '', value: {b: 1}}], {b: 1}],
  [
    'a copy is a copy',
    {a: {b: 1}},
    [
      {op: 'copy', from: '/a', path: '/c'},
      {op: 'replace', path: '/c/b', value: 2},
    ],
    {a: {b: 1}, c: {b: 2}},
  ],
];
test.each(played)('%s', (_, document, patch, expected) => {
  expect(applyJsonPatch(document, patch)).toEqual(expected);
});

test('__proto__ is a name like any other', () => {
  const patched = applyJsonPatch({}, [{op: 'add', path: '/__proto__', value: {polluted: true}}]);
  expect(JSON.stringify(patched)).toBe('{"__proto__":{"polluted":true}}');
  expect(patched).not.toHaveProperty('polluted');
});
