import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {startPracticeCluster} from '../../src/cli/support/practice.ts';
import {connect} from '../../src/cluster/connect.ts';
import type {Connection} from '../../src/cluster/types.ts';
import {type Config, defaultConfig} from '../../src/drill/config/config.ts';
import {type DrillRequest, type DrillResult, type ManualAnswer, runDrill} from '../../src/drill/index.ts';
import {systemClock} from '../../src/io/clock.ts';
import {createExec} from '../../src/io/exec.ts';
import {silentLog} from '../../src/io/log.ts';
import {readJournal} from '../../src/journal/read.ts';
import type {JournalEntry} from '../../src/journal/types.ts';
import type {PracticeCluster, PracticeOptions} from '../../src/practice/index.ts';
import {loadScenarios, renderDiagnostics} from '../../src/scenario/index.ts';
import {quick} from './practice.ts';
import {chunks} from './scenario.ts';

export interface DrillOptions {
  practice?: Partial<PracticeOptions>;
  config?: Partial<Config>;
  people?: DrillRequest['people'];
  approve?: string;
  /** The class that the drill believes the cluster to have; `true`: practice. */
  isPractice?: boolean;
  /** Answers manual steps; absent: unattended. */
  answer?: () => ManualAnswer | Promise<ManualAnswer>;
  /** Called for every journal entry while the drill runs. */
  onEntry?: (entry: JournalEntry, control: {abort: (signal: string) => void; cluster: PracticeCluster}) => void;
  /** Called for every sample that comes in. */
  onSample?: DrillRequest['progress']['sample'];
  /** Changes the connection: a test's way to let calls go wrong. */
  through?: (connection: Connection) => Connection;
  vars?: Record<string, string>;
  /** Anything else of the request that the test gives itself: a clock, a way to dial. */
  request?: Partial<DrillRequest>;
}

export interface PlayedDrill extends DrillResult {
  entries: JournalEntry[];
  /** Objects with the run's label, and kubedrill's own namespace, after the run. */
  residue: string[];
  reports: string;
}

/** Plays a scenario on a practice cluster of its own, which it stops afterwards. */
export async function playOnPractice(yaml: string, options: DrillOptions = {}): Promise<PlayedDrill> {
  const folder = await mkdtemp(join(tmpdir(), 'kubedrill-drill-'));
  const cluster = await startPracticeCluster({seed: 1, latency: quick, ...options.practice});
  try {
    return await playOn(cluster, folder, yaml, options);
  } finally {
    await cluster.stop();
    await rm(folder, {recursive: true, force: true});
  }
}

/** Plays a scenario on a cluster that is already there. */
export function playOn(
  cluster: PracticeCluster,
  folder: string,
  yaml: string,
  {onEntry, ...options}: DrillOptions = {},
): Promise<PlayedDrill> {
  return playAgainst(cluster, folder, yaml, {
    ...options,
    onEntry: (entry, control) => onEntry?.(entry, {...control, cluster}),
  });
}

interface AnyClusterOptions extends Omit<DrillOptions, 'practice' | 'onEntry'> {
  onEntry?: (entry: JournalEntry, control: {abort: (signal: string) => void}) => void;
}

/** Plays a scenario on any cluster that a kubeconfig leads to. */
export async function playAgainst(
  cluster: Pick<PracticeCluster, 'kubeconfig' | 'dial'>,
  folder: string,
  yaml: string,
  options: AnyClusterOptions = {},
): Promise<PlayedDrill> {
  const file = join(folder, 'scenario.yaml');
  await writeFile(file, yaml);
  const {scenarios, diagnostics} = await loadScenarios([file], {cwd: folder, stdin: chunks()});
  const scenario = scenarios[0];
  if (!scenario) throw new Error(renderDiagnostics(diagnostics));
  const controller = new AbortController();
  const abort = (signal: string) => controller.abort(signal);
  const env = {};
  const open = async () => connect({kubeconfigText: cluster.kubeconfig, env});
  const {answer, onEntry, onSample, through = (connection) => connection} = options;
  const result = await runDrill({
    scenario,
    given: {cli: options.vars ?? {}, files: [], env},
    connect: async () => through(await open()),
    practice: options.isPractice ?? true,
    config: {...defaultConfig, ...options.config},
    reports: join(folder, 'reports'),
    people: options.people ?? {},
    ...(options.approve === undefined ? {} : {approve: options.approve}),
    seed: 1,
    proberImage: 'kubedrill/kubedrill:test',
    command: 'kubedrill run scenario.yaml',
    version: '0.0.0',
    env,
    clock: systemClock,
    log: silentLog,
    dial: cluster.dial,
    exec: createExec(),
    interaction: {
      attended: answer !== undefined,
      manual: async () => (await answer?.()) ?? {outcome: 'abort', who: 'nobody'},
    },
    progress: {entry: (entry) => onEntry?.(entry, {abort}), sample: onSample ?? (() => undefined)},
    abort: controller.signal,
    ...options.request,
  });
  const connection = await open();
  const {entries} = await readJournal(join(result.folder, 'journal.jsonl'));
  const residue = await leftovers(connection);
  connection.close();
  return {...result, entries, residue, reports: join(folder, 'reports')};
}

async function leftovers({reader}: Connection): Promise<string[]> {
  const labelSelector = 'kubedrill.dev/run';
  const kinds = [
    ['v1', 'Pod'],
    ['v1', 'ConfigMap'],
    ['v1', 'Service'],
    ['v1', 'Namespace'],
    ['apps/v1', 'Deployment'],
    ['apps/v1', 'DaemonSet'],
    ['coordination.k8s.io/v1', 'Lease'],
  ] as const;
  const lists = await Promise.all(kinds.map(([apiVersion, kind]) => reader.list({apiVersion, kind, labelSelector})));
  return lists.flat().map(({kind, metadata}) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
}
