import type {FindingRecord} from '../../journal/finding.ts';
import type {ReportHead} from '../head.ts';
import type {Trend} from '../types.ts';
import {type Due, dueOf} from './cadence.ts';
import {isOpen, scenarioOf} from './findings.ts';
import {trendOf} from './trend.ts';

/** A scenario as its file has it, as far as history needs it. */
export interface KnownScenario {
  name: string;
  title: string;
  owner: string;
  cadence?: string;
  environments: readonly string[];
}

/** A run with how it compares with those before it on clusters of its class. */
export interface ComparedRun extends Omit<ReportHead, 'files' | 'scenario' | 'tool'> {
  trend?: Trend;
}

export interface ScenarioHistory {
  name: string;
  title: string;
  owner: string;
  cadence?: string;
  /** Oldest first. */
  runs: ComparedRun[];
  due: Due[];
  findings: FindingRecord[];
}

/** What `history --fail-on` may stop at. */
export const historyFaults = ['not-passed', 'regression', 'overdue', 'never-run', 'finding'] as const;
export type HistoryFault = (typeof historyFaults)[number];

export interface HistoryFaultFound {
  fault: HistoryFault;
  message: string;
}

/**
 * The history of every scenario that was run or is known, by name.
 * @param runs oldest first
 */
export function historyOf(
  runs: readonly ReportHead[],
  known: readonly KnownScenario[],
  findings: readonly FindingRecord[],
  now: Date,
): ScenarioHistory[] {
  const names = [...new Set([...runs.map(({scenario}) => scenario.name), ...known.map(({name}) => name)])].sort();
  return names.map((name) => {
    const own = runs.filter(({scenario}) => scenario.name === name);
    const file = known.find((one) => one.name === name);
    const latest = own.at(-1)?.scenario;
    const cadence = file ? file.cadence : latest?.cadence;
    // Without the file, the classes that it was run on are all that is known.
    const environments = file?.environments ?? own.flatMap(({cluster}) => cluster?.environment ?? []);
    const scenario = {environments, ...(cadence === undefined ? {} : {cadence})};
    return {
      name,
      title: file?.title ?? latest?.title ?? '',
      owner: file?.owner ?? latest?.owner ?? '',
      ...(cadence === undefined ? {} : {cadence}),
      runs: own.map((run, index) => compared(run, own.slice(0, index))),
      due: dueOf(scenario, own, now),
      findings: findings.filter((one) => isOpen(one) && scenarioOf(one.run) === name),
    };
  });
}

function compared(
  {files: _files, scenario: _scenario, tool: _tool, ...run}: ReportHead,
  before: ReportHead[],
): ComparedRun {
  const alike = before.filter(({cluster}) => cluster?.environment === run.cluster?.environment);
  const trend = trendOf(run.rto?.max, alike);
  return {...run, ...(trend ? {trend} : {})};
}

/** What a scenario's history shows of the things that one may want to stop at, as sentences. */
export function faultsOf({name, runs, due, findings}: ScenarioHistory, now: Date): HistoryFaultFound[] {
  const found: HistoryFaultFound[] = [];
  const add = (fault: HistoryFault, message: string) => found.push({fault, message: `${name}: ${message}`});
  const latest = runs.at(-1);
  const today = now.toISOString().slice(0, 10);
  if (latest && latest.verdict !== 'passed') add('not-passed', `the latest run is ${latest.verdict} (${latest.run})`);
  else if (latest?.cleanup === 'dirty') add('not-passed', `the latest run passed and is dirty (${latest.run})`);
  if (latest?.trend?.regression) {
    const {change, runs: others} = latest.trend;
    add('regression', `the latest RTO is ${Math.round(change * 100)} % longer than the median of the ${others} before`);
  }
  for (const {environment, state, due: until} of due) {
    if (state === 'overdue') add('overdue', `overdue on ${environment} since ${until}`);
    if (state === 'never run') add('never-run', `never run to a result on ${environment}`);
  }
  if (runs.length === 0 && due.length === 0) add('never-run', 'never run');
  for (const one of findings.filter((finding) => finding.due < today)) {
    add('finding', `finding ${one.id} of ${one.owner} was due ${one.due}: ${one.title}`);
  }
  return found;
}
