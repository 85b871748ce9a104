import {ExitCode} from '../../io/errors.ts';
import type {Cleanup, Verdict} from '../../journal/types.ts';
import type {ReportModel, VerdictResult} from '../types.ts';
import {abortedRows, errorRows} from './ended.ts';
import {failedRows, provenMisses} from './failed.ts';
import {inconclusiveRows} from './inconclusive.ts';
import {refusedRows} from './refused.ts';
import type {VerdictRow} from './row.ts';

/** The verdict table, top row first; what no row speaks against is passed. docs/verdicts.md says it in words. */
export const verdictRows: readonly VerdictRow[] = [
  ...refusedRows,
  ...errorRows,
  ...abortedRows,
  ...failedRows,
  ...inconclusiveRows,
];

/** Judges a run. Pure and total: every model has a verdict, and only one that every row lets pass is `passed`. */
export function verdict(model: ReportModel): VerdictResult {
  const found = verdictRows.find(({reasons}) => reasons(model).length > 0)?.verdict ?? 'passed';
  const told = verdictRows
    .filter((row) => row.verdict === found)
    .map((row) => ({reasons: row.reasons(model), next: row.next}))
    .filter((row) => row.reasons.length > 0);
  const reasons = told.flatMap((row) => row.reasons);
  const advice = [...new Set(told.flatMap(({next}) => next ?? []))];
  const isLeft =
    model.mutations.some(({outstanding}) => outstanding) ||
    model.compared?.differences.some(({explained}) => explained === undefined) === true;
  const cleanup: Cleanup = isLeft ? 'dirty' : 'clean';
  return {
    verdict: found,
    cleanup,
    exitCode: exitCodeOf(found, cleanup, model),
    reasons: [...new Set(reasons)],
    ...(advice.length > 0 ? {advice} : {}),
  };
}

/** The table of docs/exit-codes.md; the highest row wins, and what is proven outranks what could not be. */
function exitCodeOf(found: Verdict, cleanup: Cleanup, model: ReportModel): ExitCode {
  if (cleanup === 'dirty') return ExitCode.dirty;
  switch (found) {
    case 'error':
      return ExitCode.internal;
    case 'failed':
      return ExitCode.failed;
    case 'inconclusive':
      return ExitCode.inconclusive;
    case 'aborted':
      return provenMisses(model).length > 0 ? ExitCode.failed : signalCode(model);
    case 'refused':
      return ExitCode.refused;
    case 'passed':
      return ExitCode.passed;
  }
}

/** A person's abort counts as Ctrl-C. */
function signalCode({stopped, signals}: ReportModel): ExitCode {
  const name = stopped?.cause === 'signal' ? stopped.detail : signals[0];
  if (name === 'SIGHUP') return ExitCode.hangup;
  return name === 'SIGTERM' ? ExitCode.terminated : ExitCode.interrupted;
}
