import {DrillError, ExitCode, InternalError, messageOf, UsageError} from '../../io/errors.ts';
import {harmless} from '../../io/text.ts';
import type {GlobalFlags, Io} from '../define.ts';

/**
 * Prints why a command could not do its work, one paragraph on stderr and with `-o json` a document on stdout, and
 * returns the exit code. Stacks only with `-vv`.
 */
export function tellFailure(
  thrown: unknown,
  io: Pick<Io, 'stdout' | 'stderr'>,
  flags: Pick<GlobalFlags, 'output' | 'verbose'>,
): number {
  const error = asDrillError(thrown);
  io.stderr.write(`error: ${harmless(error.explain())}\n`);
  if (flags.verbose >= 2) io.stderr.write(`${harmless(stackOf(thrown))}\n`);
  if (flags.output === 'json') io.stdout.write(errorDocument(error));
  return error.exitCode;
}

/**
 * Tells machines what commander has already told people about a wrong command line, and returns the exit code.
 * The format is looked for in the words themselves: commander ends before it has read them all.
 */
export function tellWrongCommandLine(
  {code, message}: {code: string; message: string},
  {stdout, env}: Pick<Io, 'stdout' | 'env'>,
  words: readonly string[],
): number {
  const [, what = '', hint] = /^(?:error: )?(.*?)(?:\n\((.*)\))?$/s.exec(message) ?? [];
  // Its own message of a help that was printed for want of a command is `(outputHelp)`.
  const error = new UsageError(code === 'commander.help' ? 'no command was given' : what, {
    code: 'E_USAGE',
    ...(hint === undefined ? {} : {hint}),
  });
  if (formatIn(words, env) === 'json') stdout.write(errorDocument(error));
  return error.exitCode;
}

const errorDocument = (error: DrillError): string =>
  `${JSON.stringify(
    {apiVersion: 'kubedrill.dev/v1', kind: 'Error', exitCode: error.exitCode, error: error.toJSON()},
    undefined,
    2,
  )}\n`;

/** The value of the last `-o` or `--output` before a `--`, else that of its variable. */
function formatIn(words: readonly string[], env: Io['env']): string | undefined {
  const end = words.indexOf('--');
  const flags = end < 0 ? words : words.slice(0, end);
  let format = env.KUBEDRILL_OUTPUT;
  flags.forEach((word, index) => {
    if (word === '-o' || word === '--output') format = flags[index + 1];
    else format = /^(?:-o|--output=)(.+)$/.exec(word)?.[1] ?? format;
  });
  return format;
}

/** What was thrown as an error that explains itself: file trouble by its code, anything unknown as our bug. */
export function asDrillError(thrown: unknown): DrillError {
  if (thrown instanceof DrillError) return thrown;
  if (isSystemError(thrown)) {
    const trouble = fileTrouble[thrown.code];
    if (trouble) {
      return new UsageError(
        `cannot use ${thrown.path ?? 'what was named as a file'}: ${trouble.why} (${thrown.code})`,
        {
          code: `E_FILE_${thrown.code}`,
          hint: trouble.hint,
          cause: thrown,
        },
      );
    }
    if (thrown.code === 'ENOSPC') {
      return new DrillError(
        `no space left on the device while writing${thrown.path ? ` ${thrown.path}` : ''}`,
        ExitCode.internal,
        {
          code: 'E_FILE_ENOSPC',
          hint: 'Free some space, or choose another report folder with --reports.',
          cause: thrown,
        },
      );
    }
  }
  return new InternalError(`unexpected failure: ${messageOf(thrown)}`, {cause: thrown});
}

const fileTrouble: Readonly<Record<string, {why: string; hint: string}>> = {
  ENOENT: {why: 'there is no such file or folder', hint: 'Check the path.'},
  EACCES: {why: 'permission denied', hint: 'Check its owner and mode, or choose another path.'},
  EPERM: {why: 'operation not permitted', hint: 'Check its owner and mode, or choose another path.'},
  EROFS: {why: 'the file system is read-only', hint: 'Choose a path on a file system that can be written to.'},
  ENOTDIR: {why: 'a part of the path is a file, not a folder', hint: 'Check the path.'},
  EISDIR: {why: 'it is a folder, not a file', hint: 'Check the path.'},
  EEXIST: {why: 'there is a file of that name already', hint: 'Check the path.'},
  ELOOP: {why: 'its symbolic links lead in a circle', hint: 'Check the links.'},
};

interface SystemError extends Error {
  code: string;
  path?: string;
}

const isSystemError = (thrown: unknown): thrown is SystemError =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' && 'syscall' in thrown;

/** The stack with those of its causes. */
function stackOf(thrown: unknown): string {
  const parts: string[] = [];
  for (let next = thrown; next !== undefined && next !== null && parts.length < 10; ) {
    parts.push(next instanceof Error ? (next.stack ?? next.message) : String(next));
    next = next instanceof Error ? next.cause : undefined;
  }
  return parts.join('\ncaused by: ');
}
