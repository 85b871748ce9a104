import {constants} from 'node:os';
import type {HoldOff} from './critical.ts';

/** The signals that end a drill in good order. */
export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type EndingSignal = (typeof endingSignals)[number];

/** Where signals come from: `process`, or an emitter in tests. */
export interface SignalSource {
  on(signal: EndingSignal, listener: (signal: EndingSignal) => void): unknown;
  off(signal: EndingSignal, listener: (signal: EndingSignal) => void): unknown;
}

/** What happens on the first and on any later signal. */
export interface SignalHandling {
  /** Aborted by the first signal; the reason is its name. */
  signal: AbortSignal;
  /** The first signal that came. */
  received(): EndingSignal | undefined;
  /** Holds off the second signal while work goes on that must not be cut off half-way. */
  holdOff: HoldOff;
  /** Stops listening. */
  release(): void;
}

/**
 * First signal: abort, so that the drill undoes and reports. Second: `onSecond` runs, synchronously, because nothing
 * may be waited for any more. While that is held off, `onHeld` is told by what, and `onSecond` runs when it is over.
 */
export function listenForSignals(
  source: SignalSource,
  onSecond: (signal: EndingSignal) => void,
  onHeld: (signal: EndingSignal, what: string) => void = () => undefined,
): SignalHandling {
  const controller = new AbortController();
  let first: EndingSignal | undefined;
  const holds = new Set<{what: string}>();
  let waiting: EndingSignal | undefined;
  const listener = (name: EndingSignal) => {
    const hold = [...holds].at(-1);
    if (!controller.signal.aborted) {
      first = name;
      controller.abort(name);
    } else if (hold === undefined) onSecond(name);
    else {
      waiting = name;
      onHeld(name, hold.what);
    }
  };
  for (const name of endingSignals) source.on(name, listener);
  return {
    signal: controller.signal,
    received: () => first,
    holdOff: (what) => {
      const hold = {what};
      holds.add(hold);
      return () => {
        holds.delete(hold);
        if (holds.size === 0 && waiting !== undefined) onSecond(waiting);
      };
    },
    release: () => {
      for (const name of endingSignals) source.off(name, listener);
    },
  };
}

/** The exit code that a shell expects of a process ended by a signal: 128 + its number. */
export const signalExitCode = (name: EndingSignal): number => 128 + (constants.signals[name] ?? 0);
