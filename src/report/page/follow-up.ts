import type {FindingRecord} from '../../journal/finding.ts';
import {figure} from '../figures.ts';
import type {ReportModel} from '../types.ts';
import {type Block, code, type Line, line, outside, own, section, strong, table} from './content.ts';

/** One finding that is still open: what, who, until when, from which run. */
export function openFindings({id, title, owner, due, run}: FindingRecord): Line {
  return line`${code(id)} ${title} (${owner}, due ${due}; from ${code(run)})`;
}

/** What earlier runs left: their findings, and how this run compares with them. */
export function followUp(model: ReportModel): Block[] {
  return [...findings(model), ...earlierRuns(model)];
}

function findings({findings: open, origin}: ReportModel): Block[] {
  const today = origin.at.slice(0, 10);
  const rows = open.map(({id, title, owner, due, status, run}) => [
    line`${code(id)}`,
    outside(title),
    outside(owner),
    due < today ? line`${strong(due)} (overdue)` : outside(due),
    outside(status),
    line`${code(run)}`,
  ]);
  return section('Findings still open', ...table(['', 'Finding', 'Owner', 'Due', 'Status', 'From run'], rows));
}

function earlierRuns({earlier, trend, cluster}: ReportModel): Block[] {
  const rows = earlier.map(({run, at, verdict, rto, rpo}) => [
    line`${code(run)}`,
    outside(at.slice(0, 10)),
    outside(verdict),
    own(rto ? figure({bound: rto}) : 'n/a'),
    own(rpo ? figure({bound: rpo}) : 'n/a'),
  ]);
  const words = trend
    ? [
        {
          kind: 'paragraph' as const,
          line: own(
            `Against the median of ${trend.runs === 1 ? 'the one run' : `the last ${trend.runs} runs`} with a figure, the RTO is ${signed(trend.change)}${trend.regression ? ', a regression' : ''}.`,
          ),
        },
      ]
    : [];
  const where =
    cluster && rows.length > 0 ? [{kind: 'paragraph' as const, line: line`On ${cluster.environment} clusters:`}] : [];
  return section('Earlier runs', ...where, ...table(['Run', 'Date', 'Verdict', 'RTO', 'RPO'], rows), ...words);
}

/** `31 % longer`. */
const signed = (share: number): string => {
  const figures = Math.round(Math.abs(share) * 100);
  return figures === 0 ? 'the same' : `${figures} % ${share > 0 ? 'longer' : 'shorter'}`;
};
