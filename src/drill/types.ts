import type {Connection} from '../cluster/types.ts';
import type {Clock} from '../io/clock.ts';
import type {HoldOff} from '../io/critical.ts';
import type {Dial} from '../io/dial.ts';
import type {Exec} from '../io/exec.ts';
import type {Log} from '../io/log.ts';
import type {Sample} from '../io/sample.ts';
import type {PlanRecord} from '../journal/plan.ts';
import type {Cleanup, ClusterIdentified, JournalEntry, Verdict} from '../journal/types.ts';
import type {createJournal} from '../journal/write.ts';
import type {MeansAtHand} from '../outside/means.ts';
import type {ScenarioFile, VarsGiven} from '../scenario/index.ts';
import type {Config} from './config/config.ts';

/** A person's answer to a manual step. */
export interface ManualAnswer {
  outcome: 'done' | 'deviated' | 'abort';
  note?: string;
  who: string;
}

/** How a drill speaks with the people around it. */
export interface Interaction {
  /** Whether somebody can answer: a TTY, and no CI. */
  attended: boolean;
  /** Asks for a manual step. Rejects when `signal` aborts. */
  manual(step: {text: string; role?: string; expected?: number}, signal: AbortSignal): Promise<ManualAnswer>;
}

/** Told of everything as it happens; must not throw. What the live frame and the plain lines are made of. */
export interface Progress {
  entry(entry: JournalEntry): void;
  /** `at`: start of the sample on the runner's clock. */
  sample(series: string, sample: Sample, at: number): void;
}

/** Everything `run` and `plan` need. Nothing in here is read from the process. */
export interface DrillRequest {
  scenario: ScenarioFile;
  given: VarsGiven;
  /** Connects to the cluster; rejects with a DrillError when that fails. */
  connect: () => Promise<Connection>;
  /** The cluster is the built-in practice cluster. */
  practice: boolean;
  config: Config;
  /** Reads the config file again: a freeze that is written into it ends the run. Absent: it is read once. */
  reloadConfig?: () => Promise<Config>;
  /** Opens the run's journal; absent: a file in the run folder. A test's way to let a disk fail. */
  openJournal?: typeof createJournal;
  /** Folder that holds the run folders. */
  reports: string;
  /** Folder of this machine's locks; absent: only the Lease in the cluster counts. */
  locks?: string;
  people: {operator?: string; approvedBy?: string; observer?: string; ticket?: string};
  /** `--approve`: name or UID of a production cluster. */
  approve?: string;
  /** `-n`. */
  namespace?: string;
  seed: number;
  /** Milliseconds for each undo; absent: three minutes. A test's way not to wait so long. */
  undoWithin?: number;
  /** Milliseconds for controllers to come to rest before the comparison; absent: 30 s. A test's way not to wait so long. */
  restWithin?: number;
  /** Image of the prober pod. */
  proberImage: string;
  /** `--dry-run=server`, for `planDrill` alone: every write is also sent with dryRun=All. */
  dryRun?: 'server';
  /** The command line that plays this run again, for the report. */
  command: string;
  version: string;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  log: Log;
  dial: Dial;
  exec: Exec;
  /** Means beside programs that belong to the cluster: the practice cluster brings its own. */
  means?: MeansAtHand;
  interaction: Interaction;
  progress: Progress;
  /** Told of work that must not be cut off half-way: it holds off a second signal. */
  holdOff?: HoldOff;
  /** Aborted by a signal (reason: its name, `SIGINT`) or `kubedrill abort`. */
  abort: AbortSignal;
}

/** How a drill ended. */
export interface DrillResult {
  runId: string;
  /** The run folder. */
  folder: string;
  verdict: Verdict;
  cleanup: Cleanup;
  exitCode: number;
  /** The verdict sentence, as on top of the report. */
  sentence: string;
}

/** One question asked before the first mutation. */
export interface GuardAnswer {
  guard: string;
  ok: boolean;
  message: string;
  hint?: string;
}

/** What the API server said to the writes of one step in a dry run. */
export interface DryRunAnswer {
  path: string;
  uses: string;
  /** Writes that it would have accepted. */
  sent: number;
  /** Why it would not accept one. */
  refused?: string;
  /** Why none was sent. */
  skipped?: string;
  /** What else the API server said: warnings, and what is to be asked again later. */
  notes?: string[];
}

/** What `run` would do, found by reading alone. */
export interface PlanResult {
  title: string;
  plan: PlanRecord;
  guards: GuardAnswer[];
  /** What is no reason to refuse, and may make the result worth less. */
  warnings: string[];
  cluster?: Omit<ClusterIdentified, 'type'>;
  permissions: {verb: string; resource: string; namespace?: string; name?: string; allowed: boolean}[];
  /** Milliseconds from start to report when everything goes as planned, and at most. */
  estimate: {expected: number; deadline: number};
  /** With `dryRun` only, and only when no guard said no. */
  dryRun?: DryRunAnswer[];
}
