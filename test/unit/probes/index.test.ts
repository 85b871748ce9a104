import {describe, expect, it} from 'vitest';
import * as z from 'zod';
import {probeOf, probes} from '../../../src/probes/index.ts';
import {compileExpect} from '../../../src/scenario/expressions/cel.ts';

describe.each(Object.entries(probes))('probe %s', (kind, definition) => {
  it('bears the name it is registered under, and says what it is', () => {
    expect(definition.kind).toBe(kind);
    expect(definition.summary).toMatch(/^[A-Z].*\.$/);
    expect(definition.from.length).toBeGreaterThan(0);
    expect(Object.keys(definition.observes).length).toBeGreaterThan(0);
  });

  it('takes no key that it does not know', () => {
    const {error} = definition.input.safeParse({noSuchKey: 1});
    expect(error?.issues.map(({code}) => code)).toContain('unrecognized_keys');
  });

  it('describes each of its fields', () => {
    const schema = z.toJSONSchema(definition.input, {io: 'input', target: 'draft-7'});
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      expect(field, name).toHaveProperty('description');
    }
  });

  it('has an expect of its own that speaks of what it observes', () => {
    const {outcome, detail} = compileExpect(definition.defaultExpect)({});
    const unknown = Object.keys(definition.observes).map((name) => `unknown variable: ${name}`);
    expect(outcome === 'true' || unknown.includes(detail ?? ''), detail).toBe(true);
  });

  it('has a control', () => {
    expect(definition.control).toBeTypeOf('function');
  });
});

describe('probeOf', () => {
  it('refuses an unknown kind with those that exist', () => {
    expect(() => probeOf('htp')).toThrow(/known: http, tcp, dns/);
    expect(() => probeOf('constructor')).toThrow(/there is no probe/);
  });
});
