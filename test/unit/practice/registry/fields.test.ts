import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {JsonObject} from '../../../../src/io/json.ts';
import {
  fieldsOf,
  fromFieldsV1,
  overlay,
  printPath,
  removeField,
  toFieldsV1,
} from '../../../../src/practice/registry/fields.ts';

const object: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name: 'p', labels: {a: 'b'}, finalizers: ['x']},
  spec: {containers: [{name: 'c', image: 'i', args: ['1', '2']}]},
};

test('the fields of an object, without its identity', () => {
  expect([...fieldsOf(object).keys()].map(printPath).sort()).toEqual([
    '.metadata.finalizers[="x"]',
    '.metadata.labels.a',
    '.spec.containers[name="c"]',
    '.spec.containers[name="c"].args',
    '.spec.containers[name="c"].image',
    '.spec.containers[name="c"].name',
  ]);
});

test('a set survives the way through fieldsV1', () => {
  const keys = new Set(fieldsOf(object).keys());
  expect(fromFieldsV1(toFieldsV1(keys))).toEqual(keys);
});

test('any object of plain maps survives it too', () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
  const maps = fc.dictionary(fc.string({minLength: 1}), fc.oneof(leaf, fc.dictionary(fc.string({minLength: 1}), leaf)));
  fc.assert(
    fc.property(maps, (data) => {
      const keys = new Set(fieldsOf({data}).keys());
      expect(fromFieldsV1(toFieldsV1(keys))).toEqual(keys);
    }),
  );
});

test('an overlay merges keyed lists and replaces the others; a field can be taken away', () => {
  const merged = overlay(object, {spec: {containers: [{name: 'c', args: ['3']}, {name: 'd'}]}}) as JsonObject;
  expect(merged.spec).toEqual({containers: [{name: 'c', image: 'i', args: ['3']}, {name: 'd'}]});
  const copy = structuredClone(merged);
  removeField(copy, JSON.stringify(['f:spec', 'f:containers', 'k:{"name":"d"}', '.']));
  removeField(copy, JSON.stringify(['f:metadata', 'f:labels', 'f:a']));
  expect(copy).toMatchObject({metadata: {labels: {}}, spec: {containers: [{name: 'c'}]}});
  expect((copy.spec as {containers: unknown[]}).containers).toHaveLength(1);
});
