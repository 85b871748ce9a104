import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {differences, overwritten, putBack, stateOf, touchedBy} from '../../../../src/actions/fields/touched.ts';
import type {Json, JsonObject} from '../../../../src/io/json.ts';
import {applyMergePatch} from '../../../../src/io/merge-patch.ts';

describe('touchedBy', () => {
  test('names the leaves of a manifest that are otherwise, lists as one', () => {
    const live = {metadata: {uid: 'u', labels: {a: '1'}}, spec: {replicas: 2, args: ['x'], same: true}};
    const manifest = {
      apiVersion: 'v1',
      kind: 'K',
      metadata: {name: 'n', labels: {a: '1', b: '2'}},
      spec: {replicas: 3, args: ['x', 'y'], same: true},
      status: {ignored: true},
    };
    expect(touchedBy(manifest, live)).toEqual([
      {path: ['metadata', 'labels', 'b'], after: '2'},
      {path: ['spec', 'replicas'], before: 2, after: 3},
      {path: ['spec', 'args'], before: ['x'], after: ['x', 'y']},
    ]);
  });

  test('a shorter list is a change although the longer one holds it', () => {
    const live = {spec: {tolerations: [{key: 'a'}, {key: 'b'}]}};
    expect(touchedBy({spec: {tolerations: [{key: 'a'}]}}, live)).toHaveLength(1);
    const named = {spec: {containers: [{name: 'a'}, {name: 'b'}]}};
    expect(touchedBy({spec: {containers: [{name: 'a'}]}}, named)).toHaveLength(1);
  });
});

describe('differences', () => {
  test('a map that comes or goes is taken entry by entry', () => {
    const fields = differences({spec: {}}, {spec: {labels: {a: '1', b: '2'}}});
    expect(fields.map(({path}) => path.join('.'))).toEqual(['spec.labels.a', 'spec.labels.b']);
    expect(differences({spec: {x: {a: 1}}}, {spec: {}})).toEqual([{path: ['spec', 'x', 'a'], before: 1}]);
  });

  test('what the API server keeps for itself does not count', () => {
    expect(differences({metadata: {uid: '1', resourceVersion: '1'}}, {metadata: {uid: '2'}})).toEqual([]);
  });
});

describe('stateOf', () => {
  const fields = [
    {path: ['a'], before: 1, after: 2},
    {path: ['b'], after: 'new'},
    {path: ['c'], before: 'old'},
  ];
  test.each([
    [{a: 1, c: 'old'}, 'original'],
    [{a: 2, b: 'new'}, 'ours'],
    [{a: 2, c: 'old'}, 'ours'],
    [{a: 3, b: 'new'}, 'foreign'],
    [{a: 1, c: 'other'}, 'foreign'],
  ])('%j is %s', (live, state) => {
    expect(stateOf(live as JsonObject, fields).state).toBe(state);
  });

  test('only what is ours is put back; what was absent becomes absent', () => {
    const state = stateOf({a: 2, b: 'new', c: 'old'}, fields);
    const live = {a: 2, b: 'new', c: 'old'};
    expect(state.state === 'ours' && putBack(state.fields, live)).toEqual({a: 1, b: null});
  });
});

test('a merge patch with the original values takes any merge patch back', () => {
  const value = fc.letrec<{node: Json}>((tie) => ({
    node: fc.oneof(
      {maxDepth: 3},
      fc.integer(),
      fc.string(),
      fc.array(fc.integer(), {maxLength: 3}),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('node'), {noNullPrototype: true}),
    ),
  })).node;
  const object = fc.dictionary(fc.constantFrom('x', 'y', 'z'), value, {noNullPrototype: true});
  fc.assert(
    fc.property(object, object, (before, patch) => {
      const after = applyMergePatch(before as JsonObject, patch as Json) as JsonObject;
      const fields = differences(before as JsonObject, after);
      const state = stateOf(after, fields);
      expect(state.state).not.toBe('foreign');
      const undone = state.state === 'ours' ? applyMergePatch(after, putBack(state.fields, after)) : after;
      expect(undone).toEqual(before);
    }),
  );
});

test('a map that came with our fields stays when somebody else uses it by now', () => {
  const fields = differences({}, {spec: {affinity: {node: {a: 1}}}});
  expect(putBack(fields, {spec: {affinity: {node: {a: 1}}}})).toEqual({spec: null});
  expect(putBack(fields, {spec: {affinity: {node: {a: 1}, pod: 1}}})).toEqual({spec: {affinity: {node: null}}});
});

test('overwritten tells what somebody else put over what was written, and lets defaults and missing fields be', () => {
  const manifest = {spec: {a: 1, b: 'x', volumes: [{name: 'ours'}]}};
  const live = {spec: {a: 2, volumes: [{name: 'token'}, {name: 'ours', emptyDir: {}}], c: 3}};
  expect(overwritten(manifest, live).map(({path}) => path.join('.'))).toEqual(['spec.a']);
});
