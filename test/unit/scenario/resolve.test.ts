// biome-ignore-all lint/suspicious/noTemplateCurlyInString: such texts are what is tested
import {describe, expect, test} from 'vitest';
import * as z from 'zod';
import {durationField} from '../../../src/io/fields.ts';
import {parseInput, resolveLate, resolveScenario, type ScenarioError} from '../../../src/scenario/index.ts';
import {loadText, scenarioOf, scenarioText} from '../../support/scenario.ts';

const source = scenarioText(`vars:
  every: {type: duration, default: 250ms}
  count: {type: integer, default: 2}
  made: {type: boolean, default: true}
target: {environments: [practice], maxTargets: "\${{ vars.count * 2 }}"}
prepare:
  - {id: app, if: "vars.made && env.MODE == 'on'", uses: object/apply, with: {inline: {apiVersion: v1, kind: ConfigMap, metadata: {name: "\${{ env.NAME }}-\${{ vars.count }}-\${{ run.label }}"}}}}
probes: [{name: web, uses: tcp, from: runner, every: "\${{ vars.every }}", with: {address: "localhost:\${{ vars.count }}"}}]
inject: [{id: kill, uses: pod/delete, with: {selector: app=web, count: "\${{ vars.count }}"}}]`);
const vars = {every: '250ms', count: 2, made: true};
const env = {MODE: 'on', NAME: 'cm', OTHER: 'x'};

test('vars and env are replaced, the rest waits for the run', async () => {
  const {spec, env: used} = resolveScenario(await scenarioOf(source), vars, env);
  expect(spec.probes?.[0]).toMatchObject({every: 250, with: {address: 'localhost:2'}});
  expect(spec.target.maxTargets).toBe(4);
  expect(spec.inject?.[0]?.with).toEqual({selector: 'app=web', count: 2});
  expect(spec.prepare?.[0]?.if).toBe('true');
  expect(spec.prepare?.[0]?.with).toMatchObject({inline: {metadata: {name: 'cm-2-${{ run.label }}'}}});
  expect(used).toEqual({MODE: 'on', NAME: 'cm'});
});

test('defaults are filled in', async () => {
  const {spec} = resolveScenario(await scenarioOf(scenarioText()), {}, {});
  expect(spec).toMatchObject({
    steady: {for: 10_000},
    effect: {within: 30_000},
    verify: {within: 60_000, stableFor: 15_000, checks: []},
    services: {web: {by: 'inject', okRatio: 1}},
  });
});

test.each([
  [{...vars, every: '10ms'}, env, 'every 10ms is shorter than 20ms', 'spec.probes[0].every'],
  [
    {...vars, count: 0},
    env,
    'spec.target.maxTargets: must be at least 1, found the number 0',
    'spec.target.maxTargets',
  ],
  [vars, {MODE: 'on'}, '${{ env.NAME }}: no such key: NAME', 'spec.prepare[0].with.inline.metadata.name'],
  [vars, {NAME: 'x'}, 'if: no such key: MODE', 'spec.prepare[0].if'],
])('what a value makes wrong is found at its place: %j', async (given, variables, message, path) => {
  const file = await scenarioOf(source);
  try {
    resolveScenario(file, given, variables);
    expect.unreachable();
  } catch (error) {
    const {diagnostics} = error as ScenarioError;
    expect(diagnostics.map((each) => [each.message, each.path])).toContainEqual([message, path]);
    expect(diagnostics[0]?.line).toBeGreaterThan(4);
  }
});

test('a var of a wrong type is found when the file is read', async () => {
  const {diagnostics} = await loadText(
    scenarioText('vars: {n: {type: integer, default: 5}}\nsteady: {for: "${{ vars.n }}"}'),
  );
  expect(diagnostics.map(({message, line, column}) => [message, line, column])).toEqual([
    ['spec.steady.for: expected text, found the number 5', 6, 17],
  ]);
});

describe('resolveLate', () => {
  const scope = {
    vars: {n: 2},
    env: {HOME: '/'},
    steps: {kill: {outputs: {uids: ['a', 'b'], count: 2}}},
    run: {id: 'r'},
    cluster: {uid: 'u'},
  };

  test('a whole expression keeps its type, embedded it is text', () => {
    const value = {
      uids: '${{ steps.kill.outputs.uids }}',
      sum: '${{ steps.kill.outputs.count + vars.n }}',
      text: 'n=${{ steps.kill.outputs.count }} of ${{ steps.kill.outputs.uids }} in ${{ run.id }}',
      deep: [{plain: 1}],
    };
    expect(resolveLate(value, scope)).toEqual({
      complete: true,
      value: {uids: ['a', 'b'], sum: 4, text: 'n=2 of ["a","b"] in r', deep: [{plain: 1}]},
    });
  });

  test('an output that is not there is an error that names the expression', () => {
    expect(() => resolveLate('${{ steps.kill.outputs.none }}', scope)).toThrow(
      '${{ steps.kill.outputs.none }}: no such key: none',
    );
    expect(() => resolveLate('${{ steps.later.outputs.x }}', scope)).toThrow('no such key: later');
  });

  test('partial leaves what reads a step that was not played', () => {
    const value = {a: '${{ steps.later.outputs.x }}', b: '${{ run.id }}'};
    expect(resolveLate(value, scope, {partial: true})).toEqual({
      complete: false,
      value: {a: '${{ steps.later.outputs.x }}', b: 'r'},
    });
  });
});

test('parseInput fills defaults in and names every problem', () => {
  const schema = z.strictObject({
    name: z.string(),
    wait: durationField().optional(),
    force: z.boolean().default(false),
  });
  expect(parseInput(schema, {name: 'a', wait: '2s'}, 'inject.0.with')).toEqual({name: 'a', wait: 2000, force: false});
  expect(() => parseInput(schema, {wait: 5, frce: true}, 'inject.0.with')).toThrow(
    'inject.0.with: "name" is missing; wait: expected text, found the number 5',
  );
  expect(() => parseInput(schema, {wait: 5, frce: true}, 'inject.0.with')).toThrow('Did you mean "force"?');
});
