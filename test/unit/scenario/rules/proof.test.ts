import {expect, test} from 'vitest';
import {loadText, scenarioText} from '../../../support/scenario.ts';

const problems = async (prove: string) => {
  const prepared =
    'prepare: [{id: app, uses: object/apply, with: {inline: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}}}]';
  const inject = 'inject: [{id: cut, uses: command/run, with: {argv: [cut], undo: {argv: [mend]}}}]';
  const {diagnostics} = await loadText(scenarioText(`${prepared}\n${inject}\neffect: {prove: ${prove}}`));
  return diagnostics.map(({message}) => message);
};
const command = (expression: string) => `{uses: command, with: {argv: [look]}, expect: "${expression}"}`;

test('a proof is a question that looks: a text can only speak of what a step says of itself', async () => {
  for (const text of ['"true"', '"steps.cut.outputs.exitCode == 0"', `"steps.cut.outputs.stdout == 'done'"`]) {
    expect(await problems(text), text).toEqual([expect.stringContaining('spec.effect.prove: expected an object')]);
  }
});

test('it reads something that is observed', async () => {
  for (const expression of [
    'true',
    '1 == 1',
    'vars.size() == 0',
    'run.seed > 0',
    'before.exitCode == 1',
    "'a' in ['a']",
  ]) {
    expect(await problems(command(expression)), expression).toContainEqual(
      expect.stringContaining('reads nothing that is observed'),
    );
  }
  expect(await problems(command('exitCode == 0'))).toEqual([]);
  expect(await problems(command('stdout != before.stdout'))).toEqual([]);
  expect(await problems(command('steps.app.outputs.created.exists(one, stdout.contains(one))'))).toEqual([]);
  expect(await problems('{uses: command, with: {argv: [look]}}')).toEqual([]);
});

test('it knows what was before the fault, and nothing of what the fault says', async () => {
  for (const output of ['exitCode', 'stdout']) {
    const expression = `stdout == '' || steps.cut.outputs.${output} == ''`;
    expect(await problems(command(expression)), output).toEqual([
      expect.stringContaining('the outputs of step "cut" are not known here'),
    ]);
  }
  const given = `{uses: command, with: {argv: ["\${{ steps.cut.outputs.stdout }}"]}}`;
  expect(await problems(given)).toEqual([expect.stringContaining('the outputs of step "cut" are not known here')]);
});

test('it is checked as every question is', async () => {
  expect(await problems('{uses: nothing}')).toEqual([
    expect.stringContaining('the probe "nothing" is not in this version'),
  ]);
  expect(await problems('{uses: command, with: {arg: [look]}}')).toEqual([
    expect.stringContaining('unknown key "arg"'),
  ]);
  expect(await problems(command('exitCode ='))).toEqual([expect.stringContaining('in this expression')]);
  expect(await problems(command('exitCode + 1'))).toEqual([expect.stringContaining('must be true or false')]);
  expect(await problems(`{uses: command, with: {argv: [look]}, expect: "\${{ vars.x }}"}`)).toContainEqual(
    expect.stringContaining('`expect` is an expression itself'),
  );
});
