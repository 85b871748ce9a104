import {expect, test} from 'vitest';
import {defaultConfig} from '../../../../src/drill/config/config.ts';
import {guardCommands} from '../../../../src/drill/guards/commands.ts';
import type {Scope} from '../../../../src/drill/session.ts';
import {resolveScenario, type Spec} from '../../../../src/scenario/index.ts';
import {scenarioOf, scenarioText} from '../../../support/scenario.ts';

const scope: Scope = {vars: {}, env: {}, run: {}, cluster: {}, steps: {}};

async function specOf(more: string): Promise<Spec> {
  const file = await scenarioOf(scenarioText(`target: {environments: [practice, staging], maxTargets: 1}\n${more}`));
  return resolveScenario(file, {}, {}).spec;
}

const asked = (spec: Spec, name = 'staging', allowCommands: string[][] = []) =>
  guardCommands({spec, scope, steps: [], config: {...defaultConfig, allowCommands}, environment: {name}});

const everywhere = `
canaries: [{name: orders, uses: command, every: 1s, with: {write: [store, "{number}"], read: [list], remove: [wipe]}}]
probes: [{name: web, from: runner, uses: command, every: 1s, with: {argv: [look], controlArgv: [look, nowhere]}}]
effect: {prove: {uses: command, with: {argv: [prove]}, expect: exitCode == 0}}
recover: [{within: 1m, waitFor: {uses: command, with: {argv: [wait, "\${{ steps.kill.outputs.names[0] }}"]}}}]
`;

test('outside practice and ephemeral clusters each program needs the config, whatever starts it', async () => {
  const spec = await specOf(everywhere);
  expect(asked(spec, 'practice')).toEqual([]);
  expect(asked(spec, 'ephemeral')).toEqual([]);
  const hints = asked(spec).map(({hint = ''}) => hint.replace(/.*allowCommands: /, ''));
  expect(hints).toEqual([
    '[["store","{number}"]]',
    '[["list"]]',
    '[["wipe"]]',
    '[["look"]]',
    '[["look","nowhere"]]',
    '[["prove"]]',
    `[["wait","\${{ steps.kill.outputs.names[0] }}"]]`,
  ]);
  const allowed = asked(spec, 'staging', [['look'], ['look', 'nowhere'], ['prove'], ['list'], ['wipe']]);
  expect(allowed.map(({message}) => message.replace(/:.*/, ''))).toEqual(['the canary orders', 'a waitFor']);
});
