import type * as z from 'zod';
import type {ClusterReader, Permission} from '../cluster/types.ts';
import type {Clock} from '../io/clock.ts';
import type {Dial} from '../io/dial.ts';
import type {Exec} from '../io/exec.ts';
import type {JsonObject} from '../io/json.ts';
import type {SampleState} from '../io/sample.ts';

/** Where a probe samples from. */
export type Vantage = 'runner' | 'cluster' | 'node';

/** One attempt's result, without its times. */
export interface Reading {
  state: SampleState;
  /** Why, in a few words: `NXDOMAIN`, `ECONNREFUSED`, `503`. */
  detail?: string;
}

/** What a check or an `expect` sees: plain data whose members are the variables of the CEL expression. */
export type Observation = JsonObject;

/** Applies the scenario's `expect` (or the kind's default) to an observation. Never throws. */
export type Judge = (observation: Observation) => Reading;

/** What a probe may use. It only reads. */
export interface ProbeContext {
  signal: AbortSignal;
  /** Milliseconds for this attempt; the attempt ends then, whatever happens. */
  timeout: number;
  clock: Clock;
  dial: Dial;
  judge: Judge;
  /** Absent in the prober, which has no credentials. */
  cluster?: ClusterReader;
  exec?: Exec;
  /** Address of the resolver of the place where it samples, when the probe names none. */
  nameserver?: string;
}

/** One kind of thing that is sampled at a fixed rate, or asked as a check. */
export interface ProbeDefinition<Input = unknown> {
  kind: string;
  summary: string;
  input: z.ZodType<Input>;
  from: readonly Vantage[];
  /** What `expect` sees, by name, with a few words each; for `explain` and the reference. */
  observes: Readonly<Record<string, string>>;
  permissions: (input: Input, context: {defaultNamespace: string}) => Permission[];
  /** One attempt on a fresh connection. TLS and 401 errors are `bad`, not `blind`. Never throws. */
  sample: (ctx: ProbeContext, input: Input) => Promise<Reading>;
  /** A variant that must be bad; asked once in `steady`. Absent only when `check` has its own control. */
  control?: (input: Input) => Input;
  /** When it can be asked as a check: what `expect` sees. Throws a DrillError when it could not be asked. */
  check?: (ctx: ProbeContext, input: Input) => Promise<Observation>;
  /** The `expect` used when the scenario gives none. */
  defaultExpect?: string;
  /** Named controls that a check may ask for with `control:`. */
  controls?: Readonly<Record<string, (input: Input) => Input>>;
}

/** Declares a probe; exists for inference. */
export const defineProbe = <Input>(definition: ProbeDefinition<Input>) => definition;
