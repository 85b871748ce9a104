import type {JsonObject} from '../../io/json.ts';
import {duration} from '../figures.ts';
import {isPractice} from '../sentence.ts';
import type {ReportModel} from '../types.ts';
import {type Block, code, type Line, line, list, outside, own, section, stacked, strong, table} from './content.ts';

/** Where, who, how to play it again, what the evidence is, and what the words mean. */
export function background(model: ReportModel): Block[] {
  return [
    ...environment(model),
    ...people(model),
    ...phases(model),
    ...remarks(model),
    ...reproduction(model),
    ...files(model),
    ...method(model),
  ];
}

const facts = (title: string, rows: readonly (readonly [string, Line])[]): Block[] =>
  section(
    title,
    ...table(
      ['', ''],
      rows.map(([name, value]) => [own(name), value]),
    ),
  );

function environment({cluster, run}: ReportModel): Block[] {
  if (!cluster) return section('Environment', {kind: 'paragraph', line: own('The cluster was never identified.')});
  const nodes = cluster.nodes.map(
    ({name, version, roles, ready}) =>
      line`${code(name)} ${version}${roles.length > 0 ? line` (${roles.join(', ')})` : []}${ready ? [] : line`, ${strong('not Ready')}`}`,
  );
  return facts('Environment', [
    ['Cluster', line`${code(cluster.uid)} (UID of the namespace kube-system)`],
    ['API server', line`${code(cluster.server)}, context ${code(cluster.context)}`],
    ['Version', outside(cluster.version)],
    ['Environment class', line`${cluster.environment} (${cluster.environmentSource})`],
    [`Nodes (${nodes.length})`, stacked(nodes)],
    ...(run
      ? [['Runner', line`kubedrill ${run.tool.version}, Node.js ${run.tool.node}, ${run.tool.platform}`] as const]
      : []),
  ]);
}

function people(model: ReportModel): Block[] {
  const {run, marks, rollbacks} = model;
  if (!run) return [];
  const {operator, approvedBy, observer, ticket, attended} = run.people;
  return facts('People', [
    ['Owner of the scenario', outside(run.scenario.owner)],
    ['Operator', line`${operator}${own(attended ? '' : ' (unattended run)')}`],
    ...(approvedBy ? [['Approved by', outside(approvedBy)] as const] : []),
    ...(observer ? [['Observer', outside(observer)] as const] : []),
    ...(ticket ? [['Ticket', outside(ticket)] as const] : []),
    // A simulated cluster is evidence for nothing.
    ...(run.scenario.evidenceFor && !isPractice(model)
      ? [['Offered as evidence for', outside(run.scenario.evidenceFor.join(', '))] as const]
      : []),
    ...marks.map(({name, by}) => [`Marked ${name}`, outside(by)] as const),
    ...rollbacks.map(({at, operator: by, reason}) => ['Rolled back by', line`${by} at ${at}: ${reason}`] as const),
  ]);
}

function phases({phases: all}: ReportModel): Block[] {
  const rows = all.map(({phase, start, end}) => [own(phase), own(duration(end - start, 10))]);
  return section('Phases', ...table(['Phase', 'Took'], rows));
}

function remarks({notes, stopped, signals}: ReportModel): Block[] {
  const lines = [
    ...(stopped ? [line`stopped (${stopped.cause}): ${stopped.detail}`] : []),
    ...signals.map((name) => line`signal ${name}`),
    ...notes.map(outside),
  ];
  return section('Notes of the run', ...list(lines));
}

function reproduction({run, plan}: ReportModel): Block[] {
  if (!run) return [];
  const {scenario, git, tool, seed, command} = run;
  const vars = (plan?.vars ?? []).map(({name, value, committed, origin}) => {
    const [used, written] = [JSON.stringify(value), JSON.stringify(committed)];
    const differs = used === written ? [] : line`; the file says ${code(written ?? '')}`;
    return line`${code(`${name}=${used}`)} (${origin}${differs})`;
  });
  return facts('Reproduction', [
    ['Scenario', line`${code(scenario.name)}, ${code(scenario.file)}`],
    ...(scenario.runbook ? [['Runbook', line`${code(runbookOf(scenario.runbook))}`] as const] : []),
    ['SHA-256 of the scenario file', line`${code(scenario.sha256)}`],
    ...(git
      ? [['Git commit', line`${code(git.commit)}${own(git.dirty ? ', with uncommitted changes' : '')}`] as const]
      : []),
    ['Seed', line`${seed} (the same choices of the scenario; when things happen differs from run to run)`],
    ['Version', line`kubedrill ${tool.version}`],
    ...(vars.length > 0 ? [['Variables', stacked(vars)] as const] : []),
    ...(plan ? [['Stop conditions', outside(plan.stopWhen.join('; ') || 'none')] as const] : []),
    ['Command', line`${code(command)}`],
  ]);
}

function runbookOf({url, version}: JsonObject): string {
  return [url, version].filter((part) => typeof part === 'string').join(' ');
}

/** What everything here was made from; `kubedrill report verify` compares it. */
function files({files: all, previous, earlier}: ReportModel): Block[] {
  const rows = all.map(({path, sha256, bytes}) => [
    line`${code(path)}${path === 'scenario.yaml' ? own(' (as run, variables in place)') : []}`,
    line`${bytes}`,
    line`${code(sha256)}`,
  ]);
  const before = previous
    ? line`The previous run of this scenario on this cluster is ${code(previous.run)}; the SHA-256 of its report.json was ${code(previous.sha256)}.`
    : own(
        earlier.length === 0
          ? 'This is the first run of this scenario on this cluster in this report folder.'
          : 'No earlier run of this scenario in this report folder was on this very cluster; those under Earlier runs were on others.',
      );
  return section('Evidence', ...table(['File', 'Bytes', 'SHA-256'], rows), {kind: 'paragraph', line: before});
}

function method({window}: ReportModel): Block[] {
  if (!window) return [];
  return section(
    'Method',
    ...list([
      own(
        'A sample says that its state held at some instant between its start and its end; so every figure is a range in which the truth lies. The upper end is compared with the target; a target inside the range is inconclusive.',
      ),
      own(
        'With G0 the last good sample before the outage, B1 the first bad, Bk the last bad and G1 the first good of the run that lasted the stability window: the outage began in [G0.start, B1.end] and ended in [Bk.start, G1.end]. The stability window is not added.',
      ),
      own(
        'A service is up when all its probes are; each of them must be seen good before the outage and after it. A blind sample (it could not be asked) is neither up nor down: it widens the range.',
      ),
      own(
        't0 is the interval from the journalled intent to the answer of the first fault. All durations come from monotonic clocks; UTC stamps only label them.',
      ),
      line`Source of everything here: ${code('journal.jsonl')} and ${code('series/')} beside this file; ${code('report.json')} has the same in full.`,
    ]),
  );
}
