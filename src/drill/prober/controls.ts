import type {Clock} from '../../io/clock.ts';
import type {SampleState} from '../../io/sample.ts';
import type {ProbeRecord} from '../../journal/plan.ts';
import type {Reading} from '../../probes/define.ts';
import {probeOf} from '../../probes/index.ts';

/** What the control of one series said. */
export interface ControlAnswer {
  series: string;
  state: SampleState;
  detail?: string;
}

/** The controls of a vantage: each is asked where its probe samples, once the probe itself was ok. */
export interface Controls {
  expect(series: string): void;
  answered(series: string, reading: Reading): void;
  /** Every answer, as soon as none is missing; those there are when it takes longer than `within` milliseconds. */
  all(signal: AbortSignal, within: number): Promise<ControlAnswer[]>;
}

/** Milliseconds between two looks. */
const look = 20;

/** Collects control answers as they come. */
export function createControls(clock: Clock): Controls {
  const expected = new Set<string>();
  const answers = new Map<string, ControlAnswer>();
  return {
    expect: (series) => void expected.add(series),
    answered: (series, {state, detail}) => {
      answers.set(series, {series, state, ...(detail === undefined ? {} : {detail})});
    },
    all: async (signal, within) => {
      const deadline = clock.mono() + within;
      while ([...expected].some((series) => !answers.has(series)) && clock.mono() < deadline) {
        await clock.sleep(look, signal);
      }
      return [...answers.values()];
    },
  };
}

/**
 * Whether a probe's input offers a control that is asked before the fault: what waits for the disaster has been bad by
 * itself until then. Throws when the kind or the input is wrong.
 */
export function hasControl({uses, with: given, detector}: ProbeRecord): boolean {
  if (detector === true) return false;
  const definition = probeOf(uses);
  return definition.control?.(definition.input.parse(given)) !== undefined;
}
