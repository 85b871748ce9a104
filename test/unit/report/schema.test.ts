import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import * as z from 'zod';
import {reportJsonSchema, reportSchema} from '../../../src/report/schema/index.ts';

const runs = join(import.meta.dirname, '../../fixtures/runs');
const published = JSON.parse(readFileSync(join(import.meta.dirname, '../../../schema/report.v1.json'), 'utf8'));
const reports = readdirSync(runs).map((name) => ({
  name,
  report: JSON.parse(readFileSync(join(runs, name, 'report.json'), 'utf8')),
}));

test('the published schema is the one of this version', () => {
  expect(published).toEqual(reportJsonSchema());
});

describe.each(reports)('report.json of $name', ({report}) => {
  test('follows the schema of the source', () => {
    expect(reportSchema.safeParse(report)).toMatchObject({success: true});
  });

  test('follows the published JSON Schema, which knows every member', () => {
    const schema = z.fromJSONSchema(published);
    expect(schema.safeParse(report)).toMatchObject({success: true});
    expect(schema.safeParse({...report, surprise: 1}).success).toBe(false);
    expect(schema.safeParse({...report, verdict: {...report.verdict, verdict: 'fine'}}).success).toBe(false);
    const {damage: _damage, ...without} = report;
    expect(schema.safeParse(without).success).toBe(false);
  });
});
