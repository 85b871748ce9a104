import {count, oneLine, type Paint, table} from '../../io/text.ts';
import {figure, type HistoryFaultFound, type ScenarioHistory} from '../../report/index.ts';
import {outcomeStyle} from './summary.ts';

/** Rows of a scenario that are shown; `-o json` has all. */
const shown = 10;

interface History {
  scenarios: readonly ScenarioHistory[];
  faults: readonly HistoryFaultFound[];
  unreadable: readonly {run: string; message: string}[];
}

/** What `history` prints: a table for each scenario, then what somebody should look at. */
export function historyText({scenarios, faults, unreadable}: History, paint: Paint): string {
  if (scenarios.length === 0) return 'no runs\n';
  const parts = scenarios.map((one) => scenarioText(one, paint));
  const attention = [
    ...faults.map(({message}) => paint('yellow', oneLine(message))),
    ...unreadable.map(({run, message}) => `${oneLine(run)} has no report that can be read: ${oneLine(message)}`),
  ];
  if (attention.length > 0)
    parts.push(`${paint('bold', 'to look at')}\n${attention.map((line) => `  ${line}\n`).join('')}`);
  return parts.join('\n');
}

function scenarioText({name, title, owner, cadence, runs, due, findings}: ScenarioHistory, paint: Paint): string {
  const head = `${paint('bold', name)}  ${oneLine(title)} (${[owner, cadence ?? 'no cadence'].map(oneLine).join(', ')})\n`;
  const rows = runs
    .slice(-shown)
    .map(({run, at, cluster, verdict, cleanup, rto, rpo, trend}) => [
      oneLine(run),
      oneLine(at.slice(0, 10)),
      oneLine(cluster?.environment ?? 'n/a'),
      paint(outcomeStyle({verdict, cleanup}), verdict) + (cleanup === 'dirty' ? `, ${paint('red', 'dirty')}` : ''),
      `RTO ${figure(rto ? {bound: rto} : {})}`,
      `RPO ${figure(rpo ? {bound: rpo} : {})}`,
      trend
        ? `${signed(trend.change)} against the median of ${trend.runs}${trend.regression ? `, ${paint('red', 'regression')}` : ''}`
        : '',
    ]);
  const left = runs.length - rows.length;
  return [
    head,
    runs.length === 0 ? '  never run\n' : table(rows, '  '),
    left > 0 ? `  and ${count(left, 'earlier run')}\n` : '',
    ...due.map((one) => `  ${dueText(one, paint)}\n`),
    ...findings.map(
      (one) =>
        `  finding ${oneLine(one.id)}: ${oneLine(one.title)} (${oneLine(one.owner)}, due ${one.due}, ${one.status})\n`,
    ),
  ].join('');
}

function dueText({environment, last, due, state}: ScenarioHistory['due'][number], paint: Paint): string {
  const where = oneLine(environment);
  if (!last) return `${where}: ${paint('yellow', state)}`;
  return `${where}: last ${oneLine(last.at.slice(0, 10))}, due ${due}${state === 'overdue' ? `, ${paint('red', state)}` : ''}`;
}

/** `+31 %`. */
function signed(share: number): string {
  const figures = Math.round(share * 100);
  return `${figures > 0 ? '+' : ''}${figures} %`;
}
