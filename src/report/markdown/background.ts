import type {JsonObject} from '../../io/json.ts';
import {duration} from '../figures.ts';
import type {ReportModel} from '../types.ts';
import {code, table, text} from './escape.ts';

/** Where, who, how to play it again, and what the words mean. */
export function background(model: ReportModel): string[] {
  return [
    ...environment(model),
    ...people(model),
    ...phases(model),
    ...remarks(model),
    ...reproduction(model),
    ...method(model),
  ];
}

function environment({cluster, run}: ReportModel): string[] {
  if (!cluster) return ['## Environment', '', 'The cluster was never identified.', ''];
  const nodes = cluster.nodes.map(
    ({name, version, roles, ready}) =>
      `${code(name)} ${text(version)}${roles.length > 0 ? ` (${text(roles.join(', '))})` : ''}${ready ? '' : ', **not Ready**'}`,
  );
  return [
    '## Environment',
    '',
    ...table(
      ['', ''],
      [
        ['Cluster', `${code(cluster.uid)} (UID of the namespace kube-system)`],
        ['API server', `${code(cluster.server)}, context ${code(cluster.context)}`],
        ['Version', text(cluster.version)],
        ['Environment class', `${text(cluster.environment)} (${text(cluster.environmentSource)})`],
        [`Nodes (${nodes.length})`, nodes.join('<br>')],
        ...(run
          ? [
              [
                'Runner',
                `kubedrill ${text(run.tool.version)}, Node.js ${text(run.tool.node)}, ${text(run.tool.platform)}`,
              ],
            ]
          : []),
      ],
    ),
  ];
}

function people({run, marks, rollbacks}: ReportModel): string[] {
  if (!run) return [];
  const {operator, approvedBy, observer, ticket, attended} = run.people;
  const rows = [
    ['Owner of the scenario', text(run.scenario.owner)],
    ['Operator', `${text(operator)}${attended ? '' : ' (unattended run)'}`],
    ...(approvedBy ? [['Approved by', text(approvedBy)]] : []),
    ...(observer ? [['Observer', text(observer)]] : []),
    ...(ticket ? [['Ticket', text(ticket)]] : []),
    ...(run.scenario.evidenceFor ? [['Offered as evidence for', text(run.scenario.evidenceFor.join(', '))]] : []),
    ...marks.map(({name, by}) => [`Marked ${name}`, text(by)]),
    ...rollbacks.map(({at, operator: by, reason}) => ['Rolled back by', `${text(by)} at ${text(at)}: ${text(reason)}`]),
  ];
  return ['## People', '', ...table(['', ''], rows)];
}

function phases({phases: all}: ReportModel): string[] {
  const rows = all.map(({phase, start, end}) => [phase, duration(end - start, 10)]);
  return rows.length === 0 ? [] : ['## Phases', '', ...table(['Phase', 'Took'], rows)];
}

function remarks({notes, stopped, signals}: ReportModel): string[] {
  const lines = [
    ...(stopped ? [`stopped (${text(stopped.cause)}): ${text(stopped.detail)}`] : []),
    ...signals.map((name) => `signal ${text(name)}`),
    ...notes.map(text),
  ];
  return lines.length === 0 ? [] : ['## Notes of the run', '', ...lines.map((line) => `- ${line}`), ''];
}

function reproduction({run, plan}: ReportModel): string[] {
  if (!run) return [];
  const {scenario, git, tool, seed, command} = run;
  const vars = (plan?.vars ?? []).map(
    ({name, value, committed, origin}) =>
      `${code(`${name}=${JSON.stringify(value)}`)} (${text(origin)}${
        JSON.stringify(value) === JSON.stringify(committed)
          ? ''
          : `; the file says ${code(JSON.stringify(committed) ?? '')}`
      })`,
  );
  const rows = [
    ['Scenario', `${code(scenario.name)}, ${code(scenario.file)}`],
    ...(scenario.runbook ? [['Runbook', code(runbookOf(scenario.runbook))]] : []),
    ['SHA-256 of the file', code(scenario.sha256)],
    ...(git ? [['Git commit', `${code(git.commit)}${git.dirty ? ', with uncommitted changes' : ''}`]] : []),
    ['Seed', String(seed)],
    ['Version', `kubedrill ${text(tool.version)}`],
    ...(vars.length > 0 ? [['Variables', vars.join('<br>')]] : []),
    ...(plan ? [['Stop conditions', text(plan.stopWhen.join('; ') || 'none')]] : []),
    ['Command', code(command)],
  ];
  return ['## Reproduction', '', ...table(['', ''], rows)];
}

function runbookOf({url, version}: JsonObject): string {
  return [url, version].filter((part) => typeof part === 'string').join(' ');
}

function method({window}: ReportModel): string[] {
  if (!window) return [];
  return [
    '## Method',
    '',
    '- A sample says that its state held at some instant between its start and its end; so every figure is a range in which the truth lies. The upper end is compared with the target; a target inside the range is inconclusive.',
    '- With G0 the last good sample before the outage, B1 the first bad, Bk the last bad and G1 the first good of the run that lasted the stability window: the outage began in [G0.start, B1.end] and ended in [Bk.start, G1.end]. The stability window is not added.',
    '- A service is up when all its probes are; each of them must be seen good before the outage and after it. A blind sample (it could not be asked) is neither up nor down: it widens the range.',
    '- t0 is the interval from the journalled intent to the answer of the first fault. All durations come from monotonic clocks; UTC stamps only label them.',
    '- Source of everything here: `journal.jsonl` and `series/` beside this file; `report.json` has the same in full.',
    '',
  ];
}
