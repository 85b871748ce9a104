import type {JsonObject} from '../io/json.ts';
import type {SampleState} from '../io/sample.ts';
import type {Target} from '../io/target.ts';
import type {EffectSeen} from './effect.ts';
import type {FindingRecord} from './finding.ts';
import type {CheckMoment, PlanRecord} from './plan.ts';
import type {WorldCompared, WorldNoted} from './world.ts';

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

/** An error as the journal keeps it. */
export interface ErrorRecord {
  code: string;
  message: string;
  hint?: string;
  causes?: string[];
}

export interface UndoRecordEntry {
  kind: string;
  data: JsonObject;
  /** The data is in this file of the vault, as it holds a secret. */
  sealed?: {file: string; sha256: string};
  payloads?: {file: string; sha256: string}[];
  /** Entries of the target's `metadata.managedFields` before the mutation, here or in a file of the vault. */
  owners?: {entries?: JsonObject[]; saved?: {file: string; sha256: string}};
  /** What a person can run instead. Absent where it might show a secret, and in journals of earlier versions. */
  command?: string;
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
  | {type: 'step.started'; path: string; id?: string; targets?: Target[]}
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
      target: Target;
      undo: UndoRecordEntry;
    }
  /** `warnings`: what the API server warned of in its answer. */
  | {type: 'mutation.applied'; mutation: string; answer?: JsonObject; warnings?: string[]}
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
      /** UID of the object that it found or made in the place of a deleted one. */
      uid?: string;
    }
  | WorldNoted
  | WorldCompared
  | EffectSeen
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
