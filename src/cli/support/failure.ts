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
  if (flags.output === 'json') {
    const document = {apiVersion: 'kubedrill.dev/v1', kind: 'Error', exitCode: error.exitCode, error: error.toJSON()};
    io.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  }
  return error.exitCode;
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
