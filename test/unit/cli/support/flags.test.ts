import {Command, Option} from 'commander';
import {expect, test} from 'vitest';
import {
  applyEnvironment,
  collect,
  collectPair,
  flagOrigins,
  globalOptions,
  parsePort,
  parseSeed,
} from '../../../../src/cli/support/flags.ts';

/** Parses a command line of a command with some flags of each kind. */
function parse(args: string[], env: Record<string, string> = {}) {
  const program = new Command('kubedrill').exitOverride().configureOutput({writeErr: () => {}});
  for (const option of globalOptions()) program.addOption(option);
  const command = program
    .command('run')
    .addOption(new Option('--practice', 'x'))
    .addOption(new Option('--seed <n>', 'x').argParser(parseSeed))
    .addOption(new Option('--var <pair>', 'x').argParser(collectPair))
    .addOption(new Option('--var-file <file>', 'x').argParser(collect))
    .action(() => applyEnvironment(command, env));
  program.parse(['node', 'kubedrill', ...args]);
  return {flags: command.optsWithGlobals(), origins: flagOrigins(command)};
}

test('a flag beats its variable beats the default', () => {
  const env = {KUBEDRILL_CONTEXT: 'from-env', KUBEDRILL_SEED: '7', KUBEDRILL_OUTPUT: 'json'};
  const {flags, origins} = parse(['run', '--seed', '8'], env);
  expect(flags).toMatchObject({context: 'from-env', seed: 8, output: 'json', color: 'auto'});
  expect(origins).toMatchObject({context: 'env', seed: 'flag', output: 'env', color: 'default'});
});

test('global flags stand before or after the command', () => {
  expect(parse(['--context', 'a', 'run', '-n', 'b']).flags).toMatchObject({context: 'a', namespace: 'b'});
});

test('-v counts', () => {
  expect(parse(['run', '-vv']).flags.verbose).toBe(2);
  expect(parse(['run'], {KUBEDRILL_VERBOSE: '1'}).flags.verbose).toBe(1);
});

test('an empty variable is none, and a switch takes words', () => {
  expect(parse(['run'], {KUBEDRILL_CONTEXT: ''}).flags.context).toBeUndefined();
  expect(parse(['run'], {KUBEDRILL_PRACTICE: 'true'}).flags.practice).toBe(true);
  expect(parse(['run'], {KUBEDRILL_PRACTICE: '0'}).flags.practice).toBe(false);
});

test('repeatable flags collect', () => {
  const {flags} = parse(['run', '--var', 'a=1', '--var', 'b=x=y', '--var-file', 'f', '--var-file', 'g']);
  expect(flags).toMatchObject({var: {a: '1', b: 'x=y'}, varFile: ['f', 'g']});
});

test.each([
  [['run', '--seed', '-1'], {}],
  [['run', '--seed', '4294967296'], {}],
  [['run', '--var', 'novalue'], {}],
  [['run', '-o', 'xml'], {}],
  [['run'], {KUBEDRILL_SEED: 'many'}],
  [['run'], {KUBEDRILL_COLOR: 'pink'}],
  [['run'], {KUBEDRILL_PRACTICE: 'maybe'}],
])('%o with %o is a wrong command line', (args, env) => {
  expect(() => parse(args, env as Record<string, string>)).toThrow();
});

test('ports', () => {
  expect(parsePort('0')).toBe(0);
  expect(() => parsePort('65536')).toThrow('port');
});
