import {join} from 'node:path';
import {expect, test} from 'vitest';
import {loadScenarios, resolveScenario, resolveVars, unsupported} from '../../../src/scenario/index.ts';
import {chunks, scenarioOf, scenarioText} from '../../support/scenario.ts';

test('what cannot be played yet is named with its place', async () => {
  const file = join(import.meta.dirname, '../../fixtures/scenarios/valid-everything.yaml');
  const {scenarios} = await loadScenarios([file], {cwd: import.meta.dirname, stdin: chunks()});
  const [scenario] = scenarios;
  if (!scenario) throw new Error('the fixture is not valid');
  const {values} = resolveVars(scenario, {cli: {}, files: [], env: {}});
  expect(unsupported(resolveScenario(scenario, values, {})).map(({path}) => path)).toEqual([
    'spec.requires',
    'spec.recoveryPoint',
    'spec.probes[1].from',
    'spec.objectives[3].restoreTime',
    'spec.objectives[5].backupAge',
  ]);
});

test('a scenario of this version has nothing of it', async () => {
  expect(unsupported(resolveScenario(await scenarioOf(scenarioText()), {}, {}))).toEqual([]);
});
