import {describe, expect, test} from 'vitest';
import * as z from 'zod';
import {durationField, namespaceField} from '../../../src/io/fields.ts';

describe('durations', () => {
  test('are Go texts in files and milliseconds in the program', () => {
    expect(durationField().parse('1m30s')).toBe(90_000);
  });

  test.each(['1 minute', '', '-1s', '600h', 30])('%j is none', (text) => {
    expect(durationField().safeParse(text)).toMatchObject({success: false});
  });

  test('say so in words', () => {
    const {error} = durationField().safeParse('5 min');
    expect(error?.issues[0]?.message).toBe(
      '"5 min" is no duration shorter than 24 days; write it as 500ms, 30s or 1m30s',
    );
  });

  test('are strings in the JSON Schema', () => {
    expect(z.toJSONSchema(durationField(), {io: 'input', target: 'draft-7'})).toMatchObject({type: 'string'});
  });
});

test.each([
  ['kube-system', true],
  ['a', true],
  ['Shop', false],
  ['-a', false],
  ['a'.repeat(64), false],
])('namespace %s: %s', (name, ok) => {
  expect(namespaceField().safeParse(name).success).toBe(ok);
});
