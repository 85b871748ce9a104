import type {EffectSeen} from '../journal/effect.ts';
import type {FindingRecord} from '../journal/finding.ts';
import type {ObjectiveRecord, PlanRecord, ProbeRecord, ServiceRecord} from '../journal/plan.ts';
import type {Cleanup, ClusterIdentified, EarlierRun, Phase, RunStarted, Verdict} from '../journal/types.ts';
import type {Difference} from '../journal/world.ts';
import type {CanaryLoss, Detection, Instant, Rpo, Rto, ServiceAssessment} from '../measure/index.ts';
import type {Account} from './account/types.ts';
import type {CheckReport, GuardReport, MutationReport, StepReport} from './happened.ts';

/** Names of the instants of a run; contract.md section 3. */
export type InstantName = 't0' | 't1' | 't2' | 't3' | 't4' | 't5' | 't6' | 't7' | 't8';

/** One instant of the timeline; `instant` is absent where it never came, with the reason in `source`. */
export interface TimelineRow {
  name: InstantName;
  what: string;
  /** The service that it is about (t1, t6, t7). */
  service?: string;
  instant?: Instant;
  /** UTC, by the journal, when it came in another process (a rollback), whose clock is not comparable. */
  at?: string;
  source: string;
}

/** A stretch of equal samples (milliseconds on the runner's clock). */
export interface SampleRun {
  state: 'ok' | 'bad' | 'blind';
  from: number;
  until: number;
}

export interface SeriesReport {
  name: string;
  probe: string;
  node?: string;
  from: ProbeRecord['from'];
  every: number;
  /** The process whose clock the samples were taken on. */
  clocks: string[];
  files: string[];
  /** What its control answered; absent: never asked. A probe that cannot go red proves nothing. */
  control?: 'ok' | 'bad' | 'blind';
  assessment?: ServiceAssessment;
  /** All of its samples, in stretches of equal ones. */
  runs: SampleRun[];
  /** One character for each column of the strips: ok, bad, blind, no sample. */
  strip?: string;
}

export interface ServiceReport extends ServiceRecord {
  /** Names of its series. */
  series: string[];
  /**
   * From the fault to the start of undo. Absent when no fault was injected. The outages of a service that the cure takes
   * down are those since the cure began.
   */
  assessment?: ServiceAssessment;
  /** State right before the fault. */
  before?: ServiceAssessment['state'];
}

/** What a canary says about lost data. */
export interface CanaryReport {
  name: string;
  uses: string;
  /** Milliseconds from one write to the next. */
  every: number;
  /** It was there before the drill, and writes by its own clock. */
  resident: boolean;
  /** Its writes as a series, relative to the run folder: ok is acknowledged, bad refused, blind unknown. */
  file?: string;
  /** Absent: the survivors could not be counted. */
  loss?: CanaryLoss;
  figure: Rpo;
  /** The figure as a bound; `max` is absent where the recovery point is older than the canary. */
  bound?: {min: number; max?: number};
  /** `derived` from the recovery point's own time; absent where there is no figure with both ends. */
  basis?: 'measured' | 'derived';
  note?: string;
}

/** What a probe that watches an alert says. */
export type DetectionReport = {probe: string; uses: string} & Detection;

export type ObjectiveResult = 'met' | 'breached' | 'inconclusive' | 'no-target' | 'not-measured';

export interface ObjectiveReport extends Omit<ObjectiveRecord, 'target'> {
  /** Absent: the scenario sets none for this service. */
  target?: number;
  figure: Rto;
  /** The figure as a bound; `max` is absent when it was not over in time. */
  bound?: {min: number; max?: number};
  /** Availability is a share of 1 instead: at least, at most. */
  share?: {min: number; max: number};
  /** rpo: whether the canary measured it or the recovery point's own time gives it. */
  basis?: 'measured' | 'derived';
  result: ObjectiveResult;
  /** Share of the target that the upper end leaves; negative when it is beyond. */
  margin?: number;
  note?: string;
}

/** A file of the run folder that the report was made from or speaks of. */
export interface FileRecord {
  /** Relative to the run folder. */
  path: string;
  sha256: string;
  bytes: number;
}

/** What is otherwise than before the drill, of everything that was in its reach. */
export interface Compared {
  /** Objects that were there before or are there now. */
  objects: number;
  namespaces: string[];
  differences: Difference[];
  /** What could not be looked at, and why. */
  unseen: string[];
}

/** How a recovery time compares with those before. */
export interface Trend {
  /** Runs that the median is of. */
  runs: number;
  /** Median of their upper ends (milliseconds). */
  median: number;
  /** Share by which this run's upper end is longer; negative when it is shorter. */
  change: number;
  regression: boolean;
}

/** Everything that a report says, as plain data. All times are milliseconds on the runner's monotonic clock. */
export interface ReportModel {
  /** Where that clock stood at a UTC instant: the run's first entry. */
  origin: {mono: number; at: string};
  /** End of the first process's entries. */
  end: number;
  /** False: the process that played the drill died before its report. */
  complete: boolean;
  run?: Omit<RunStarted, 'type'>;
  rollbacks: {at: string; operator: string; reason: string; version: string}[];
  cluster?: Omit<ClusterIdentified, 'type'>;
  plan?: PlanRecord;
  phases: {phase: Phase; start: number; end: number}[];
  guards: GuardReport[];
  /** A fault was, or may have been, injected. */
  injected: boolean;
  stopped?: {cause: string; detail: string};
  signals: string[];
  marks: {name: string; by: string; at: number}[];
  /** t0; also the start of the window that is judged. */
  fault?: Instant;
  window?: {from: number; until: number};
  /** How far the wall clock went ahead of the monotonic one since then: the runner may have slept as long. */
  wallForward?: number;
  timeline: TimelineRow[];
  services: ServiceReport[];
  series: SeriesReport[];
  strips?: {from: number; column: number};
  canaries: CanaryReport[];
  detections: DetectionReport[];
  objectives: ObjectiveReport[];
  checks: CheckReport[];
  effects: Omit<EffectSeen, 'type'>[];
  /** What did what. Absent without a plan. */
  account?: Account;
  steps: StepReport[];
  mutations: MutationReport[];
  /** What is otherwise than before the drill. Absent when nobody has compared. */
  compared?: Compared;
  notes: string[];
  /** Findings of earlier runs of this scenario that were open when the report was made. */
  findings: FindingRecord[];
  /** Runs of this scenario on clusters of this class before this one, at most five, oldest first. */
  earlier: EarlierRun[];
  trend?: Trend;
  /** The run before on the same cluster, and what its report.json was then. */
  previous?: {run: string; sha256: string};
  /** What the run left, with its hashes: a change of any of them shows. */
  files: FileRecord[];
  /** What is missing from the record: torn lines, lost samples, a clock that jumped. */
  damage: string[];
}

export interface VerdictResult {
  verdict: Verdict;
  cleanup: Cleanup;
  exitCode: number;
  /** Sentences. */
  reasons: string[];
  /** What to do about them; absent where there is nothing but to run it again. */
  advice?: string[];
}

/** report.json. */
export interface ReportDocument extends ReportModel {
  apiVersion: 'kubedrill.dev/v1';
  kind: 'Report';
  verdict: VerdictResult & {sentence: string};
}
