import {atLeast, atMost, duration} from '../figures.ts';
import type {CheckAnswerReport, StepReport} from '../happened.ts';
import type {ReportModel} from '../types.ts';
import {type Block, code, joined, type Line, line, outside, own, section, strong, table} from './content.ts';
import {stamp} from './time.ts';

/** Checks, proof of the effect, guards, steps. */
export function evidence(model: ReportModel): Block[] {
  return [...checks(model), ...effects(model), ...guards(model), ...allowances(model), ...steps(model)];
}

function checks(model: ReportModel): Block[] {
  const {checks: all} = model;
  const rows = all.map(({name, uses, moments: {before, broken, after}, control}) => [
    line`${name} (${code(uses)})`,
    moment(before),
    moment(broken),
    line`${moment(after)}${relapse(model, name)}`,
    control
      ? line`${code(control.name)}: ${own(`${control.seen ?? 'not asked'}${control.seen === 'fail' ? ', as it must' : ''}`)}`
      : own('n/a'),
  ]);
  return section('Checks', ...table(['Check', 'Before the fault', 'While broken', 'After recovery', 'Control'], rows));
}

/** That it answered otherwise again once everything had been well, when, and for how long. */
function relapse({account, origin, end}: ReportModel, name: string): Line {
  const held = account?.held.find(({check}) => check === name);
  if (held?.red === undefined) return [];
  const {red, green, detail} = held;
  const lasted =
    green === undefined ? `for ${atLeast(end - red)}, to the end` : `for up to ${atMost(green - red, 100)}`;
  const when = own(` from ${stamp({origin}, {earliest: red, latest: red})} on, ${lasted}`);
  return line`; ${strong('otherwise again')}${when}${detail ? line` (${detail})` : []}`;
}

function moment({wanted, seen, asWanted, detail}: CheckAnswerReport): Line {
  if (wanted === 'skip') return own('skip');
  if (asWanted) return own(`${seen ?? 'not asked'}, as declared`);
  return line`${strong(`${seen ?? 'not asked'} instead of ${wanted}`)}${detail ? line` (${detail})` : []}`;
}

function effects({effects: all, account}: ReportModel): Block[] {
  const isOwn = (path: string) =>
    path === 'effect.prove' && account?.faults.some(({proof}) => proof?.by === 'prove' && proof.ownWrite);
  const rows = all.map(({path, seen, detail, ownWrite, before}) => [
    line`${code(path)}`,
    seen ? own(ownWrite || isOwn(path) ? 'seen: its own write' : 'seen') : line`${strong('not seen')}`,
    before === undefined ? outside(detail) : line`${detail}; before the fault: ${before}`,
  ]);
  return section('Proof that the fault took effect', ...table(['What', 'Effect', 'Detail'], rows));
}

function guards({guards: all}: ReportModel): Block[] {
  const rows = all.map(({phase, guard, ok, message}) => [
    own(phase),
    outside(guard),
    ok ? own('yes') : line`${strong('no')}`,
    outside(message),
  ]);
  return section('Guards asked', ...table(['Phase', 'Guard', 'Go', 'Answer'], rows));
}

/** Overrides of the protection, with the reasons that the scenario's author gave. */
function allowances({plan}: ReportModel): Block[] {
  const rows = (plan?.allowProtected ?? []).map(({namespace, kind, selector, name, reason}) => [
    line`${code(`${kind} ${namespace}/${name ?? selector ?? '*'}`)}`,
    outside(reason),
  ]);
  return section('Protected, and allowed by the scenario', ...table(['What', 'Reason'], rows));
}

function steps({steps: all}: ReportModel): Block[] {
  const rows = all.map((step) => [
    line`${code(step.path)}`,
    what(step),
    own(step.started !== undefined && step.ended !== undefined ? duration(step.ended - step.started, 10) : 'n/a'),
    outcome(step),
    remark(step),
  ]);
  return section('Steps', ...table(['Step', 'What', 'Took', 'State', 'Remark'], rows));
}

/** What a step is, in words. */
export function what({id, name, uses, form, text: words, runbookStep}: StepReport): Line {
  const action = uses ? line`${code(uses)}` : line`${own(form)}${words ? line`: ${words}` : []}`;
  const label = name ?? id;
  return line`${label ? line`${label}: ` : []}${action}${runbookStep ? line` (runbook step ${runbookStep})` : []}`;
}

/** How a step did not end well, in words. */
export const brokeWords = {failed: 'failed', timeout: 'exceeded its time', lost: 'did not settle'} as const;

function outcome({outcome: how}: StepReport): Line {
  switch (how) {
    case 'done':
      return own('executed');
    case 'deviated':
      return own('executed, deviated');
    case 'running':
      return line`${strong('never ended')}`;
    case 'skipped':
    case 'not executed':
      return own(how);
    default:
      return line`${strong(how)}`;
  }
}

function remark({note, who, error, hit}: StepReport): Line {
  const parts = [
    ...(hit.length > 0 ? [own(`${hit.length} ${hit.length === 1 ? 'target' : 'targets'}`)] : []),
    ...(who ? [line`by ${who}`] : []),
    ...(note ? [outside(note)] : []),
    ...(error ? [outside(error.message)] : []),
  ];
  return joined(parts, '; ');
}
