import type {Command} from 'commander';
import type {SignalSource} from '../io/signals.ts';
import type {Streams} from '../io/streams.ts';
import type {ColorChoice, Paint} from '../io/text.ts';

/** The process around the program. Nothing below `main.ts` reads `process` for any of this. */
export interface Io extends Streams {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  signals: SignalSource;
  /** Sends the process what Ctrl-C sends; for a prompt that has taken the keyboard. */
  interrupt(): void;
  /** Ends the process at once; for the second signal alone. */
  exit(code: number): void;
}

export type OutputFormat = 'text' | 'json' | 'yaml';

/** Flags that every command takes, before or after its name. */
export interface GlobalFlags {
  context?: string;
  kubeconfig?: string;
  namespace?: string;
  config?: string;
  output: OutputFormat;
  /** How often `-v` was given. */
  verbose: number;
  quiet?: boolean;
  color: ColorChoice;
}

/** Where a flag's value comes from, by attribute name. */
export type FlagOrigins = Readonly<Record<string, 'flag' | 'env' | 'default' | undefined>>;

/** One call of a command, parsed. */
export interface Invocation<Flags = object> {
  io: Io;
  /** `kubedrill`, or `kubectl drill`. */
  program: string;
  /** What stands after the command's name and is no flag. */
  args: readonly string[];
  flags: GlobalFlags & Flags;
  origins: FlagOrigins;
  /** Colours for stdout and stderr. */
  paint: {stdout: Paint; stderr: Paint};
}

/** A command: parse, call, print. Loaded only when it is the one that was called. */
export interface CommandModule<Flags = object> {
  /** Adds the arguments, flags and description to commander's command. */
  describe(command: Command): void;
  /** Lines of the examples in the help; `kubedrill` becomes the name the program was called by. */
  examples: readonly string[];
  /** Resolves with the exit code; rejects with a DrillError. */
  run(invocation: Invocation<Flags>): Promise<number>;
}

/** Declares a command; exists for inference. */
export const defineCommand = <Flags>(module: CommandModule<Flags>) => module;
