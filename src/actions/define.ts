import type * as z from 'zod';
import type {ClusterReader, ClusterWriter, ObjectRef, Permission} from '../cluster/types.ts';
import type {Clock} from '../io/clock.ts';
import type {Critical} from '../io/critical.ts';
import type {Dial} from '../io/dial.ts';
import type {JsonObject} from '../io/json.ts';
import type {Log} from '../io/log.ts';
import {type Deferred, madeOnRead} from '../io/once.ts';
import type {Random} from '../io/random.ts';
import type {Target} from '../io/target.ts';
import type {ChangingMeans, Means, Need} from '../outside/means.ts';
import type {Coming} from './common/coming.ts';
import type {TouchedField} from './fields/touched.ts';
import type {HeldTime} from './object/held-time.ts';
import type {Leaving, OwnWork, Standing} from './own-work.ts';
import type {ActionPlan} from './planned.ts';

export type {ActionPlan, PlannedLoss} from './planned.ts';

/** How what an action did is taken back; mandatory, because nobody can add it afterwards. */
export type Reversal = 'platform-heals' | 'undoable' | 'needs-restore-source' | 'none-needed';

/** Takes one mutation back. Data, never a closure: it must work from the journal in another process. */
export interface UndoRecord {
  /** A key of the undo registry. */
  kind: string;
  data: JsonObject;
  /** Files in the run's vault that it needs, by name within the vault, with their sha256. */
  payloads?: {file: string; sha256: string}[];
  /** Who owned the fields of the target before (`fieldOwners`): what the drill takes of them is given back. */
  owners?: JsonObject[];
}

/** What a mutation's single call may use. */
export type Writer<Needs extends Need = never> = {cluster: ClusterWriter} & Pick<ChangingMeans, Needs>;

/**
 * The only way to change anything outside: appends the intent with its undo record, fsyncs, makes the one call,
 * appends its answer. Rejects with the call's error, after recording whether the call may have taken effect.
 */
export type Mutate<Needs extends Need = never> = <T>(
  mutation: {undo: UndoRecord; target: Target},
  write: (writer: Writer<Needs>) => Promise<T>,
) => Promise<T>;

/** Tries a write out: the API server checks it, fills it in, and answers what it would make of it. Nothing is changed. */
export type Trial = Pick<ClusterWriter, 'apply' | 'patch'>;

/** A private file store of the run (0600) for undo payloads, exports and snapshots. */
export interface Vault {
  /** Writes and fsyncs a file; returns the reference that an undo record carries. */
  put(name: string, content: string | Uint8Array): Promise<{file: string; sha256: string}>;
  /** Reads a payload back and checks its sha256; rejects with a DrillError when it differs or is missing. */
  get(reference: {file: string; sha256: string}): Promise<Buffer>;
}

/**
 * What an action may use: what follows, and the means that its definition names under `needs`. `cluster` and the means
 * only look; the only way to change anything is `mutate`.
 */
export type ActionContext<Needs extends Need = never> = ContextBase & {mutate: Mutate<Needs>} & Pick<Means, Needs>;

interface ContextBase {
  signal: AbortSignal;
  clock: Clock;
  log: Log;
  cluster: ClusterReader;
  /** For `run`: planning only reads. */
  trial: Trial;
  vault: Vault;
  dial: Dial;
  random: Random;
  run: RunInfo;
  /** The role of the step's mutations; what the step makes carries it as the label `kubedrill.dev/role`. */
  role: 'fixture' | 'fault' | 'recovery';
  /** Whether `prepare` made an object, or its namespace: what is made in its place goes with it, by whatever step. */
  isFixture(ref: ObjectRef): boolean;
  /** The namespace of `-n`, else the context's, else `default`. */
  defaultNamespace: string;
  /** Reads a file named in the scenario, relative to the scenario file's folder. */
  readFile(path: string): Promise<string>;
  /** Work that nothing may cut off half-way, a second signal neither; see {@link Critical}. */
  critical: Critical;
}

/** What identifies the run on everything it creates. */
export interface RunInfo {
  id: string;
  /** Value of the label `kubedrill.dev/run`: the last twelve hexadecimal digits that identify the run. */
  label: string;
  fieldManager: 'kubedrill';
}

/** Whether the fault was seen to bite. */
export interface Effect {
  seen: boolean;
  /** A sentence for the report: "2 of 2 old pods are gone". */
  detail: string;
  /** This time it was no more than the action's own write, whatever its kind `shows` in general. */
  ownWrite?: true;
}

/**
 * What an action's effect shows once it is seen. `consequence`: that something came of the call, by others than the drill
 * (pods went, a controller or the kubelet acted). `own-write`: that the API server holds what the action itself wrote;
 * whether anybody took notice is not known, so that it proves no fault.
 */
export type Shows = 'consequence' | 'own-write';

/** Where that depends on the input. A method's type, for the reason given below. */
type ShowsOf<Input> = {of(input: Input): Shows}['of'];

/** A reversal that depends on the input. A method's type, for the reason given below. */
type ReversalOf<Input> = {of(input: Input): Reversal}['of'];

/**
 * One kind of thing a step can do. See CONTRIBUTING, "Adding an action".
 * Members are methods where they take the input, so that definitions of different inputs fit into one registry.
 */
export interface ActionDefinition<Input = unknown, Output = unknown, Needs extends Need = Need> {
  kind: string;
  summary: string;
  /** Strict object; defaults fill in. */
  input: z.ZodType<Input>;
  output: z.ZodType<Output>;
  reversal: Reversal | ReversalOf<Input>;
  /** Means outside the Kubernetes API that it uses; preflight refuses where one is not at hand. */
  needs?: readonly Needs[];
  /** Every kind of undo that its records may name. */
  undos: readonly UndoDefinition[];
  /** Everything `plan`, `run`, `effect` and the undo will ask of the API server. */
  permissions(input: Input, context: {defaultNamespace: string}): Permission[];
  /**
   * Programs that it starts, for the config's `allowCommands`. Of an input that an earlier step has yet to complete,
   * texts still hold their `${{ }}`.
   */
  commands?(input: Input): readonly (readonly string[])[];
  /** Reads only; throws a DrillError when there is nothing to act on. */
  plan(ctx: ActionContext<Needs>, input: Input): Promise<ActionPlan>;
  /**
   * How many targets it will have at most, those included that earlier steps make. Absent: those that its plan has found,
   * or the one that it names.
   */
  foresees?(input: Input, coming: Coming): number | undefined;
  /** Does it. Honours `ctx.signal`; checks each target again right before its call. */
  run(ctx: ActionContext<Needs>, input: Input, plan: ActionPlan): Promise<Output>;
  /** Did it bite? Asked again and again until it says so. Absent: the action has no effect of its own to prove. */
  effect?(ctx: ActionContext<Needs>, input: Input, plan: ActionPlan, output: Output): Promise<Effect>;
  /** Mandatory with `effect`, as nobody can tell from outside. */
  shows?: Shows | ShowsOf<Input>;
  /** Inputs that show how it is used, as in a scenario file; for `explain` and the reference. */
  examples: readonly JsonObject[];
}

/**
 * Declares an action. `input` and `output` are written as functions and called when somebody needs the schema: to make
 * those of all kinds takes longer than to check a file that uses two.
 */
export const defineAction = <Input, Output, Needs extends Need = never>(
  action: Deferred<ActionDefinition<Input, Output, Needs>, 'input' | 'output'>,
) => madeOnRead<ActionDefinition<Input, Output, Needs>, 'input' | 'output'>(action, ['input', 'output']);

/** How an undo ended. */
export type UndoOutcome =
  /** `uid`: of the object that is there now in the place of a deleted one. */
  | {state: 'undone' | 'already'; detail?: string; uid?: string}
  | {state: 'conflict' | 'failed'; detail: string; command?: string};

/**
 * What an undo may use, beside the means that its definition names under `needs`. Writes go through `write`, which
 * journals nothing because the undo itself is journalled.
 */
export type UndoContext<Needs extends Need = never> = {
  signal: AbortSignal;
  clock: Clock;
  log: Log;
  cluster: ClusterReader;
  write: Writer<Needs>;
  vault: Vault;
  run: RunInfo;
  own: OwnWork;
  /** Shared by the undos of a run, where there are others. */
  heldTime?: HeldTime;
  /** As in {@link ActionContext}. */
  critical: Critical;
} & Pick<Means, Needs>;

/**
 * Takes one kind of mutation back. Idempotent; compares the fields the mutation touched, never resourceVersion.
 * `verify` asks whether the world is as it was (or healed), without changing anything: used to verify healed faults and
 * finished undos.
 * A recovery that is kept is verified by `stays`, or where the platform heals what it did, by `verify`.
 */
export interface UndoDefinition<Data = unknown, Needs extends Need = Need> {
  kind: string;
  summary: string;
  /** Means outside the Kubernetes API that it uses; without them it fails, and the run is dirty. */
  needs?: readonly Needs[];
  /**
   * It waits for the platform to heal: that is done last, once nothing that the drill has changed stands in the way, and
   * for all of a run within one deadline.
   */
  waits?: true;
  schema: z.ZodType<Data>;
  permissions(data: Data, target: Target): Permission[];
  run(ctx: UndoContext<Needs>, data: Data, target: Target): Promise<UndoOutcome>;
  verify(ctx: UndoContext<Needs>, data: Data, target: Target): Promise<{ok: boolean; detail: string}>;
  /** Whether what it takes back has to come to rest before it counts as undone; see `rest`. */
  rests?(data: Data): boolean;
  /**
   * Waits until what was taken back has come to rest, the pods of a workload say, and helps where a controller does not:
   * asked once everything else is taken back, within the deadline of all that waits. Undefined when it has.
   */
  rest?(ctx: UndoContext<Needs>, data: Data, target: Target): Promise<(UndoOutcome & {state: 'failed'}) | undefined>;
  /** Whether what its mutation did is there still, without changing anything. Absent: the platform heals it. */
  stays?(ctx: UndoContext<Needs>, data: Data, target: Target): Promise<Standing>;
  /** What its mutation wrote to the fields of the target. */
  wrote?(vault: Vault, data: Data): Promise<readonly TouchedField[]>;
  /** What its mutation leaves in the target for good, by design. */
  leaves?(data: Data, target: Target): Leaving | undefined;
  /** The command by which a person can do the same. */
  command(data: Data, target: Target): string;
}

/** Declares an undo; `schema` is written as a function, as in {@link defineAction}. */
export const defineUndo = <Data, Needs extends Need = never>(undo: Deferred<UndoDefinition<Data, Needs>, 'schema'>) =>
  madeOnRead<UndoDefinition<Data, Needs>, 'schema'>(undo, ['schema']);
