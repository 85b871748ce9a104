import type {ActionContext, ActionDefinition, ActionPlan, RunInfo, Vault} from '../actions/define.ts';
import type {HeldTime} from '../actions/object/held-time.ts';
import type {ClusterIdentity, Connection} from '../cluster/types.ts';
import type {CriticalSections} from '../io/critical.ts';
import type {Json, JsonObject} from '../io/json.ts';
import type {Redactor} from '../io/redact.ts';
import type {PlanRecord, StepRecord} from '../journal/plan.ts';
import type {Journal} from '../journal/write.ts';
import type {MeansAtHand, Need} from '../outside/means.ts';
import type {Observation} from '../probes/define.ts';
import type {InnerStep, Spec, Step} from '../scenario/index.ts';
import type {Environment} from './guards/environment.ts';
import type {Memory} from './guards/memory.ts';
import type {Runner} from './guards/runner.ts';
import type {DrillRequest} from './types.ts';
import type {Turns} from './undo/turns.ts';

/** One step as it will be played: its record for the journal, and what the program needs beside it. */
export interface PlannedStep {
  record: StepRecord;
  step: Step | InnerStep;
  /** Steps inside `parallel`. */
  children: PlannedStep[];
}

/** What expressions may speak of: `vars`, `env`, `run`, `cluster`, and the outputs of steps that have run. */
export interface Scope {
  vars: Record<string, Json>;
  env: Readonly<Record<string, string | undefined>>;
  run: JsonObject;
  cluster: JsonObject;
  steps: Record<string, {outputs: JsonObject}>;
}

/** What preflight found by reading; fixed from then on. */
export interface Prepared {
  connection: Connection;
  /** What of the outside is at hand for it. */
  means: MeansAtHand;
  identity: ClusterIdentity;
  environment: Environment;
  spec: Spec;
  steps: Record<'prepare' | 'inject' | 'recover', PlannedStep[]>;
  plan: PlanRecord;
  /** Where in the target cluster kubedrill itself runs. */
  runner: Runner;
  /** What planning and the guards have seen of the cluster. */
  seen: Memory;
}

/** One run, from its folder on. */
export interface Session {
  request: DrillRequest;
  run: RunInfo;
  /** The run folder. */
  folder: string;
  journal: Journal;
  connection: Connection;
  vault: Vault & {clear(): Promise<void>};
  /** Takes secrets out of everything that is written outside the vault. */
  redactor: Redactor;
  operator: string;
  scope: Scope;
  /** Ids of mutations, in order. */
  nextMutation: () => string;
  /** Work of steps that must not be cut off half-way, and who is told of it. */
  sections: CriticalSections;
  /** Who is at the undo of which mutation. */
  turns: Turns;
  /** What the undos of the run have together for what others have to let go. */
  heldTime: HeldTime;
}

/** What a played `uses` step left behind, for its effect and for `undo`. */
export interface Played {
  path: string;
  definition: ActionDefinition<unknown, unknown>;
  input: unknown;
  plan: ActionPlan;
  output: unknown;
  context: ActionContext<Need>;
}

/** A run that preflight has let through: what is known of it from then on, whatever is built on top. */
export interface ReadyRun extends Session {
  prepared: Prepared;
  /** Played `uses` steps of the run by path. */
  played: Map<string, Played>;
  /** What the checks saw in `steady`, by name: `before.…` in their expressions. */
  before: Map<string, Observation>;
  /** What `effect.prove` said right before the fault, which was a no, and what it observed. */
  proofBefore?: {said: string; observation?: Observation};
}

/** The scope as plain data for expressions. */
export function scopeOf({scope}: Pick<Session, 'scope'>): JsonObject {
  return {
    vars: scope.vars,
    env: Object.fromEntries(
      Object.entries(scope.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
    ),
    run: scope.run,
    cluster: scope.cluster,
    steps: scope.steps as unknown as JsonObject,
  };
}
