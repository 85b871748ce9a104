import type {JsonObject} from '../io/json.ts';
import type {Target} from '../io/target.ts';

export type ScenarioType = 'disaster' | 'redundancy' | 'rehearsal' | 'inspection';
export type CheckMoment = 'before' | 'broken' | 'after';
export type Wanted = 'pass' | 'fail' | 'skip';

/** One step as planned. `path` is `<phase>.<index>`, with `.<index>` more inside `parallel`. */
export interface StepRecord {
  path: string;
  phase: 'prepare' | 'inject' | 'recover';
  form: 'uses' | 'waitFor' | 'manual' | 'pause' | 'parallel' | 'undo';
  id?: string;
  name?: string;
  uses?: string;
  with?: JsonObject;
  /** What a person reads: the text of a manual step, the condition of a waitFor, the id behind `undo`. */
  text?: string;
  runbookStep?: string;
  /** Milliseconds. */
  timeout: number;
  /** The `if` said no; the step is listed and not played. */
  skipped?: boolean;
  /** A target that an earlier step will make: resolved right before the step. */
  deferred?: boolean;
  /** How many targets it is to have, where earlier steps make them. */
  foreseen?: number;
  targets: Target[];
  cascade: Target[];
  undoKinds: string[];
  reversal?: string;
  notes?: string[];
}

export interface ProbeRecord {
  name: string;
  uses: string;
  from: 'runner' | 'cluster' | 'node';
  on?: 'oneNode' | 'eachNode' | {selector: string};
  /** Milliseconds. */
  every: number;
  timeout: number;
  with: JsonObject;
  expect?: string;
  /** Its first good answer after the fault is the detection (t2): an alert that no service is built on. */
  detector?: true;
}

/** A canary as planned. */
export interface CanaryRecord {
  name: string;
  uses: string;
  /** Milliseconds. */
  every: number;
  with: JsonObject;
}

export interface ServiceRecord {
  name: string;
  up: string[];
  outage: 'required' | 'possible' | 'none';
  by: 'inject' | 'recover';
  okRatio: number;
}

export type ObjectiveMetric = 'rto' | 'rpo' | 'detection' | 'restoreTime' | 'availability' | 'backupAge';

export interface ObjectiveRecord {
  metric: ObjectiveMetric;
  /** Milliseconds; for availability a ratio of 1. */
  target: number;
  of?: string;
  from?: 'fault' | 'impact' | 'declared' | 'recovery';
  source: string;
}

export interface CheckRecord {
  name: string;
  uses: string;
  with: JsonObject;
  expect?: string;
  states: Record<CheckMoment, Wanted>;
  control?: string;
}

/** The plan as frozen before the first mutation: all that the report needs of the scenario. */
export interface PlanRecord {
  type: ScenarioType;
  vars: {name: string; value: JsonObject[string]; committed: JsonObject[string]; origin: string}[];
  steps: StepRecord[];
  probes: ProbeRecord[];
  /** Absent in journals of versions without canaries. */
  canaries?: CanaryRecord[];
  services: ServiceRecord[];
  objectives: ObjectiveRecord[];
  checks: CheckRecord[];
  /** `effect.prove`: the question that shows that the faults took effect. */
  prove?: Pick<CheckRecord, 'uses' | 'with' | 'expect'>;
  /** Milliseconds. */
  steadyFor: number;
  effectWithin: number;
  verifyWithin: number;
  stableFor: number;
  runDeadline: number;
  maxTargets?: number;
  allowProtected: {namespace: string; kind: string; selector?: string; name?: string; reason: string}[];
  accept: {loss: string; of?: string[]; since?: string; reason: string}[];
  /** Why the cluster is not compared with what it was before; absent: it is. */
  compareOff?: string;
  /** One line per stop condition, or why there is none. */
  stopWhen: string[];
  permissions: number;
}
