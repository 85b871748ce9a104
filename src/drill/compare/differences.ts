import type {Target} from '../../io/target.ts';
import {count} from '../../io/text.ts';
import type {Difference} from '../../journal/world.ts';
import {type Look, placeOf} from './look.ts';
import {differingPaths, type Note} from './note.ts';
import {isDrill, movedOwners, ownerIn} from './owners.ts';

type Notes = ReadonlyMap<string, Note>;
type Looked = Pick<Look, 'notes' | 'blind'>;

/** A difference with the notes that it was found in. */
export interface Found extends Omit<Difference, 'explained' | 'command'> {
  before?: Note;
  after?: Note;
}

/**
 * In what two looks differ. What a controller makes of an object is compared by that object: as many pods that run and
 * are ready, and no revision less; which ones they are is the controller's own affair.
 */
export function differencesOf(before: Looked, after: Looked): Found[] {
  const [was, is] = [parted(before.notes), parted(after.notes)];
  const blind = new Set([...before.blind, ...after.blind]);
  const isBlind = (one: Target | Note) => blind.has(placeOf(one)) || blind.has(one.apiVersion);
  const isUnsure = unsure([before.notes, after.notes], blind);
  const names = [...new Set([...was.single.keys(), ...is.single.keys()])].sort();
  const single = names
    .flatMap((name) => compareOne(was.single.get(name), is.single.get(name)))
    .filter(({target, change, ...found}) => {
      const one = found.after ?? found.before;
      return !(one && isUnsure(one)) && (change === 'changed' || !isBlind(target));
    });
  const roots = [...was.groups.keys()].sort();
  const groups = roots.flatMap((root) => {
    const [mine, theirs] = [was.groups.get(root) ?? [], is.groups.get(root) ?? []];
    // What was not listed both times cannot be counted.
    if ([...mine, ...theirs].some((one) => isBlind(one) || isUnsure(one))) return [];
    // Its owner is gone: that is the difference.
    if (was.single.has(root) && !is.single.has(root)) return [];
    return compareGroup(was.single.get(root) ?? mine[0], mine, theirs);
  });
  return [...single, ...groups];
}

function compareOne(before: Note | undefined, after: Note | undefined): Found[] {
  const noted = before ?? after;
  if (noted === undefined) return [];
  const target = targetOf(after ?? noted);
  if (before === undefined || after === undefined) {
    const change = before === undefined ? 'extra' : 'missing';
    return [{target, change, paths: [], ...(before ? {before} : {}), ...(after ? {after} : {})}];
  }
  const contents = differingPaths(before, after);
  const paths = [
    ...contents,
    // Who has changed the contents has the fields of those who had them.
    ...movedOwners(before.owners, after.owners).filter((path) => contents.length === 0 || isDrill(ownerIn(path) ?? '')),
    ...(before.status === true && after.status === false ? ['status'] : []),
  ];
  return paths.length === 0 ? [] : [{target, change: 'changed', paths, before, after}];
}

/** The objects by themselves, and what controllers have made, by the topmost owner. */
function parted(notes: Notes): {single: Map<string, Note>; groups: Map<string, Note[]>} {
  const byName = new Map([...notes].map(([key, one]) => [ownerKey(one, one), key]));
  const single = new Map<string, Note>();
  const groups = new Map<string, Note[]>();
  for (const [key, one] of notes) {
    const root = grouped.has(one.kind) ? rootOf(one, notes, byName) : undefined;
    if (root !== undefined) groups.set(root, [...(groups.get(root) ?? []), one]);
    else if (!isDerived(one, notes)) single.set(key, one);
  }
  return {single, groups};
}

/** Kinds that are compared by their owner. */
const grouped = new Set(['Pod', 'ReplicaSet', 'ControllerRevision']);

const ownerKey = ({namespace}: Note, {kind, name}: {kind: string; name: string}): string =>
  `${kind} ${namespace ?? ''}/${name}`;

/** Key of the topmost owner that is there; undefined for what has none. */
function rootOf(one: Note, notes: Notes, byName: ReadonlyMap<string, string>): string | undefined {
  let root: string | undefined;
  for (let at: Note | undefined = one; at?.owner !== undefined; at = root === undefined ? undefined : notes.get(root)) {
    const up = byName.get(ownerKey(at, at.owner));
    // A static pod belongs to its Node, which is in no namespace; of what else is not in reach, the name is enough.
    if (up === undefined || up === root) return root ?? ownerKey(at, at.owner);
    root = up;
  }
  return root;
}

/**
 * Whether it cannot be told to whom an object belongs: something up its owners, or the Service of its Endpoints, is of a
 * kind that was not looked at. One look then takes it for an object by itself, or for somebody else's, and the other not.
 */
function unsure(looks: readonly Notes[], blind: ReadonlySet<string>): (one: Note) => boolean {
  // Owners are known by their kind alone; a group that is blind as a whole may have any.
  const kinds = new Set([...blind].flatMap((place) => (place.includes(' ') ? [place.replace(/^\S+ /, '')] : [])));
  const isAnyBlind = [...blind].some((place) => !place.includes(' '));
  const known = new Map(looks.flatMap((notes) => [...notes.values()].map((one) => [ownerKey(one, one), one] as const)));
  return (one) => {
    const {apiVersion, kind, namespace = ''} = one;
    if (apiVersion === 'v1' && kind === 'Endpoints') return blind.has(`v1 Service ${namespace}`) || blind.has('v1');
    if (!grouped.has(kind)) return false;
    const passed = new Set<Note>();
    for (let at: Note | undefined = one; at?.owner !== undefined && !passed.has(at); ) {
      passed.add(at);
      if (kinds.has(`${at.owner.kind} ${at.namespace ?? ''}`)) return true;
      const up = known.get(ownerKey(at, at.owner));
      if (isAnyBlind && at.owner.kind !== 'Node' && (up === undefined || blind.has(up.apiVersion))) return true;
      at = up;
    }
    return false;
  };
}

/** The Endpoints of a Service with a selector: the controller's own. */
function isDerived({kind, apiVersion, namespace = '', name}: Note, notes: Notes): boolean {
  if (apiVersion !== 'v1' || kind !== 'Endpoints') return false;
  return /^spec\.selector\./m.test(notes.get(`v1 Service ${namespace}/${name}`)?.leaves ?? '');
}

function compareGroup(root: Note | undefined, before: readonly Note[], after: readonly Note[]): Found[] {
  if (root === undefined) return [];
  const pods = (notes: readonly Note[]) => notes.flatMap(({pod}) => (pod === undefined ? [] : [pod]));
  const running = (notes: readonly Note[]) => pods(notes).filter(({runs}) => runs).length;
  const ready = (notes: readonly Note[]) => pods(notes).filter((pod) => pod.ready).length;
  const paths: string[] = [];
  // Of a Job the pods end by themselves.
  if (root.kind !== 'Job' && running(before) !== running(after))
    paths.push(`${count(running(after), 'pod')} instead of ${running(before)}`);
  else if (root.kind !== 'Job' && ready(after) < ready(before))
    paths.push(`${count(ready(after), 'ready pod')} instead of ${ready(before)}`);
  const lost = revisions(before).filter((name) => !revisions(after).includes(name));
  if (lost.length > 0 && revisions(after).length < revisions(before).length)
    paths.push(`rollout history: ${lost.join(', ')}`);
  return paths.length === 0 ? [] : [{target: targetOf(root), change: 'changed', paths, before: root, after: root}];
}

/** Whether a path tells of what a controller has made by the `spec` of its object, rather than of a field. */
export const isOfGroup = (path: string): boolean => / instead of \d+$|^rollout history: /.test(path);

const revisions = (notes: readonly Note[]): string[] => notes.filter(({kind}) => kind !== 'Pod').map(({name}) => name);

function targetOf({apiVersion, kind, namespace, name, uid}: Note): Target {
  return {
    apiVersion,
    kind,
    ...(namespace === undefined ? {} : {namespace}),
    name,
    ...(uid === undefined ? {} : {uid}),
  };
}
