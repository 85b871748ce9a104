import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {loadScenarios, renderDiagnostics} from '../../../src/scenario/index.ts';

const folder = join(import.meta.dirname, '../../fixtures/scenarios');
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const load = (...files: string[]) => loadScenarios(files, {cwd: folder, stdin: (async function* () {})()});

describe('fixtures', () => {
  test.each(fixtures.filter((name) => name.startsWith('valid-')))('%s has no problem', async (name) => {
    const {scenarios, diagnostics} = await load(name);
    expect(renderDiagnostics(diagnostics)).toBe('');
    expect(scenarios.length).toBeGreaterThan(0);
  });

  test.each(fixtures.filter((name) => name.startsWith('invalid-')))('%s: every problem at its place', async (name) => {
    const {scenarios, diagnostics} = await load(name);
    expect(scenarios).toEqual([]);
    await expect(renderDiagnostics(diagnostics)).toMatchFileSnapshot(join(folder, name.replace('.yaml', '.txt')));
  });

  test('the scenarios that ship are valid', async () => {
    const {scenarios, diagnostics} = await load('../../../scenarios');
    expect(renderDiagnostics(diagnostics)).toBe('');
    const names = scenarios.map(({scenario}) => scenario.metadata.name);
    expect(names).toEqual(expect.arrayContaining(['kill-coredns', 'kill-one-coredns-pod', 'scale-to-zero']));
  });
});
