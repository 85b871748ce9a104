import type {Orphans} from '../../drill/undo/orphans.ts';
import {targetText} from '../../io/target.ts';
import {oneLine} from '../../io/text.ts';

/** What was found and removed, and what could not be looked at: silence there says nothing. */
export function orphansText({found, left, partly, unseen, silent}: Orphans, dryRun: boolean): string {
  const lines = (dryRun ? found : left).map((target) => `  ${oneLine(targetText(target))}\n`).join('');
  const isWhole = partly.length === 0 && unseen.length === 0 && silent.length === 0;
  const result =
    found.length === 0
      ? `no orphans${isWhole ? '' : ' where they could be looked for'}\n`
      : dryRun
        ? `would be removed:\n${lines}`
        : left.length === 0
          ? `${found.length} orphans were removed\n`
          : `still there:\n${lines}`;
  return result + partlyText(partly) + unseenText(unseen) + silentText(silent);
}

/** Kinds together that were looked at in the same namespaces. */
function partlyText(partly: Orphans['partly']): string {
  const groups = Object.entries(Object.groupBy(partly, ({namespaces}) => namespaces.join(', ')));
  return groups
    .map(([namespaces, kinds = []]) => `looked at in these namespaces alone: ${oneLine(namespaces)}\n${listed(kinds)}`)
    .join('');
}

const unseenText = (unseen: Orphans['unseen']): string =>
  unseen.length === 0
    ? ''
    : `not looked at, because this user may not list them:\n${listed(unseen)}See to them as a user who may.\n`;

const silentText = (silent: Orphans['silent']): string =>
  silent.length === 0
    ? ''
    : `not looked at, because nobody tells which kinds they have:\n  ${oneLine(silent.join(', '))}\n`;

function listed(kinds: readonly {apiVersion: string; kind: string}[]): string {
  const names = kinds.map(({apiVersion, kind}) => (apiVersion === 'v1' ? kind : `${kind} (${apiVersion})`));
  return `  ${oneLine(names.join(', '))}\n`;
}
