import {describe, expect, test} from 'vitest';
import {actions} from '../../../../src/actions/index.ts';
import {UsageError} from '../../../../src/io/errors.ts';
import {probes} from '../../../../src/probes/index.ts';
import {fieldsOf} from '../../../../src/scenario/docs/field-docs.ts';
import {explainField} from '../../../../src/scenario/index.ts';
import {scenarioSchema} from '../../../../src/scenario/schema/scenario.ts';

describe('explainField', () => {
  test.each([
    ['spec.probes.every', /^spec\.probes\.every: duration, required\nTime from one sample/],
    ['spec.probes[0].every', /duration, required/],
    ['spec.services.shop.up', /list of text, required/],
    ['spec.vars.rto.default', /text \| number \| true \| false/],
    ['spec.verify.stableFor', /duration, default 15s/],
    ['spec.inject.parallel.uses', /Kind of action/],
    ['spec', /FIELDS\n {2}type {2}disaster \| redundancy/],
    ['pod/delete', /^pod\/delete: [\s\S]*OUTPUTS[\s\S]*EXAMPLES\n {2}\{uses: pod\/delete, with: \{/],
    ['http', /OBSERVES[\s\S]*status/],
    ['actions', /pod\/delete/],
    ['probes', /kubernetes\/object/],
  ])('%s', (topic, text) => {
    expect(explainField(topic)).toMatch(text);
  });

  test.each([
    ['spec.prbes', 'Did you mean "spec.probes"?'],
    ['spec.probes.evry', 'Did you mean "spec.probes.every"?'],
    ['pod/delte', 'Did you mean "pod/delete"?'],
    ['nothing-like-it', 'Known: apiVersion'],
  ])('%s is no topic', (topic, hint) => {
    try {
      explainField(topic);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      expect((error as UsageError).hint).toContain(hint);
    }
  });
});

test('every field of the format, of every action and of every probe is described', () => {
  const bare: string[] = [];
  const visit = (path: string, fields: ReturnType<typeof fieldsOf>): void => {
    for (const {name, description, schema} of fields) {
      if (description === '') bare.push(`${path}.${name}`);
      visit(`${path}.${name}`, fieldsOf(schema));
    }
  };
  visit('scenario', fieldsOf(scenarioSchema));
  for (const {kind, input} of Object.values(actions)) visit(kind, fieldsOf(input));
  for (const {kind, input} of Object.values(probes)) visit(kind, fieldsOf(input));
  expect(bare).toEqual([]);
});
