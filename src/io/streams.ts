import {writeSync} from 'node:fs';
import type {Readable, Writable} from 'node:stream';

/** The outside of one process, handed to the program so that tests can be its outside. */
export interface Streams {
  stdin: Readable & {isTTY?: boolean};
  /** Results only. */
  stdout: Writable & {isTTY?: boolean; columns?: number};
  /** Everything else. */
  stderr: Writable & {isTTY?: boolean; columns?: number};
  /** Writes to stdout: for a command that says one thing and ends. */
  print(text: string | Uint8Array): void;
}

/**
 * The streams of a process, each opened when it is first used, since opening takes longer than a short command.
 * A reader may go away: `kubedrill run … | head` must neither end a drill half-way nor print a stack.
 */
export function processStreams(source: Omit<Streams, 'print'>): Streams & {flush(): Promise<void>} {
  let stdout: Streams['stdout'] | undefined;
  let stderr: Streams['stderr'] | undefined;
  const streams = {
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
    print: (text: string | Uint8Array) => {
      const rest = stdout ? text : writtenNow(text);
      if (rest.length > 0) streams.stdout.write(rest);
    },
    /** Resolves when everything written so far has been handed to the system, or the reader is gone. */
    flush: async () => {
      for (const stream of [stdout, stderr]) if (stream) await flushed(stream);
    },
  };
  return streams;
}

/**
 * Hands a text to the system without a stream. Returns what it did not take: a full pipe that does not wait, a reader
 * that is gone. What to do about it the stream knows.
 */
function writtenNow(text: string | Uint8Array): Uint8Array {
  let rest = Buffer.from(text);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
  } catch {}
  return rest;
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
