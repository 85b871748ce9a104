import {formatDuration} from '../../io/duration.ts';
import type {Target} from '../../io/target.ts';
import {targetText} from '../../io/target.ts';
import {count, oneLine, type Paint, table} from '../../io/text.ts';
import type {StepRecord} from '../../journal/plan.ts';
import type {ScenarioPlan} from '../support/planning.ts';
import type {Settings} from '../support/settings.ts';
import {dryRunText, lastWord} from './dry-run.ts';
import {practiceNotice} from './summary.ts';

interface Surroundings {
  settings: Settings;
  practice: boolean;
  /** The plan was to be tried out. */
  dryRun?: 'server' | undefined;
  paint: Paint;
}

/** What `plan` prints for one scenario. */
export function planText(result: ScenarioPlan, {settings, practice, dryRun, paint}: Surroundings): string {
  const {plan, guards, warnings, cluster, permissions, estimate} = result;
  const head = (text: string) => `\n${paint('bold', text)}\n`;
  const refusals = guards.filter(({ok}) => !ok);
  const denied = permissions.filter(({allowed}) => !allowed);
  const parts = [
    practice ? `${practiceNotice}\n` : '',
    `${paint('bold', oneLine(`${result.scenario}: ${result.title}`))} (${plan.type}, ${result.file})\n`,
    cluster
      ? `${oneLine(
          `cluster ${cluster.context}, UID ${cluster.uid}, ${cluster.version}, ${count(cluster.nodes.length, 'node')}, ` +
            `environment ${cluster.environment} (${cluster.environmentSource})`,
        )}\n`
      : '',
    head('Steps'),
    plan.steps.map((step) => stepText(step)).join(''),
    head('Blast radius'),
    blastRadius(plan.steps),
    head('Measured'),
    table(
      plan.objectives.map(({metric, of, target, from, source}) => [
        `${metric} of ${of ?? 'the recovery point'}`,
        metric === 'availability' ? String(target) : formatDuration(target),
        from ? `from ${from}` : '',
        `(${oneLine(source)})`,
      ]),
      '  ',
    ),
    table(
      plan.probes.map(({name, uses, from, every}) => [
        `probe ${name}`,
        uses,
        `from ${from}`,
        `every ${formatDuration(every)}`,
      ]),
      '  ',
    ),
    table(
      (plan.canaries ?? []).map(({name, uses, every, with: input}) => [
        `canary ${name}`,
        uses,
        input.resident === true ? 'reads the resident one' : 'writes numbers, removed at the end',
        `every ${formatDuration(every)}`,
      ]),
      '  ',
    ),
    table(
      [
        ...plan.checks.map(({name, uses}) => [`check "${oneLine(name)}"`, uses]),
        ...(plan.prove === undefined ? [] : [['effect.prove', plan.prove.uses]]),
      ],
      '  ',
    ),
    head('Settings'),
    table(
      [
        ...plan.vars.map(({name, value, origin}) => [
          `var ${name}`,
          oneLine(JSON.stringify(value) ?? ''),
          `(${origin})`,
        ]),
        ...Object.entries(settings).map(([name, {value, origin}]) => [name, value, `(${origin})`]),
      ],
      '  ',
    ),
    head('Allowed?'),
    `  ${count(permissions.length, 'permission')} asked, ${denied.length} denied\n`,
    permissionLines(permissions, paint),
    dryRun === undefined ? '' : dryRunText(result.dryRun, paint),
    head('Verdict on the plan'),
    `  lasts about ${formatDuration(estimate.expected)}, at most ${formatDuration(estimate.deadline)}\n`,
    ...plan.stopWhen.map((line) => `  stopWhen: ${oneLine(line)}\n`),
    ...warnings.map((line) => `  ${paint('yellow', 'warning')}: ${oneLine(line)}\n`),
    refusals.length === 0
      ? `  ${lastWord(result, paint)}\n`
      : `  ${paint('red', 'run would refuse:')}\n${refusals.map(({message, hint}) => `    ${oneLine(message)}${hint ? `\n      ${oneLine(hint)}` : ''}\n`).join('')}`,
  ];
  return parts.join('');
}

/** What the faults hit and what goes with that, by kind and place. */
function blastRadius(steps: readonly StepRecord[]): string {
  const faults = steps.filter(({phase, skipped}) => phase === 'inject' && !skipped);
  const [targets, cascade] = [faults.flatMap((step) => step.targets), faults.flatMap((step) => step.cascade)];
  const deferred = faults.filter((step) => step.deferred).length;
  const lines = [
    ...tally(targets, 'hit'),
    ...tally(cascade, 'goes with it'),
    ...(deferred > 0
      ? [`${count(deferred, 'step')} whose targets are known only once an earlier step has made them`]
      : []),
  ];
  return (lines.length > 0 ? lines : ['nothing']).map((line) => `  ${oneLine(line)}\n`).join('');
}

function tally(targets: readonly Target[], what: string): string[] {
  const counts = new Map<string, number>();
  for (const {kind, namespace} of targets) {
    const place = `${kind}${namespace === undefined ? '' : ` in ${namespace}`}`;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts].map(([place, number]) => `${number} × ${place}: ${what}`);
}

/** One line for each resource and place, with its verbs; what is denied apart. */
function permissionLines(permissions: ScenarioPlan['permissions'], paint: Paint): string {
  const lines = new Map<string, {verbs: string[]; allowed: boolean}>();
  for (const {verb, resource, namespace, name, allowed} of permissions) {
    const where = `${resource}${name ? `/${name}` : ''}${namespace ? ` in ${namespace}` : ''}`;
    const key = `${allowed} ${where}`;
    const line = lines.get(key) ?? {verbs: [], allowed};
    line.verbs.push(verb);
    lines.set(key, line);
  }
  return [...lines]
    .map(([key, {verbs, allowed}]) => {
      const what = `${verbs.join(', ')} ${key.slice(String(allowed).length + 1)}`;
      return `  ${allowed ? '' : `${paint('red', 'denied')} `}${oneLine(what)}\n`;
    })
    .join('');
}

function stepText(step: StepRecord): string {
  const what = step.uses ?? step.text ?? step.form;
  const state = step.skipped
    ? ' (skipped: its `if` is false)'
    : step.deferred
      ? ' (target deferred: an earlier step makes it)'
      : '';
  const undo = step.undoKinds.length > 0 ? `, undo ${step.undoKinds.join(', ')}` : '';
  const lines = [oneLine(`${step.path}${step.id ? ` ${step.id}` : ''}: ${what}${undo}${state}`)];
  for (const target of step.targets) lines.push(`  → ${withUid(target)}`);
  for (const target of step.cascade) lines.push(`  goes with it: ${withUid(target)}`);
  for (const note of step.notes ?? []) lines.push(`  ${oneLine(note)}`);
  return lines.map((line) => `  ${line}\n`).join('');
}

const withUid = (target: Target): string => oneLine(`${targetText(target)}${target.uid ? ` (${target.uid})` : ''}`);
