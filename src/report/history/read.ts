import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {messageOf} from '../../io/errors.ts';
import type {EarlierRun, JournalEvent} from '../../journal/types.ts';
import {sha256} from '../files.ts';
import {type ReportHead, readHead} from '../head.ts';
import {isOpen, readFindings, scenarioOf} from './findings.ts';
import {trendRuns} from './trend.ts';

/** `2026-11-20T214007Z-kill-coredns-7f3a`. */
const runName = /^\d{4}-\d\d-\d\dT\d{6}Z-.+-[0-9a-f]{4}$/;

export interface ReadHistory {
  /** Oldest first. */
  runs: ReportHead[];
  /** Run folders without a report that can be read, and why. */
  unreadable: {run: string; message: string}[];
}

/** Every run of a report folder, or those of one scenario. A folder that does not exist holds none. */
export async function readHistory(reports: string, scenario?: string): Promise<ReadHistory> {
  const history: ReadHistory = {runs: [], unreadable: []};
  for (const run of await runNames(reports, scenario)) {
    try {
      history.runs.push(await readHead(join(reports, run)));
    } catch (error) {
      history.unreadable.push({run, message: messageOf(error)});
    }
  }
  return history;
}

async function runNames(reports: string, scenario: string | undefined): Promise<string[]> {
  const names = await readdir(reports).catch(() => []);
  return names.filter((name) => runName.test(name) && (scenario === undefined || scenarioOf(name) === scenario)).sort();
}

export type PastRead = Extract<JournalEvent, {type: 'past.read'}>;

interface Present {
  run: string;
  scenario: string;
  /** Absent: the cluster was never asked, so that nothing can be compared. */
  cluster?: {uid: string; environment: string};
}

/**
 * What a report folder says of earlier runs, to be noted in the journal of a run: the report before on the same
 * cluster, the runs on clusters of that class, the findings that are open. Rejects with a UsageError when findings.yaml
 * cannot be used.
 */
export async function readPast(reports: string, {run, scenario, cluster}: Present): Promise<PastRead> {
  const {runs} = await readHistory(reports, scenario);
  const before = runs.filter((one) => one.run !== run && one.scenario.name === scenario);
  const same = before.findLast((one) => cluster !== undefined && one.cluster?.uid === cluster.uid);
  const earlier = before.filter((one) => cluster !== undefined && one.cluster?.environment === cluster.environment);
  const findings = await readFindings(reports);
  return {
    type: 'past.read',
    ...(same ? {previous: await linkTo(reports, same.run)} : {}),
    earlier: earlier.slice(-trendRuns.most).map(shortened),
    findings: findings.filter((one) => isOpen(one) && scenarioOf(one.run) === scenario),
  };
}

async function linkTo(reports: string, run: string): Promise<{run: string; sha256: string}> {
  return {run, sha256: sha256(await readFile(join(reports, run, 'report.json')))};
}

function shortened({run, at, verdict, cleanup, rto, rpo}: ReportHead): EarlierRun {
  return {run, at, verdict, cleanup, ...(rto ? {rto} : {}), ...(rpo ? {rpo} : {})};
}
