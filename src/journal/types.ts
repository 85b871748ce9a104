import type {JsonObject} from '../io/json.ts';
import type {SampleState} from '../io/sample.ts';

/** Version of the journal's format; a reader refuses later ones. */
export const journalVersion = 1;

export const phases = [
  'preflight',
  'prepare',
  'steady',
  'gate',
  'inject',
  'effect',
  'recover',
  'verify',
  'undo',
  'report',
] as const;
export type Phase = (typeof phases)[number];

/** `fixture` in prepare, prober and lock; `fault` in inject; `recovery` in recover. */
export type Role = 'fixture' | 'fault' | 'recovery';

export type Verdict = 'passed' | 'failed' | 'inconclusive' | 'aborted' | 'refused' | 'error';
export type Cleanup = 'clean' | 'dirty';
export type ScenarioType = 'disaster' | 'redundancy' | 'rehearsal' | 'inspection';
export type CheckMoment = 'before' | 'broken' | 'after';
export type Wanted = 'pass' | 'fail' | 'skip';

/** An error as the journal keeps it. */
export interface ErrorRecord {
  code: string;
  message: string;
  hint?: string;
  causes?: string[];
}

/** What a mutation changed; see actions' Target. */
export interface TargetRecord {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
  uid?: string;
}

export interface UndoRecordEntry {
  kind: string;
  data: JsonObject;
  /** The data is in this file of the vault, as it holds a secret. */
  sealed?: {file: string; sha256: string};
  payloads?: {file: string; sha256: string}[];
  /** What a person can run instead. Absent where it might show a secret, and in journals of earlier versions. */
  command?: string;
}

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
  targets: TargetRecord[];
  cascade: TargetRecord[];
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
  /** Milliseconds. */
  steadyFor: number;
  effectWithin: number;
  verifyWithin: number;
  stableFor: number;
  runDeadline: number;
  maxTargets?: number;
  allowProtected: {namespace: string; kind: string; selector?: string; name?: string; reason: string}[];
  accept: {loss: string; of?: string[]; since?: string; reason: string}[];
  /** One line per stop condition, or why there is none. */
  stopWhen: string[];
  permissions: number;
}

/** Everything about the run that is known before the cluster was asked. */
export interface RunStarted {
  type: 'run.started';
  run: {id: string; label: string};
  tool: {name: 'kubedrill'; version: string; node: string; platform: string};
  scenario: {
    name: string;
    title: string;
    owner: string;
    file: string;
    sha256: string;
    cadence?: string;
    runbook?: JsonObject;
    evidenceFor?: string[];
    labels?: JsonObject;
    description?: string;
  };
  git?: {commit: string; dirty: boolean};
  people: {operator: string; approvedBy?: string; observer?: string; ticket?: string; attended: boolean};
  /** Attempt number of this scenario in this report folder today (UTC), from 1. */
  attempt: number;
  /** It is played on the practice cluster, which ends with the run's process. */
  practice?: true;
  seed: number;
  /** The command that plays this run again. */
  command: string;
}

export interface ClusterIdentified {
  type: 'cluster.identified';
  uid: string;
  server: string;
  context: string;
  version: string;
  environment: string;
  /** Where the environment class comes from: `config`, `practice`, `this host's engine`, `undeclared`. */
  environmentSource: string;
  practice: boolean;
  nodes: {name: string; version: string; roles: string[]; ready: boolean}[];
}

/** A finding of an earlier run that somebody has to deal with; kept in findings.yaml beside the run folders. */
export interface FindingRecord {
  id: string;
  title: string;
  owner: string;
  /** The last day, `2026-12-31`. */
  due: string;
  status: 'open' | 'in-progress' | 'done' | 'accepted';
  /** Id of the run that it is from. */
  run: string;
  ticket?: string;
}

/** An earlier run of the same scenario, in few words. Figures are bounds in milliseconds; no `max`: not over in time. */
export interface EarlierRun {
  run: string;
  /** UTC. */
  at: string;
  verdict: Verdict;
  cleanup: Cleanup;
  rto?: {min: number; max?: number};
  rpo?: {min: number; max?: number};
}

/** All that happens in a run, one line each. `mono` values are milliseconds on the runner's monotonic clock. */
export type JournalEvent =
  | RunStarted
  /** Another process (rollback) goes on writing; `mono` starts anew. */
  | {type: 'run.resumed'; tool: RunStarted['tool']; operator: string; reason: string}
  | ClusterIdentified
  | {type: 'plan.made'; plan: PlanRecord}
  | {type: 'guard.answered'; phase: Phase; guard: string; ok: boolean; message: string; hint?: string}
  | {type: 'phase.entered'; phase: Phase}
  | {type: 'step.started'; path: string; id?: string; targets?: TargetRecord[]}
  | {
      type: 'step.ended';
      path: string;
      id?: string;
      outcome: 'done' | 'deviated' | 'failed' | 'timeout' | 'aborted' | 'lost' | 'skipped';
      outputs?: JsonObject;
      error?: ErrorRecord;
      note?: string;
      who?: string;
    }
  | {
      type: 'mutation.intent';
      mutation: string;
      role: Role;
      phase: Phase;
      /** Path of the step; absent for the prober and the lock. */
      step?: string;
      target: TargetRecord;
      undo: UndoRecordEntry;
    }
  | {type: 'mutation.applied'; mutation: string; answer?: JsonObject}
  /** `maybeApplied`: the call may have taken effect although no good answer came. */
  | {type: 'mutation.failed'; mutation: string; maybeApplied: boolean; error: ErrorRecord}
  | {type: 'undo.started'; mutation: string; kind: string; by: 'undo' | 'step' | 'rollback'}
  | {
      type: 'undo.ended';
      mutation: string;
      state: 'undone' | 'already' | 'conflict' | 'failed' | 'kept';
      detail?: string;
      /** What a person can run instead. */
      command?: string;
    }
  | {type: 'effect.seen'; path: string; seen: boolean; detail: string}
  | {
      type: 'check.answered';
      check: string;
      moment: CheckMoment | 'control';
      answer: 'pass' | 'fail' | 'blind' | 'error';
      /** When the question went out and the answer came, on the runner's clock. */
      start: number;
      end: number;
      detail?: string;
    }
  | {type: 'control.answered'; series: string; state: SampleState; detail?: string}
  | {
      type: 'series.opened';
      /** `<probe>` or `<probe>@<node>`. */
      series: string;
      probe: string;
      node?: string;
      /** Relative to the run folder. */
      file: string;
      /** Series of one clock share this name: `runner`, or the prober pod's name. */
      clock: string;
    }
  /** runner's mono = series' time + offset, give or take error (both milliseconds). */
  | {type: 'clock.measured'; clock: string; offset: number; error: number}
  | {type: 'series.gap'; series: string; fromSeq: number; toSeq: number; reason: string}
  /** Numbered writes begin. As samples: `seq` is the number; ok is acknowledged, bad refused, blind unknown. */
  | {
      type: 'canary.opened';
      canary: string;
      /** Relative to the run folder. Absent for a resident, which writes by itself. */
      file?: string;
      /** Its number n was written in the n-th `every` (milliseconds) since 1970, by its own clock. */
      resident?: {every: number};
    }
  /** The numbers that the store had: `before` the fault, as `known` to a resident's watch, and `after` the recovery. */
  | {
      type: 'canary.read';
      canary: string;
      moment: 'before' | 'known' | 'after';
      /** When the question went out and the answer came, on the runner's clock. */
      start: number;
      end: number;
      /** Ranges of numbers, `0-41,44`. Absent: they could not be read. */
      present?: string;
      error?: string;
    }
  /** The recovery point is at hand (t4). It was taken at some instant between the two (UTC). */
  | {type: 'recoveryPoint.verified'; uses: string; name: string; takenFrom: string; takenTo: string}
  | {type: 'mark'; name: 'detected' | 'declared' | 'restored'; by: string}
  | {type: 'note'; text: string}
  /**
   * What the report folder said of earlier runs of this scenario right before the report: noted here, so that the
   * report stays a function of the run's own folder.
   */
  | {
      type: 'past.read';
      /** The run before on the same cluster, with the SHA-256 of its report.json. */
      previous?: {run: string; sha256: string};
      /** At most five on clusters of the same class, oldest first. */
      earlier: EarlierRun[];
      /** Those of this scenario that are open. */
      findings: FindingRecord[];
    }
  | {type: 'signal'; name: string}
  /** The drill stops injecting or recovering and goes to undo. */
  | {
      type: 'stopped';
      cause: 'signal' | 'stopWhen' | 'deadline' | 'step' | 'abort' | 'clusterLost' | 'error';
      detail: string;
    }
  | {
      type: 'verdict';
      verdict: Verdict;
      cleanup: Cleanup;
      exitCode: number;
      reasons: string[];
    }
  | {type: 'run.ended'};

/** One line of journal.jsonl. */
export type JournalEntry = {
  v: number;
  seq: number;
  /** UTC, ISO 8601 with milliseconds. */
  at: string;
  /** Milliseconds on the runner's monotonic clock. */
  mono: number;
} & JournalEvent;
