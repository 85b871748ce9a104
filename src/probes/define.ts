import type * as z from 'zod';
import type {ClusterReader, Permission} from '../cluster/types.ts';
import type {Clock} from '../io/clock.ts';
import type {Dial} from '../io/dial.ts';
import type {JsonObject} from '../io/json.ts';
import {type Deferred, madeOnRead} from '../io/once.ts';
import type {SampleState} from '../io/sample.ts';
import type {Means, Need} from '../outside/means.ts';

/** Where a probe samples from. */
export type Vantage = 'runner' | 'cluster' | 'node';

/** One attempt's result, without its times. */
export interface Reading {
  state: SampleState;
  /** Why, in a few words: `NXDOMAIN`, `ECONNREFUSED`, `503`. */
  detail?: string;
  /** The answer is about the expression, not about the thing asked: `expect` itself could not be evaluated. */
  fault?: 'expect';
  /** What was seen, when something was: a later check may compare itself with it (`before.…`). Never stored. */
  observation?: Observation;
}

/** What a check or an `expect` sees: plain data whose members are the variables of the CEL expression. */
export type Observation = JsonObject;

/** Applies the scenario's `expect` (or the kind's default) to an observation. Never throws; names no detail for a plain no. */
export type Judge = (observation: Observation) => Reading;

/** What a probe may use, beside the means that its definition names under `needs`. It only reads. */
export type ProbeContext<Needs extends Need = never> = ProbeSurroundings & Pick<Means, Needs>;

interface ProbeSurroundings {
  signal: AbortSignal;
  /** Milliseconds for this attempt; the attempt ends then, whatever happens. */
  timeout: number;
  clock: Clock;
  dial: Dial;
  judge: Judge;
  /** Absent in the prober, which has no credentials. */
  cluster?: ClusterReader;
  /** Resolver of the place where it samples, `host[:port]`. Absent: the system's. */
  nameserver?: string;
  /** Domains that a relative name is completed with, as in resolv.conf. */
  searchDomains?: readonly string[];
  /** The namespace of `-n` or the context, for inputs that name none; else `default`. */
  defaultNamespace?: string;
}

/** The part of a probe's context that a connection needs. */
export type NetworkContext = Pick<ProbeContext, 'dial' | 'timeout' | 'nameserver' | 'searchDomains'>;

/**
 * Another input for the same probe; undefined when there is none for this input.
 * A method's type, so that definitions of different inputs fit into one registry.
 */
type Variant<Input> = {variant(input: Input): Input | undefined}['variant'];

/**
 * One kind of thing that is sampled at a fixed rate, or asked as a check.
 * Members are methods where they take the input, so that definitions of different inputs fit into one registry.
 */
export interface ProbeDefinition<Input = unknown, Needs extends Need = Need> {
  kind: string;
  summary: string;
  /** Means outside the Kubernetes API that it uses; preflight refuses where one is not at hand. */
  needs?: readonly Needs[];
  /** Strict object; defaults fill in. */
  input: z.ZodType<Input>;
  from: readonly Vantage[];
  /** What `expect` sees, by name, with a few words each; for `explain` and the reference. */
  observes: Readonly<Record<string, string>>;
  permissions(input: Input, context: {defaultNamespace: string}): Permission[];
  /** Programs that it starts where kubedrill runs, for the config's `allowCommands`. */
  commands?(input: Input): readonly (readonly string[])[];
  /**
   * One attempt on a fresh connection. TLS and 401 errors of the thing asked are `bad`, not `blind`. Never throws.
   * A check asks the same way: `ok` is pass, `bad` is fail, `blind` is blind, and a `fault` is an error.
   */
  sample(ctx: ProbeContext<Needs>, input: Input): Promise<Reading>;
  /**
   * A variant that must be bad; asked once in `steady`. Undefined when the input offers none: then nothing shows that
   * the probe can go red, and the verdict is inconclusive.
   */
  control?: Variant<Input>;
  /**
   * Why the observation holds nothing that an expression could speak of (no object, an empty list): then the answer
   * is bad, whatever `expect` says.
   */
  empty?(input: Input, observation: Observation): string | undefined;
  /** The `expect` used when the scenario gives none. */
  defaultExpect: string;
  /**
   * It watches for a disaster: where no service is built on such a probe, its first good answer after the fault is the
   * detection (t2).
   */
  detector?: true;
  /** Named controls that a check may ask for with `control:`. */
  controls?: Readonly<Record<string, Variant<Input>>>;
}

/**
 * Declares a probe. `input` is written as a function and called when somebody needs the schema: to make those of all
 * kinds takes longer than to check a file that uses two.
 */
export const defineProbe = <Input, Needs extends Need = never>(
  probe: Deferred<ProbeDefinition<Input, Needs>, 'input'>,
) => madeOnRead<ProbeDefinition<Input, Needs>, 'input'>(probe, ['input']);
