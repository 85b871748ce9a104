import type {Client} from '../core.ts';
import type {Latencies} from '../latencies.ts';
import type {Change} from '../tables.ts';

/** A queue of keys to reconcile. A key that waits already is not queued twice. */
export interface Loop {
  /** Asks for a reconcile after the loop's latency, or after `ms` milliseconds. */
  enqueue(key: string, ms?: number): void;
}

interface LoopOptions {
  name: string;
  latency?: keyof Latencies;
  /** The keys that a change concerns. */
  keysOf: (change: Change) => readonly string[];
  /** Brings the world of one key to what is declared. Called again after every change; must not assume why. */
  reconcile: (key: string, loop: Loop) => void;
}

/**
 * Starts a level-triggered controller: changes put keys into a queue, each key is reconciled after a latency. While the
 * API is away nothing is; when it is back everything is, as by a controller that lost its lease and starts anew.
 */
export function startLoop(core: Client, {name, latency = 'controller', keysOf, reconcile}: LoopOptions): Loop {
  const waiting = new Set<string>();
  const loop: Loop = {
    enqueue: (key, ms) => {
      const now = ms === undefined;
      if (now && waiting.has(key)) return;
      if (now) waiting.add(key);
      core.scope.after(ms ?? core.latency.of(latency), `${name} ${key}`, () => {
        if (now) waiting.delete(key);
        if (core.view.connected) reconcile(key, loop);
      });
    },
  };
  const hear = (change: Change) => {
    for (const key of keysOf(change)) loop.enqueue(key);
  };
  core.view.subscribe(hear);
  core.view.onRelist(() => {
    for (const {resource, object} of core.view.all()) hear({type: 'ADDED', resource, object, revision: 0});
  });
  return loop;
}
