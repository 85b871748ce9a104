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
 * Lets a reader go away: `kubedrill run … | head` must neither end a drill half-way nor print a stack.
 * Other write errors stay errors, except on stderr, where there is nobody left to tell.
 */
export function surviveClosedPipes({stdout, stderr}: Pick<Streams, 'stdout' | 'stderr'>): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
  stderr.on('error', () => {});
}

/** Resolves when everything written so far has been handed to the system, or the reader is gone. */
export async function flushed(stream: Writable): Promise<void> {
  if (stream.destroyed || stream.writableLength === 0) return;
  await new Promise<void>((resolve) => {
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
}

/** Reads a stream to its end as UTF-8 text. */
export async function readAll(stream: AsyncIterable<string | Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks).toString('utf8');
}
