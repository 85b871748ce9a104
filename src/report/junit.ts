import type {Builder} from 'junit-report-builder';
import {figure} from './figures.ts';
import type {ReportModel, VerdictResult} from './types.ts';
import {legal} from './xml.ts';

/** What became of one case; anything but `failure` and `error` is no reason for a CI to stop. */
interface Case {
  group: 'verdict' | 'steps' | 'checks' | 'objectives' | 'cleanup';
  name: string;
  /** Milliseconds. */
  took?: number;
  outcome: 'ok' | 'failure' | 'error' | 'skipped';
  detail?: string;
}

/**
 * report.junit.xml: a case for every step, check and objective, for the cleanup, and one for the verdict, which no
 * green case may hide. Failed is a failure; inconclusive, aborted and error are errors; refused is skipped.
 */
export async function renderJunit(model: ReportModel, result: VerdictResult): Promise<string> {
  // Its types describe a module with a default export; what Node and the bundle give is that export itself.
  const {default: library} = await import('junit-report-builder');
  const builder = (library as unknown as Builder).newBuilder();
  const {run, origin, end} = model;
  const suite = builder
    .testSuite()
    .name(legal(run?.scenario.name ?? 'drill'))
    .timestamp(legal(origin.at))
    .time(seconds(end - origin.mono));
  if (run) suite.property('run', legal(run.run.id));
  for (const {group, name, took = 0, outcome, detail = ''} of cases(model, result)) {
    const one = suite
      .testCase()
      .className(legal(`${run?.scenario.name ?? 'drill'}.${group}`))
      .name(legal(name))
      .time(seconds(took));
    if (outcome === 'failure') one.failure(legal(detail), 'failed');
    if (outcome === 'error') one.error(legal(detail), 'not shown');
    if (outcome === 'skipped') one.skipped();
    if (detail !== '' && (outcome === 'ok' || outcome === 'skipped')) one.standardOutput(legal(detail));
  }
  return `${builder.build()}\n`;
}

const seconds = (ms: number): number => Math.round(ms) / 1000;

function cases(model: ReportModel, result: VerdictResult): Case[] {
  return [verdictCase(result), ...steps(model), ...checks(model), ...objectives(model), cleanup(model, result)];
}

function verdictCase({verdict, reasons}: VerdictResult): Case {
  const outcome = {
    passed: 'ok',
    failed: 'failure',
    inconclusive: 'error',
    aborted: 'error',
    error: 'error',
    refused: 'skipped',
  } as const;
  return {group: 'verdict', name: verdict, outcome: outcome[verdict], detail: reasons.join('\n')};
}

function steps({steps: all}: ReportModel): Case[] {
  return all.map(({path, name, id, uses, form, outcome, started, ended, error, note}) => ({
    group: 'steps',
    name: `${path} ${name ?? id ?? uses ?? form}`,
    ...(started !== undefined && ended !== undefined ? {took: ended - started} : {}),
    outcome:
      outcome === 'done' || outcome === 'deviated'
        ? 'ok'
        : outcome === 'skipped' || outcome === 'not executed'
          ? 'skipped'
          : outcome === 'failed' || outcome === 'timeout'
            ? 'failure'
            : 'error',
    detail: error?.message ?? note ?? (outcome === 'done' ? '' : outcome),
  }));
}

function checks({checks: all}: ReportModel): Case[] {
  return all.flatMap(({name, moments}) =>
    Object.entries(moments).map(([moment, {wanted, seen, asWanted, detail}]): Case => {
      const outcome = wanted === 'skip' ? 'skipped' : asWanted ? 'ok' : isAnswer(seen) ? 'failure' : 'error';
      const said = `${moment}: ${seen ?? 'not asked'}, declared ${wanted}${detail ? ` (${detail})` : ''}`;
      return {group: 'checks', name: `${name} (${moment})`, outcome, detail: said};
    }),
  );
}

const isAnswer = (seen: string | undefined): boolean => seen === 'pass' || seen === 'fail';

function objectives({objectives: all}: ReportModel): Case[] {
  return all.map((objective) => {
    const {metric, of, bound, result} = objective;
    const outcome = {
      met: 'ok',
      breached: 'failure',
      inconclusive: 'error',
      'not-measured': 'error',
      'no-target': 'skipped',
    } as const;
    return {
      group: 'objectives',
      name: `${metric}${of ? ` of ${of}` : ''}`,
      ...(bound?.max === undefined ? {} : {took: bound.max}),
      outcome: outcome[result],
      detail: `${result}: ${figure(objective)}`,
    };
  });
}

function cleanup({mutations}: ReportModel, {cleanup: state}: VerdictResult): Case {
  const left = mutations.filter(({outstanding}) => outstanding);
  const named = left.map(({target}) => `not taken back: ${target.kind} ${target.name}`);
  return {group: 'cleanup', name: state, outcome: state === 'clean' ? 'ok' : 'error', detail: named.join('\n')};
}
