import {describe, expect, test} from 'vitest';
import {resolveVars, ScenarioError, type VarsGiven} from '../../../src/scenario/index.ts';
import {loadText, scenarioOf, scenarioText} from '../../support/scenario.ts';

const nothing: VarsGiven = {cli: {}, files: [], env: {}};
const typed = scenarioText(`vars:
  s: {type: string, default: a, perEnvironment: {staging: b}}
  i: {type: integer, default: 1}
  n: {type: number, default: 0.5}
  b: {type: boolean, default: false}
  d: {type: duration, default: 60s}
  e: {type: enum, values: [x, y], default: x}`);

describe('precedence', () => {
  const all: VarsGiven = {
    cli: {s: 'flag'},
    files: [
      {name: 'one.yaml', values: {s: 'file 1'}},
      {name: 'two.yaml', values: {s: 'file 2'}},
    ],
    env: {KUBEDRILL_VAR_s: 'variable'},
  };
  test.each<[string, VarsGiven, string | undefined, string, string]>([
    ['flag', all, 'staging', 'flag', '--var'],
    ['the later file', {...all, cli: {}}, 'staging', 'file 2', '--var-file two.yaml'],
    ['environment variable', {...all, cli: {}, files: []}, 'staging', 'variable', 'KUBEDRILL_VAR_s'],
    ['environment class', nothing, 'staging', 'b', 'perEnvironment.staging'],
    ['default', nothing, 'practice', 'a', 'default'],
    ['default while no cluster is known', nothing, undefined, 'a', 'default'],
  ])('%s', async (_name, given, environment, value, origin) => {
    const {values, listed} = resolveVars(await scenarioOf(typed), given, environment);
    expect(values.s).toBe(value);
    const committed = environment === 'staging' ? 'b' : 'a';
    expect(listed.find(({name}) => name === 's')).toEqual({name: 's', value, committed, origin});
  });
});

test('texts are read by the type of the var', async () => {
  const cli = {i: '-3', n: '1e3', b: 'true', d: '1m30s', e: 'y', s: '5'};
  const {values} = resolveVars(await scenarioOf(typed), {...nothing, cli});
  expect(values).toEqual({s: '5', i: -3, n: 1000, b: true, d: '1m30s', e: 'y'});
});

test.each([
  [{i: '1.5'}, '--var: the var "i" takes a whole number, found "1.5"'],
  [{n: ''}, '--var: the var "n" takes a number, found ""'],
  [{b: 'yes'}, '--var: the var "b" takes true or false, found "yes"'],
  [{d: '1 minute'}, '--var: the var "d" takes a duration such as 1m30s, found "1 minute"'],
  [{e: 'z'}, '--var: the var "e" takes one of x, y, found "z"'],
  [{q: '1'}, '--var: this scenario has no var "q"'],
])('%j is refused', async (cli, message) => {
  const file = await scenarioOf(typed);
  expect(() => resolveVars(file, {...nothing, cli})).toThrow(ScenarioError);
  expect(() => resolveVars(file, {...nothing, cli})).toThrow(message);
});

test('a file gives values of the right type, not texts of them', async () => {
  const file = await scenarioOf(typed);
  const files = [{name: 'v.yaml', values: {i: '1'}}];
  expect(() => resolveVars(file, {...nothing, files})).toThrow('--var-file v.yaml: the var "i" takes a whole number');
});

test('of values of another kind than text the others are named, and each where it stands', async () => {
  const {diagnostics} = await loadText(
    scenarioText('vars:\n  e: {type: enum, values: [x, 1, {y: z}, null], default: w}'),
  );
  const messages = diagnostics.map(({message}) => message);
  expect(messages).toContain('the var "e" takes one of x, the number 1, an object, nothing, found "w"');
  expect(messages.filter((message) => message.startsWith('spec.vars.e.values['))).toHaveLength(3);
});

test('a var without value is named, at its place', async () => {
  const file = await scenarioOf(scenarioText('vars:\n  s: {type: string}'));
  try {
    resolveVars(file, nothing);
    expect.unreachable();
  } catch (error) {
    const [diagnostic] = (error as ScenarioError).diagnostics;
    expect(diagnostic).toMatchObject({line: 6, column: 5, code: 'E_VAR_MISSING', hint: 'Give --var s=… or a default.'});
    expect((error as ScenarioError).exitCode).toBe(2);
  }
});
