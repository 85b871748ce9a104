import {duration} from '../figures.ts';
import type {CheckAnswerReport, ReportModel, StepReport} from '../types.ts';
import {code, table, text} from './escape.ts';

/** Checks, proof of the effect, guards, steps. */
export function evidence(model: ReportModel): string[] {
  return [...checks(model), ...effects(model), ...guards(model), ...allowances(model), ...steps(model)];
}

function checks({checks: all}: ReportModel): string[] {
  const rows = all.map(({name, uses, moments: {before, broken, after}, control}) => [
    `${text(name)} (${code(uses)})`,
    moment(before),
    moment(broken),
    moment(after),
    control
      ? `${code(control.name)}: ${control.seen ?? 'not asked'}${control.seen === 'fail' ? ', as it must' : ''}`
      : 'n/a',
  ]);
  if (rows.length === 0) return [];
  return ['## Checks', '', ...table(['Check', 'Before the fault', 'While broken', 'After recovery', 'Control'], rows)];
}

function moment({wanted, seen, asWanted, detail}: CheckAnswerReport): string {
  if (wanted === 'skip') return 'skip';
  if (asWanted) return `${seen ?? 'not asked'}, as declared`;
  return `**${seen ?? 'not asked'} instead of ${wanted}**${detail ? ` (${text(detail)})` : ''}`;
}

function effects({effects: all}: ReportModel): string[] {
  const rows = all.map(({path, seen, detail}) => [code(path), seen ? 'seen' : '**not seen**', text(detail)]);
  return rows.length === 0
    ? []
    : ['## Proof that the fault took effect', '', ...table(['What', 'Effect', 'Detail'], rows)];
}

function guards({guards: all}: ReportModel): string[] {
  const rows = all.map(({phase, guard, ok, message}) => [phase, text(guard), ok ? 'yes' : '**no**', text(message)]);
  return rows.length === 0 ? [] : ['## Guards asked', '', ...table(['Phase', 'Guard', 'Go', 'Answer'], rows)];
}

/** Overrides of the protection, with the reasons that the scenario's author gave. */
function allowances({plan}: ReportModel): string[] {
  const rows = (plan?.allowProtected ?? []).map(({namespace, kind, selector, name, reason}) => [
    code(`${kind} ${namespace}/${name ?? selector ?? '*'}`),
    text(reason),
  ]);
  return rows.length === 0 ? [] : ['## Protected, and allowed by the scenario', '', ...table(['What', 'Reason'], rows)];
}

function steps({steps: all}: ReportModel): string[] {
  const rows = all.map((step) => [
    code(step.path),
    what(step),
    step.started !== undefined && step.ended !== undefined ? duration(step.ended - step.started, 10) : 'n/a',
    outcome(step),
    remark(step),
  ]);
  return rows.length === 0 ? [] : ['## Steps', '', ...table(['Step', 'What', 'Took', 'State', 'Remark'], rows)];
}

function what({id, name, uses, form, text: words, runbookStep}: StepReport): string {
  const action = uses ? code(uses) : `${form}${words ? `: ${text(words)}` : ''}`;
  const label = name ?? id;
  return `${label ? `${text(label)}: ` : ''}${action}${runbookStep ? ` (runbook step ${text(runbookStep)})` : ''}`;
}

function outcome({outcome: how}: StepReport): string {
  switch (how) {
    case 'done':
      return 'executed';
    case 'deviated':
      return 'executed, deviated';
    case 'running':
      return '**never ended**';
    case 'skipped':
    case 'not executed':
      return how;
    default:
      return `**${how}**`;
  }
}

function remark({note, who, error, hit}: StepReport): string {
  const parts = [
    ...(hit.length > 0 ? [`${hit.length} ${hit.length === 1 ? 'target' : 'targets'}`] : []),
    ...(who ? [`by ${text(who)}`] : []),
    ...(note ? [text(note)] : []),
    ...(error ? [text(error.message)] : []),
  ];
  return parts.join('; ');
}
