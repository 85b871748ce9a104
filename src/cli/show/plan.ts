import {formatDuration} from '../../io/duration.ts';
import {count, oneLine, type Paint, table} from '../../io/text.ts';
import type {StepRecord, TargetRecord} from '../../journal/types.ts';
import type {ScenarioPlan} from '../support/planning.ts';
import type {Settings} from '../support/settings.ts';
import {targetText} from './lines.ts';
import {practiceNotice} from './summary.ts';

interface Surroundings {
  settings: Settings;
  practice: boolean;
  paint: Paint;
}

/** What `plan` prints for one scenario. */
export function planText(result: ScenarioPlan, {settings, practice, paint}: Surroundings): string {
  const {plan, guards, cluster, permissions, estimate} = result;
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
      plan.checks.map(({name, uses}) => [`check "${oneLine(name)}"`, uses]),
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
    ...denied.map(
      ({verb, resource, namespace}) =>
        `  ${paint('red', 'denied')} ${verb} ${resource}${namespace ? ` in ${namespace}` : ''}\n`,
    ),
    head('Verdict on the plan'),
    `  lasts about ${formatDuration(estimate.expected)}, at most ${formatDuration(estimate.deadline)}\n`,
    ...plan.stopWhen.map((line) => `  stopWhen: ${oneLine(line)}\n`),
    refusals.length === 0
      ? `  ${paint('green', 'run would go ahead')}\n`
      : `  ${paint('red', 'run would refuse:')}\n${refusals.map(({message, hint}) => `    ${oneLine(message)}${hint ? `\n      ${oneLine(hint)}` : ''}\n`).join('')}`,
  ];
  return parts.join('');
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

const withUid = (target: TargetRecord): string =>
  oneLine(`${targetText(target)}${target.uid ? ` (${target.uid})` : ''}`);
