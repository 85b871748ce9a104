import {describe, expect, it} from 'vitest';
import {ExitCode} from '../../src/io/errors.ts';
import {renderDiagnostics} from '../../src/scenario/index.ts';
import {scenarioOf} from '../support/sabotage.ts';
import {named, theme} from '../support/sabotage-suite.ts';
import {loadText} from '../support/scenario.ts';
import {files} from './cases/files.ts';

const {compare} = theme('the file');

describe('the file', () => {
  it.each(named(files))('%s', async (_, {name, scenario, because}) => {
    const {scenarios, diagnostics} = await loadText(scenarioOf(scenario));
    expect(scenarios).toEqual([]);
    const outcome = {
      verdict: 'no run',
      exitCode: ExitCode.usage,
      cleanup: 'clean',
      sentence: '',
      reasons: [renderDiagnostics(diagnostics)],
    } as const;
    compare({name, verdict: 'no run', exitCode: 2, because}, outcome);
  });
});
