import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {actions} from '../../../../src/actions/index.ts';
import {isJsonObject, type Json, type JsonObject} from '../../../../src/io/json.ts';
import {probes} from '../../../../src/probes/index.ts';
import {scenarioJsonSchema} from '../../../../src/scenario/docs/json-schema.ts';

const schema = scenarioJsonSchema();

/** Follows keys into a schema. */
function at(...keys: (string | number)[]): Json | undefined {
  return keys.reduce<Json | undefined>((value, key) => (value as JsonObject | undefined)?.[key], schema);
}
const spec = ['properties', 'spec', 'properties'] as const;
const kindsAt = (definition: string) =>
  (at('definitions', definition, 'allOf') as JsonObject[]).map(
    (entry) => ((entry.if as JsonObject).properties as {uses: {const: string}}).uses.const,
  );

test('is the file that ships', async () => {
  const file = await readFile(join(import.meta.dirname, '../../../../schema/scenario.v1.json'), 'utf8');
  expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(schema)));
});

test('knows what each kind takes', () => {
  expect(kindsAt('actionInput')).toEqual(Object.keys(actions));
  expect(kindsAt('probeInput')).toEqual(Object.keys(probes));
  expect(at(...spec, 'inject', 'items', 'properties', 'uses', 'enum')).toEqual(Object.keys(actions));
});

test('values take an expression, the structure does not', () => {
  const expression = {type: 'string', pattern: String.raw`\$\{\{`};
  const target = [...spec, 'target', 'properties'];
  expect(at(...target, 'maxTargets', 'anyOf')).toContainEqual(expression);
  expect(at(...spec, 'objectives', 'items', 'properties', 'availability', 'anyOf')).toContainEqual(expression);
  expect(at(...spec, 'probes', 'items', 'properties', 'from')).toMatchObject({enum: ['runner', 'cluster', 'node']});
  expect(at(...spec, 'type')).not.toHaveProperty('anyOf');
});

test('holds no mark of ours, and every reference leads somewhere', () => {
  const visit = (value: Json | undefined): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isJsonObject(value)) return;
    expect(Object.keys(value)).not.toContain('structural');
    expect(Object.keys(value)).not.toContain('cel');
    if (typeof value.$ref === 'string') expect(at(...value.$ref.split('/').slice(1))).toBeDefined();
    Object.values(value).forEach(visit);
  };
  visit(schema);
});
