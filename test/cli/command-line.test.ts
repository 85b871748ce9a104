import {symlink} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {commands} from '../../src/cli/commands.ts';
import {kubedrill, root, temporaryFolder} from '../support/kubedrill.ts';

const shown = commands.filter(({group}) => group !== undefined).map(({name}) => name);

test('--help lists every command, none of the hidden ones, and says the exit codes', async () => {
  const {code, stdout, stderr} = await kubedrill(['--help']);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  for (const name of shown) expect(stdout).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
  expect(stdout).not.toMatch(/^ {2}prober/m);
  expect(stdout).toContain('Exit codes: 0 passed');
  expect(stdout).toContain('docs/exit-codes.md');
});

test('`help run` is `run --help`', async () => {
  expect(await kubedrill(['help', 'run'])).toEqual(await kubedrill(['run', '--help']));
});

test('without a command the help goes to stderr, exit 2', async () => {
  const {code, stdout, stderr} = await kubedrill([]);
  expect({code, stdout}).toEqual({code: 2, stdout: ''});
  expect(stderr).toContain('Usage: kubedrill <command>');
});

describe.concurrent.each(shown)('%s', (name) => {
  test('has a help with usage, examples and the flags of every command', async () => {
    const {code, stdout} = await kubedrill([name, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: kubedrill ${name}\\b`));
    expect(stdout).toMatch(/\nExamples:\n {2}\S/);
    expect(stdout).toContain('--output <format>');
  });

  test('a wrong flag is exit 2 with what was meant', async () => {
    const {code, stdout, stderr} = await kubedrill([name, '--verbos']);
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toBe("error: unknown option '--verbos'\n(Did you mean --verbose?)\n");
  });
});

test.concurrent.each([
  [['validat'], 'Did you mean validate?'],
  [['version', '-o', 'xml'], 'Allowed choices are text, json, yaml.'],
  [['run'], "missing required argument 'input'"],
  [['report'], "missing required argument 'run'"],
  [['run', 'x', '--seed', 'many'], 'It is an integer from 0 to 4294967295.'],
  [['run', 'x', '--var', 'novalue'], 'Write it as name=value.'],
  [['run', 'x', '--dry-run', 'client'], 'Allowed choices are server.'],
  [['version', 'and', 'more'], 'too many arguments'],
])('%o is a wrong command line: exit 2', async (args, message) => {
  const {code, stdout, stderr} = await kubedrill(args);
  expect({code, stdout}).toEqual({code: 2, stdout: ''});
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('    at ');
});

test.concurrent.each([
  [['run', 'x', '--no-such-flag', '-o', 'json'], "unknown option '--no-such-flag'", undefined],
  [['plan', '--output=json'], "missing required argument 'input'", undefined],
  [['practice', '-ojson', '--port', '99999'], /--port <number>.* It is a port number/, undefined],
  [['--output', 'json', 'validat'], "unknown command 'validat'", 'Did you mean validate?'],
  [['run', '--color', 'pink', 'x', '-o', 'json'], 'Allowed choices are auto, always, never.', undefined],
  [['-o', 'json'], 'no command was given', undefined],
])('%o says what is wrong as a document, too', async (args, message, hint) => {
  const {code, stdout, stderr} = await kubedrill(args);
  expect(code).toBe(2);
  expect(stderr).not.toBe('');
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({apiVersion: 'kubedrill.dev/v1', kind: 'Error', exitCode: 2});
  expect(document.error).toMatchObject({code: 'E_USAGE', message: expect.stringMatching(message)});
  expect(document.error.message).not.toMatch(/^error:/);
  if (hint) expect(document.error.hint).toBe(hint);
});

test('the format may come from its variable, and what stands behind -- is no flag', async () => {
  const byVariable = await kubedrill(['plan'], {env: {KUBEDRILL_OUTPUT: 'json'}});
  expect(JSON.parse(byVariable.stdout)).toMatchObject({kind: 'Error', exitCode: 2});
  const {code, stdout} = await kubedrill(['version', '--', '-o', 'json']);
  expect({code, stdout}).toEqual({code: 2, stdout: ''});
});

test('a wrong value of a variable names the variable', async () => {
  const {code, stderr} = await kubedrill(['version'], {env: {KUBEDRILL_OUTPUT: 'xml'}});
  expect(code).toBe(2);
  expect(stderr).toContain('KUBEDRILL_OUTPUT');
});

test('called by kubectl it speaks of `kubectl drill`', async () => {
  // The name of the script decides; a link to the entry stands in for the built program.
  const link = join(await temporaryFolder(), 'kubectl-drill');
  await symlink(join(root, 'src/main.ts'), link);
  const {stdout} = await kubedrill(['run', '--help'], {program: link});
  expect(stdout).toContain('Usage: kubectl drill run');
  expect(stdout).toContain('kubectl drill run --practice kill-coredns');
  expect(stdout).not.toMatch(/\bkubedrill run/);
});
