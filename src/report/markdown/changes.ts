import type {MutationReport, ReportModel} from '../types.ts';
import {code, table, text} from './escape.ts';

/** Everything that was changed and whether it was taken back; losses that no undo returns. */
export function changes(model: ReportModel): string[] {
  return [...mutations(model), ...leftovers(model), ...accepted(model)];
}

function mutations({mutations: all}: ReportModel): string[] {
  const rows = all.map((mutation) => [
    mutation.id,
    mutation.role,
    mutation.step ? code(mutation.step) : mutation.phase,
    target(mutation),
    code(mutation.undoKind),
    {yes: 'yes', maybe: '**maybe**', no: 'no'}[mutation.applied],
    state(mutation),
  ]);
  if (rows.length === 0) return ['## Changes and undo', '', 'Nothing was changed.', ''];
  return ['## Changes and undo', '', ...table(['', 'Role', 'By', 'Target', 'Undo', 'Applied', 'State'], rows)];
}

function target({target: {kind, namespace, name, uid}}: MutationReport): string {
  return `${code(`${kind} ${namespace ? `${namespace}/` : ''}${name}`)}${uid ? ` ${code(uid.slice(0, 8))}` : ''}`;
}

function state({undo, applied, detail, outstanding}: MutationReport): string {
  if (applied === 'no') return 'nothing to undo';
  const words = {
    open: 'not undone',
    undone: 'undone',
    already: 'no undo needed',
    conflict: 'conflict',
    failed: 'failed',
    kept: 'kept: it is the recovery',
  }[undo];
  const why = detail ? ` (${text(detail)})` : '';
  return outstanding ? `**${words}**${why}` : `${words}${why}`;
}

function leftovers({mutations: all, run}: ReportModel): string[] {
  const left = all.filter(({outstanding}) => outstanding);
  if (left.length === 0) return [];
  return [
    '### Left to do',
    '',
    `Run ${code(`kubedrill rollback ${run?.run.id ?? 'RUN'}`)}, or by hand:`,
    '',
    ...left.map((one) => `- ${target(one)}: ${one.command ? code(one.command) : 'no command is known'}`),
    '',
  ];
}

function accepted({plan}: ReportModel): string[] {
  const rows = (plan?.accept ?? []).map(({loss, of, since, reason}) => [
    text(loss),
    text([...(of ?? []), ...(since ? [`since ${since}`] : [])].join(', ')),
    text(reason),
  ]);
  return rows.length === 0 ? [] : ['## Accepted losses', '', ...table(['Loss', 'Of', 'Reason'], rows)];
}
