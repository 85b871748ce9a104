import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {givenBack} from '../../../../src/actions/fields/owners.ts';
import type {JsonObject} from '../../../../src/io/json.ts';

const entry = (manager: string, fieldsV1: JsonObject, more: JsonObject = {}): JsonObject => ({
  manager,
  operation: 'Update',
  apiVersion: 'v1',
  time: '2026-01-01T00:00:00Z',
  fieldsType: 'FieldsV1',
  fieldsV1,
  ...more,
});
const mode = {'f:data': {'f:mode': {}}};
const applied = {operation: 'Apply'};

describe('giving fields back', () => {
  test('an owner that has lost all of them is there again, as it was', () => {
    const before = [entry('gitops', mode, applied)];
    expect(givenBack(before, [entry('kubedrill', mode)], {drop: true})).toEqual(before);
  });

  test('an owner that has lost some gets them beside the others', () => {
    const all = {'f:data': {'.': {}, 'f:level': {}, 'f:mode': {}}};
    const now = [entry('web', {'f:data': {'.': {}, 'f:level': {}}}), entry('kubedrill', mode)];
    expect(givenBack([entry('web', all)], now, {drop: true})).toEqual([entry('web', all)]);
  });

  test('two owners of one field have it both', () => {
    const before = [entry('one', mode, applied), entry('two', mode, applied)];
    expect(givenBack(before, [entry('kubedrill', mode)], {drop: true})).toEqual(before);
  });

  test('what somebody else has taken meanwhile stays theirs', () => {
    const before = [entry('gitops', mode, applied)];
    expect(givenBack(before, [entry('other', mode)], {drop: true})).toBeUndefined();
  });

  test('what nobody owns any more, as replicas once they are scaled to 0, is again whose it was, where it is there', () => {
    const replicas = {'f:replicas': {}};
    const before = [entry('flux', {'f:spec': {...replicas, 'f:paused': {}}}, applied)];
    const now = [entry('flux', {'f:spec': {'f:paused': {}}}, applied)];
    const live = {spec: {replicas: 0, paused: true}};
    expect(givenBack(before, now, {drop: true, live})).toEqual(before);
    expect(givenBack(before, [], {drop: true, live: {spec: {replicas: 0}}})).toEqual([
      entry('flux', {'f:spec': replicas}, applied),
    ]);
    expect(givenBack(before, now, {drop: true, live: {spec: {paused: true}}})).toBeUndefined();
    const later = {...applied, time: '2026-01-01T00:00:05Z'};
    expect(givenBack(before, [entry('flux', {'f:spec': {'f:paused': {}}}, later)], {drop: true, live})).toBeUndefined();
  });

  test('what the drill had before stays its own', () => {
    const before = [entry('kubedrill', mode)];
    expect(givenBack(before, before, {drop: true})).toBeUndefined();
  });

  test('what belonged to nobody is dropped, or stays', () => {
    const now = [entry('kubedrill', {'f:data': {'f:mode': {}, 'f:new': {}}})];
    expect(givenBack([], now, {drop: true})).toEqual([]);
    expect(givenBack([], now, {drop: false})).toBeUndefined();
    const owner = entry('gitops', mode, applied);
    expect(givenBack([owner], now, {drop: false})).toEqual([entry('kubedrill', {'f:data': {'f:new': {}}}), owner]);
  });

  test('nothing is added to what an owner has applied in another version meanwhile', () => {
    const before = [entry('gitops', mode, applied)];
    const now = [entry('gitops', {'f:data': {'f:x': {}}}, {...applied, apiVersion: 'v2'}), entry('kubedrill', mode)];
    expect(givenBack(before, now, {drop: true})).toEqual([now[0]]);
  });

  test('an item of a list, and what it is of a set, keep their notation', () => {
    const item = {'f:spec': {'f:containers': {'k:{"name":"a"}': {'.': {}, 'f:image': {}, 'f:name': {}}}}};
    const set = {'f:metadata': {'f:finalizers': {'.': {}, 'v:"x"': {}}}};
    const before = [entry('one', item), entry('two', set)];
    const now = [entry('kubedrill', {...item, ...set})];
    expect(givenBack(before, now, {drop: true})).toEqual(before);
  });
});

/** Sets of fields, as trees. */
const tree: fc.Arbitrary<JsonObject> = fc.letrec<{node: JsonObject}>((tie) => ({
  node: fc
    .dictionary(
      fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'v:1'),
      fc.oneof({maxDepth: 3}, fc.constant({}), tie('node')),
      {
        noNullPrototype: true,
        maxKeys: 3,
      },
    )
    .chain((node) => fc.boolean().map((dot) => (dot && Object.keys(node).length > 0 ? {...node, '.': {}} : node))),
})).node;

const count = (node: JsonObject): number =>
  Object.values(node).reduce<number>((sum, below) => sum + 1 + count(below as JsonObject), 0);

test('whatever the drill takes, each owner has what it had, and the drill nothing', () => {
  fc.assert(
    fc.property(fc.array(tree, {maxLength: 3}), tree, (sets, mine) => {
      const before = sets
        .map((set, index) => entry(`m${index}`, set))
        .filter(({fieldsV1}) => count(fieldsV1 as JsonObject) > 0);
      const taken = before.map((one) => ({...one, manager: 'kubedrill', subresource: one.manager ?? ''}));
      const after = givenBack(before, [entry('kubedrill', mine), ...taken], {drop: true});
      expect(normal(after ?? [])).toEqual(normal(before));
    }),
  );
});

/** Without the members `.` that say nothing. */
function normal(entries: readonly JsonObject[]): unknown {
  const plain = (node: JsonObject): JsonObject => {
    const members = Object.entries(node).map(([name, below]) => [name, plain(below as JsonObject)] as const);
    const isAlone = members.every(([name]) => name === '.');
    return Object.fromEntries(isAlone ? [] : members.toSorted(([one], [other]) => (one < other ? -1 : 1)));
  };
  return entries
    .map(({manager, fieldsV1}) => {
      const {'.': _root, ...fields} = fieldsV1 as JsonObject;
      return {manager, fields: plain(fields)};
    })
    .filter(({fields}) => Object.keys(fields).length > 0)
    .toSorted((one, other) => (String(one.manager) < String(other.manager) ? -1 : 1));
}
