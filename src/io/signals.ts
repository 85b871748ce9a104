import {constants} from 'node:os';

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
  /** Stops listening. */
  release(): void;
}

/**
 * First signal: abort, so that the drill undoes and reports. Second: `onSecond` runs, synchronously, because nothing
 * may be waited for any more.
 */
export function listenForSignals(source: SignalSource, onSecond: (signal: EndingSignal) => void): SignalHandling {
  const controller = new AbortController();
  let first: EndingSignal | undefined;
  const listener = (name: EndingSignal) => {
    if (controller.signal.aborted) onSecond(name);
    else {
      first = name;
      controller.abort(name);
    }
  };
  for (const name of endingSignals) source.on(name, listener);
  return {
    signal: controller.signal,
    received: () => first,
    release: () => {
      for (const name of endingSignals) source.off(name, listener);
    },
  };
}

/** The exit code that a shell expects of a process ended by a signal: 128 + its number. */
export const signalExitCode = (name: EndingSignal): number => 128 + (constants.signals[name] ?? 0);
