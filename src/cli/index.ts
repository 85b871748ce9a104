import {basename} from 'node:path';
import {Command, CommanderError, Help} from 'commander';
import {ExitCode} from '../io/errors.ts';
import {painter, wantsColor} from '../io/text.ts';
import {commands} from './commands.ts';
import type {CommandModule, GlobalFlags, Io} from './define.ts';
import {tellFailure, tellWrongCommandLine} from './support/failure.ts';
import {applyEnvironment, flagOrigins, globalOptions} from './support/flags.ts';
import {toolVersion} from './support/package.ts';

/**
 * Runs one command line and resolves with the exit code; never rejects. Only the command that was called is loaded.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const name = basename(argv[1] ?? '').startsWith('kubectl-drill') ? 'kubectl drill' : 'kubedrill';
  let exitCode: number = ExitCode.passed;
  // Each command costs time to set up, so only those that are named; without one, all of them for help and "did you mean".
  const named = commands.filter((entry) => argv.includes(entry.name, 2));
  const program = createProgram(name, io, named.length > 0 ? named : commands, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(helpAsFlag(argv));
    return exitCode;
  } catch (error) {
    // Commander has already printed what it had to say: 0 for help and version, anything else is a wrong command line.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? ExitCode.passed : tellWrongCommandLine(error, io, argv.slice(2));
    }
    return tellFailure(error, io, program.opts<GlobalFlags>());
  }
}

function createProgram(name: string, io: Io, entries: typeof commands, done: (exitCode: number) => void): Command {
  const program = new Command(name)
    .description('Disaster-recovery drills for Kubernetes: break it, bring it back, measure what users saw.')
    .usage('<command> [flags]')
    .version(toolVersion, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', () => footer(name));
  for (const option of globalOptions()) program.addOption(option);
  // The root's help is the list of commands; each command's help has its flags.
  program.configureHelp({
    formatHelp: (command, helper) => new Help().formatHelp(command, Object.assign(helper, {visibleOptions: () => []})),
  });
  for (const entry of entries) {
    const command = program.command(entry.name, {hidden: entry.group === undefined}).summary(entry.summary);
    if (entry.group) command.helpGroup(entry.group);
    command.configureHelp({
      visibleOptions: (self) => self.options.filter(({hidden}) => !hidden),
      styleTitle: (title) => titles[title] ?? title,
      showGlobalOptions: true,
      visibleGlobalOptions: () => globalOptions(entry.cluster),
    });
  }
  program.hook('preSubcommand', async (_program, command) => {
    const entry = commands.find((candidate) => candidate.name === command.name());
    if (entry) equip(command, await entry.load(), {name, io, done});
  });
  return program;
}

const titles: Readonly<Record<string, string>> = {
  'Options:': 'Flags:',
  'Global Options:': 'Flags of every command, before or after its name:',
};

/** `help run` as `run --help`, so that both load the command first. */
function helpAsFlag([node = '', script = '', first, ...rest]: readonly string[]): string[] {
  if (first === undefined) return [node, script];
  return first === 'help' ? [node, script, ...rest, '--help'] : [node, script, first, ...rest];
}

/** Gives a bare command its flags, help and action, now that its file is loaded. */
function equip(
  command: Command,
  module: CommandModule<never>,
  {name, io, done}: {name: string; io: Io; done: (exitCode: number) => void},
): void {
  module.describe(command);
  command.addHelpText('after', `\nExamples:\n${module.examples.map((line) => `  ${renamed(line, name)}\n`).join('')}`);
  command.action(async () => {
    applyEnvironment(command, io.env);
    const flags = command.optsWithGlobals<GlobalFlags>();
    const paintFor = (isTTY: boolean | undefined) => painter(wantsColor(flags.color, io.env, isTTY === true));
    const invocation = {
      io,
      program: name,
      args: command.args,
      flags,
      origins: flagOrigins(command),
      // Asked when something is painted: to open a stream takes longer than a short command.
      paint: {
        get stdout() {
          return paintFor(io.stdout.isTTY);
        },
        get stderr() {
          return paintFor(io.stderr.isTTY);
        },
      },
    };
    // The flags' type is the module's own business: it declared them in `describe` above.
    done(await module.run(invocation as never));
  });
}

const renamed = (line: string, name: string) => line.replaceAll(/\bkubedrill(?= [a-z])/g, name);

const footer = (name: string) => `
Flags are in the help of each command: ${name} run --help

Examples:
  ${name} run --practice kill-coredns        a whole drill on the built-in cluster; needs nothing
  ${name} validate scenarios/                every problem of every file
  ${name} plan my-drill.yaml --context kind  what run would do, by name and UID

Every flag has a variable: --prober-image is KUBEDRILL_PROBER_IMAGE. A flag beats the variable, the variable the
config file, that the scenario, that the default.
Exit codes: 0 passed, 1 failed, 2 usage, 3 refused, 4 dirty, 5 internal error, 6 inconclusive, 130 interrupted.
What each command means by them: docs/exit-codes.md
`;
