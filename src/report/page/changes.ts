import {targetText} from '../../io/target.ts';
import {count} from '../../io/text.ts';
import type {MutationReport} from '../happened.ts';
import type {ReportModel} from '../types.ts';
import {type Block, code, type Line, line, list, outside, own, section, strong, table} from './content.ts';

/** Everything that was changed and whether it was taken back; losses that no undo returns. */
export function changes(model: ReportModel): Block[] {
  return [...mutations(model), ...warnings(model), ...leftovers(model), ...compared(model), ...accepted(model)];
}

function mutations({mutations: all}: ReportModel): Block[] {
  const rows = all.map((mutation) => [
    outside(mutation.id),
    own(mutation.role),
    mutation.step ? line`${code(mutation.step)}` : own(mutation.phase),
    target(mutation),
    line`${code(mutation.undoKind)}`,
    {yes: own('yes'), maybe: line`${strong('maybe')}`, no: own('no')}[mutation.applied],
    state(mutation),
  ]);
  if (rows.length === 0) return section('Changes and undo', {kind: 'paragraph', line: own('Nothing was changed.')});
  return section('Changes and undo', ...table(['', 'Role', 'By', 'Target', 'Undo', 'Applied', 'State'], rows));
}

/** What the API server took, and said something about. */
function warnings({mutations: all}: ReportModel): Block[] {
  const said = all.flatMap((one) =>
    (one.warnings ?? []).map((text) => line`${one.id} ${target(one)}: ${outside(text)}`),
  );
  if (said.length === 0) return [];
  return [{kind: 'heading', level: 3, title: own('The API server warned')}, ...list(said)];
}

function target({target: hit}: MutationReport): Line {
  const {uid} = hit;
  const named = code(targetText(hit));
  return uid ? line`${named} ${code(uid.slice(0, 8))}` : [named];
}

function state({undo, applied, detail, outstanding}: MutationReport): Line {
  if (applied === 'no') return own('nothing to undo');
  const words = {
    open: 'not undone',
    undone: 'undone',
    already: 'no undo needed',
    conflict: 'conflict',
    failed: 'failed',
    kept: 'kept: it is the recovery',
  }[undo];
  const why = detail ? line` (${detail})` : [];
  return line`${outstanding ? strong(words) : own(words)}${why}`;
}

function leftovers({mutations: all, run}: ReportModel): Block[] {
  const left = all.filter(({outstanding}) => outstanding);
  if (left.length === 0) return [];
  return [
    {kind: 'heading', level: 3, title: own('Left to do')},
    {kind: 'paragraph', line: line`Run ${code(`kubedrill rollback ${run?.run.id ?? 'RUN'}`)}, or by hand:`},
    ...list(left.map((one) => line`${target(one)}: ${one.command ? code(one.command) : own('no command is known')}`)),
  ];
}

/** What is otherwise than before, of everything in reach. */
function compared({compared: all, plan}: ReportModel): Block[] {
  if (all === undefined) {
    const why = plan?.compareOff;
    return why === undefined ? [] : section('Compared', {kind: 'paragraph', line: line`Nothing: ${why}`});
  }
  const {objects, namespaces, differences, unseen} = all;
  const open = differences.filter(({explained}) => explained === undefined).length;
  const result =
    differences.length === 0
      ? 'no difference'
      : `${count(differences.length, 'difference')}, ${open === 0 ? 'explained' : `${open} unexplained`}`;
  const where = `${count(objects, 'object')} in ${count(namespaces.length, 'namespace')}`;
  const rows = differences.map(({target: of, change, paths, explained, command}) => [
    line`${code(targetText(of))}`,
    outside([changeWords[change], ...paths].join(': ')),
    explained === undefined
      ? line`${strong('unexplained')}${command ? line`; ${code(command)}` : []}`
      : outside(explained),
  ]);
  return section(
    'Compared',
    {kind: 'paragraph', line: own(`${where}, before the first change and after the undo: ${result}.`)},
    ...table(['Object', 'Difference', 'Explanation'], rows),
    ...(unseen.length === 0 ? [] : [{kind: 'paragraph' as const, line: own('What could not be looked at:')}]),
    ...list(unseen.map(outside)),
  );
}

const changeWords = {missing: 'gone', extra: 'was not there before', changed: 'differs'} as const;

function accepted({plan}: ReportModel): Block[] {
  const rows = (plan?.accept ?? []).map(({loss, of, since, reason}) => [
    outside(loss),
    outside([...(of ?? []), ...(since ? [`since ${since}`] : [])].join(', ')),
    outside(reason),
  ]);
  return section('Accepted losses', ...table(['Loss', 'Of', 'Reason'], rows));
}
