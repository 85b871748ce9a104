import {messageOf, StepError} from './errors.ts';

/** Starts programs outside the cluster, always from an argument array, never through a shell. */
export interface Exec {
  /**
   * Resolves with how the program ended, whatever its exit code. Rejects with a StepError when it cannot be started,
   * and with the signal's reason when aborted; by then the program and its descendants have ended.
   */
  run(argv: readonly string[], options: ExecOptions): Promise<ExecResult>;
}

export interface ExecOptions {
  signal?: AbortSignal;
  /** Milliseconds; the process and its descendants are killed then. */
  timeout: number;
  cwd?: string;
  /** Added to the inherited environment. */
  env?: Readonly<Record<string, string>>;
  stdin?: string;
}

export interface ExecResult {
  /** Absent when a signal ended the process. */
  exitCode?: number;
  /** At most {@link outputLimit} bytes; the middle of more is left out, and says so. */
  stdout: string;
  stderr: string;
  timedOut: boolean;
  durationMs: number;
}

/** Bytes kept of each output stream, half of them from the start and half from the end. */
export const outputLimit = 64 * 1024;

/** Milliseconds from SIGTERM to SIGKILL for a program that is to end. */
export const killGrace = 5000;

/** `killGrace`: in the place of {@link killGrace}. */
export function createExec({killGrace: grace = killGrace}: {killGrace?: number} = {}): Exec {
  return {
    run: async (argv, {signal, timeout, cwd, env, stdin}) => {
      signal?.throwIfAborted();
      const [file, ...args] = argv;
      if (file === undefined)
        throw new StepError('no program to run: the argument array is empty', {code: 'E_COMMAND'});
      const {execa} = await import('execa');
      const subprocess = execa(file, args, {
        // A program that is waited for in vain must end with all it started; execa gives it a process group for that.
        killDescendants: true,
        forceKillAfterDelay: grace,
        timeout,
        reject: false,
        // Outputs are collected here: execa's own limit would kill a talkative program.
        buffer: false,
        stdin: stdin === undefined ? 'ignore' : 'pipe',
        ...(stdin === undefined ? {} : {input: stdin}),
        ...(signal === undefined ? {} : {cancelSignal: signal}),
        ...(cwd === undefined ? {} : {cwd}),
        ...(env === undefined ? {} : {env}),
      });
      const stdout = collect(subprocess.stdout);
      const stderr = collect(subprocess.stderr);
      const result = await subprocess;
      // A descendant that ignores SIGTERM and holds no pipe outlives execa's own wait.
      if (result.timedOut || result.isCanceled) subprocess.kill('SIGKILL');
      if (result.isCanceled) throw signal?.reason ?? result;
      if (result.exitCode === undefined && result.signal === undefined && !result.timedOut) {
        throw notStarted(file, cwd, result);
      }
      return {
        ...(result.exitCode === undefined ? {} : {exitCode: result.exitCode}),
        stdout: stdout(),
        stderr: stderr(),
        timedOut: result.timedOut,
        durationMs: result.durationMs,
      };
    },
  };
}

function notStarted(
  file: string,
  cwd: string | undefined,
  error: {originalMessage?: string | undefined; cause?: unknown},
): StepError {
  const why = error.originalMessage ?? messageOf(error);
  return new StepError(`${file} cannot be started${cwd === undefined ? '' : ` in ${cwd}`}: ${why}`, {
    code: 'E_COMMAND_NOT_STARTED',
    hint: 'Check that it is installed and in PATH where kubedrill runs',
    cause: error.cause,
  });
}

/** Reads a stream to its end but keeps only its head and its tail. The result is for when the stream has ended. */
function collect(stream: NodeJS.ReadableStream | null | undefined): () => string {
  const half = outputLimit / 2;
  const head: Buffer[] = [];
  let headSize = 0;
  let tail = Buffer.alloc(0);
  let dropped = 0;
  stream?.on('data', (data: Buffer) => {
    const forHead = data.subarray(0, half - headSize);
    if (forHead.length > 0) head.push(forHead);
    headSize += forHead.length;
    tail = Buffer.concat([tail, data.subarray(forHead.length)]);
    if (tail.length <= half) return;
    dropped += tail.length - half;
    tail = tail.subarray(tail.length - half);
  });
  return () => {
    const middle = dropped === 0 ? '' : `\n… ${dropped} bytes left out …\n`;
    return dropped === 0
      ? Buffer.concat([...head, tail]).toString('utf8')
      : `${Buffer.concat(head).toString('utf8')}${middle}${tail.toString('utf8')}`;
  };
}
