import type * as z from 'zod';
import type {RunInfo, UndoDefinition, UndoRecord, Vault, Writer} from '../actions/define.ts';
import type {ClusterReader, Permission} from '../cluster/types.ts';
import type {Clock} from '../io/clock.ts';
import type {Dial} from '../io/dial.ts';
import {type Deferred, madeOnRead} from '../io/once.ts';
import type {Target} from '../io/target.ts';
import type {Need} from '../outside/means.ts';

/** What became of one numbered write. `unknown`: no answer came, so that the store may have taken it or not. */
export interface WriteOutcome {
  state: 'acknowledged' | 'refused' | 'unknown';
  /** Why, in a few words. */
  detail?: string;
}

/** What a canary may use. `write` is for {@link Canary.write} alone, under the intent that covers the canary. */
export type CanaryContext<Needs extends Need = never> = {
  /** Name of the canary in its scenario. */
  name: string;
  run: RunInfo;
  clock: Clock;
  dial: Dial;
  cluster: ClusterReader;
  writer: Writer<Needs>;
  vault: Vault;
  /** The namespace of `-n`, else the context's, else `default`. */
  defaultNamespace: string;
};

/** Ends one call: at `timeout` (milliseconds) or when `signal` aborts. */
export interface CallBounds {
  signal: AbortSignal;
  timeout: number;
}

/** A canary of one run, that writes. */
export interface WritingCanary {
  /**
   * The undo that takes back everything it will ever write, and what it writes to. One intent with it is on disk before
   * the first write and covers them all: an intent for each of several writes a second would slow down what is measured.
   * So the undo must find the writes by the run they belong to, never by a list of them.
   */
  cover(): Promise<{undo: UndoRecord; target: Target}>;
  /** Writes one number, in one call that is never repeated. Never rejects. */
  write(number: number, bounds: CallBounds): Promise<WriteOutcome>;
  /** The numbers of this run that the store holds. Rejects when it does not say. */
  read(bounds: CallBounds): Promise<number[]>;
}

/** A canary that was there before the run and writes by its own clock: it is only read. */
export interface ResidentCanary {
  resident: {every: number};
  read(bounds: CallBounds): Promise<number[]>;
}

export type Canary = WritingCanary | ResidentCanary;

/**
 * One kind of store that numbered writes go to.
 * Members are methods where they take the input, so that definitions of different inputs fit into one registry.
 */
export interface CanaryDefinition<Input = unknown, Needs extends Need = Need> {
  kind: string;
  summary: string;
  /** Means outside the Kubernetes API that it uses. */
  needs?: readonly Needs[];
  /** Strict object; defaults fill in. */
  input: z.ZodType<Input>;
  /** Every kind of undo that its records may name. */
  undos: readonly UndoDefinition[];
  permissions(input: Input, context: {defaultNamespace: string}): Permission[];
  /** Commands that it will run, for the config's `allowCommands`. */
  commands?(input: Input): readonly (readonly string[])[];
  /** Namespace that it writes to, for the protection of namespaces. */
  namespace?(input: Input, context: {defaultNamespace: string}): string | undefined;
  /** Prepares a canary; calls nothing. */
  open(ctx: CanaryContext<Needs>, input: Input): Canary;
  /** Inputs that show how it is used; for the reference. */
  examples: readonly Input[];
}

/** Declares a kind of canary. `input` is written as a function and called when somebody needs the schema. */
export const defineCanary = <Input, Needs extends Need = never>(
  canary: Deferred<CanaryDefinition<Input, Needs>, 'input'>,
) => madeOnRead<CanaryDefinition<Input, Needs>, 'input'>(canary, ['input']);
