import {fieldOwners, fieldsAmong} from '../../actions/fields/owners.ts';
import type {KubeObject} from '../../cluster/types.ts';
import type {JsonObject} from '../../io/json.ts';

/** Whether a field manager is the drill. */
export const isDrill = (manager: string): boolean => manager === 'kubedrill';

/** Whether a field manager is a part of the control plane, which acts on what we do. */
export const isControlPlane = (manager: string): boolean => /^(kube-|kubelet|cloud-controller|k3s)/.test(manager);

/**
 * Who owns fields of an object, for its note: lines of owner, when it wrote last, and the hash of its fields. Without the
 * control plane, which goes on writing, and without the status.
 */
export function ownersNote(object: KubeObject, hash: (text: string) => string): string {
  const all = fieldOwners(object).filter(
    ({manager, subresource}) => !isControlPlane(String(manager)) && subresource !== 'status',
  );
  const others = all
    .filter(({manager}) => !isDrill(String(manager)))
    .map(({manager, operation, subresource = '', apiVersion, time, fieldsV1}) => {
      const owner = JSON.stringify([manager, operation, subresource, apiVersion]);
      return `${owner}\t${String(time)}\t${hash(JSON.stringify(fieldsV1 ?? {}))}`;
    });
  return [...others, ...drillsNote(all, hash)].sort().join('\n');
}

/** Of the drill in one line: a field that it had before may lie in another of its entries now, by what it was written. */
function drillsNote(all: readonly JsonObject[], hash: (text: string) => string): string[] {
  const entries = all.filter(({manager}) => isDrill(String(manager)));
  if (entries.length === 0) return [];
  const latest = entries
    .map(({time}) => String(time))
    .sort()
    .at(-1);
  return [`${JSON.stringify([entries[0]?.manager])}\t${latest}\t${hash(fieldsAmong(entries))}`];
}

/**
 * Whose fields have become others', as paths: the drill's, that it did not have before; and those of an owner that has
 * lost some without having written itself. Such an owner meets a conflict when it applies the next time.
 */
export function movedOwners(before: string | undefined, after: string | undefined): string[] {
  if (before === undefined || after === undefined || before === after) return [];
  const [was, is] = [linesOf(before), linesOf(after)];
  const gained = [...is].filter(([owner, {time, hash}]) => {
    const old = was.get(owner);
    return isDrill(managerOf(owner)) && old?.hash !== hash && old?.time !== time;
  });
  const lost = [...was].filter(([owner, {time, hash}]) => {
    const now = is.get(owner);
    return !isDrill(managerOf(owner)) && (now === undefined || (now.hash !== hash && now.time === time));
  });
  return [...new Set([...gained, ...lost].map(([owner]) => `${place}[${managerOf(owner)}]`))];
}

const place = 'metadata.managedFields';

/** The manager that a path of {@link movedOwners} is about; undefined for any other path. */
export function ownerIn(path: string): string | undefined {
  return path.startsWith(`${place}[`) ? path.slice(place.length + 1, -1) : undefined;
}

const managerOf = (owner: string): string => String((JSON.parse(owner) as unknown[])[0]);

function linesOf(text: string): Map<string, {time: string; hash: string}> {
  const lines = text === '' ? [] : text.split('\n').map((line) => line.split('\t') as [string, string, string]);
  return new Map(lines.map(([owner, time, hash]) => [owner, {time, hash}]));
}
