import type {Clock} from '../io/clock.ts';
import {messageOf} from '../io/errors.ts';
import type {Log} from '../io/log.ts';

/**
 * The life of the practice cluster: everything that runs in the background belongs to it and ends with it.
 * A failure of a background task is a bug of ours; it goes to the log and does not stop the cluster.
 */
export class Scope {
  readonly clock: Clock;
  readonly #log: Log;
  readonly #controller = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  readonly #closers: (() => Promise<void> | void)[] = [];

  constructor(clock: Clock, log: Log) {
    this.clock = clock;
    this.#log = log;
  }

  /** Aborted when the cluster stops. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The wall clock in the form of Kubernetes timestamps, whole seconds. */
  now(): string {
    return this.clock
      .wall()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
  }

  /** Runs a task in the background. Ends of the cluster are no failures. */
  run(what: string, task: () => Promise<void> | void): void {
    const running = Promise.resolve()
      .then(task)
      .catch((error: unknown) => {
        if (!this.signal.aborted)
          this.#log.error('practice cluster: background task failed', {what, error: describe(error)});
      })
      .finally(() => this.#tasks.delete(running));
    this.#tasks.add(running);
  }

  /** Calls `task` after `ms` milliseconds, unless the cluster stops or `signal` aborts before. */
  after(ms: number, what: string, task: () => Promise<void> | void, signal: AbortSignal = this.signal): void {
    this.run(what, async () => {
      try {
        await this.clock.sleep(ms, signal);
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
      if (!this.signal.aborted) await task();
    });
  }

  /** Registers what close must do, in reverse order of registration. */
  onClose(closer: () => Promise<void> | void): void {
    this.#closers.push(closer);
  }

  /** Stops everything and waits for it. Safe to call again. */
  async close(): Promise<void> {
    this.#controller.abort(new Error('the practice cluster is stopping'));
    for (let closer = this.#closers.pop(); closer; closer = this.#closers.pop()) await closer();
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
}
