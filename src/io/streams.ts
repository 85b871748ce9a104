import type {Readable, Writable} from 'node:stream';

/** The outside of one process, handed to the program so that tests can be its outside. */
export interface Streams {
  stdin: Readable & {isTTY?: boolean};
  /** Results only. */
  stdout: Writable & {isTTY?: boolean; columns?: number};
  /** Everything else. */
  stderr: Writable & {isTTY?: boolean; columns?: number};
}

/**
 * The streams of a process, each opened when it is first used, since opening takes longer than a short command.
 * A reader may go away: `kubedrill run … | head` must neither end a drill half-way nor print a stack.
 */
export function processStreams(source: Streams): Streams & {flush(): Promise<void>} {
  let stdout: Streams['stdout'] | undefined;
  let stderr: Streams['stderr'] | undefined;
  return {
    get stdin() {
      return source.stdin;
    },
    get stdout() {
      stdout ??= surviving(source.stdout, ['EPIPE', 'EIO']);
      return stdout;
    },
    get stderr() {
      // Whatever happens to it, there is nobody left to tell.
      stderr ??= surviving(source.stderr);
      return stderr;
    },
    /** Resolves when everything written so far has been handed to the system, or the reader is gone. */
    flush: async () => {
      for (const stream of [stdout, stderr]) if (stream) await flushed(stream);
    },
  };
}

/** Passes over write errors of these codes, or all of them. */
function surviving<T extends Writable>(stream: T, codes?: readonly string[]): T {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (codes && !codes.includes(error.code ?? '')) throw error;
  });
  return stream;
}

async function flushed(stream: Writable): Promise<void> {
  if (stream.destroyed || stream.writableLength === 0) return;
  await new Promise<void>((resolve) => {
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
}
