import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject, type Json, type JsonObject, parseJson} from '../../io/json.ts';
import {childOf, type Step} from './path.ts';

/** Name under which the API server books the fields that kubedrill writes. */
const own = 'kubedrill';

/** The API server's record of who owns which fields of an object (`metadata.managedFields`). */
export function fieldOwners({metadata}: Pick<KubeObject, 'metadata'>): JsonObject[] {
  const {managedFields} = metadata;
  return Array.isArray(managedFields) ? managedFields.filter(isJsonObject) : [];
}

/**
 * The owners of an object's fields once the drill has given back what it took, undefined where it has taken nothing: each
 * field that is the drill's now, and was not before, belongs again to whom it belonged. What belonged to nobody belongs
 * to nobody again with `drop`, and else stays the drill's. What is nobody's now is again whose it was, where it is in the
 * object (`live`) and its owner has not written since: replicas that are scaled to 0 have no owner.
 */
export function givenBack(
  before: readonly JsonObject[],
  now: readonly JsonObject[],
  {drop, live = {}}: {drop: boolean; live?: JsonObject},
): JsonObject[] | undefined {
  const had = union(before.filter(isOwn).map(fieldsOf));
  const taken = minus(union(now.filter(isOwn).map(fieldsOf)), had);
  // Who has applied another version of the kind meanwhile has its fields by the names of that version.
  const hasMoved = (entry: JsonObject) => now.some((other) => isOneOwner(entry, other) && !isSameOwner(entry, other));
  const former = before.filter((entry) => !isOwn(entry) && !hasMoved(entry));
  const nobodys = nobodysOf(now, live);
  const due = former.map((entry) => {
    const fields = fieldsOf(entry);
    return {
      entry,
      fields: union([common(fields, taken), hasWritten(entry, now) ? new Set<string>() : nobodys(fields)]),
    };
  });
  const back = union(due.map(({fields}) => fields));
  const leaving = drop ? union([taken, back]) : back;
  if (leaving.size === 0) return undefined;
  const kept = now.map((entry) => {
    if (isOwn(entry)) return {entry, fields: minus(fieldsOf(entry), leaving)};
    const own = due.filter((one) => isSameOwner(one.entry, entry)).map(({fields}) => fields);
    return {entry, fields: union([fieldsOf(entry), ...own])};
  });
  const gone = due.filter(({entry}) => !now.some((other) => isSameOwner(entry, other)));
  return [...kept, ...gone]
    .filter(({fields}) => fields.size > 0)
    .map(({entry, fields}) => ({...entry, fieldsV1: treeOf(fields)}));
}

/** Of some fields those that nobody has, and that are in the object. */
function nobodysOf(now: readonly JsonObject[], live: JsonObject): (fields: Fields) => Fields {
  const owned = union(now.map(fieldsOf));
  return (fields) =>
    new Set([...fields].filter((path) => !owned.has(path) && isIn(live, JSON.parse(path) as string[])));
}

const isIn = (object: JsonObject, path: readonly string[]): boolean =>
  path.reduce<Json | undefined>((at, name) => childOf(at, stepOf(name)), object) !== undefined;

function stepOf(name: string): Step {
  const rest = name.slice(2);
  if (name.startsWith('k:')) return {item: parseJson(rest) as JsonObject as Record<string, Json>};
  return name.startsWith('v:') ? {value: parseJson(rest) as Json} : rest;
}

/** Whether an owner has written since: what it has no more, it has let go itself. */
const hasWritten = (entry: JsonObject, now: readonly JsonObject[]): boolean =>
  now.some((other) => isSameOwner(entry, other) && other.time !== entry.time);

const isOwn = ({manager}: JsonObject): boolean => manager === own;

/** All fields that some entries have between them, in an order: whichever of one owner's entries has which does not matter. */
export const fieldsAmong = (entries: readonly JsonObject[]): string => [...union(entries.map(fieldsOf))].sort().join();

const isSameOwner = (one: JsonObject, other: JsonObject): boolean =>
  isOneOwner(one, other) && one.apiVersion === other.apiVersion;

/** As the API server tells owners apart: one that applies is the same in whatever version of the kind. */
const isOneOwner = (one: JsonObject, other: JsonObject): boolean =>
  ['manager', 'operation', 'subresource'].every((member) => one[member] === other[member]) &&
  (one.operation === 'Apply' || one.apiVersion === other.apiVersion);

/** Fields, each by the JSON of its path in the notation of `fieldsV1`. */
type Fields = ReadonlySet<string>;

const fieldsOf = ({fieldsV1}: JsonObject): Fields => new Set(isJsonObject(fieldsV1) ? paths(fieldsV1, []) : []);

/** A node without members is a field; one with members is one if it has the member `.`. */
function paths(node: JsonObject, path: readonly string[]): string[] {
  const members = Object.entries(node).filter(([name]) => name !== '.');
  const isField = path.length > 0 && (members.length === 0 || '.' in node);
  return [
    ...(isField ? [JSON.stringify(path)] : []),
    ...members.flatMap(([name, below]) => paths(isJsonObject(below) ? below : {}, [...path, name])),
  ];
}

function treeOf(fields: Fields): JsonObject {
  const root: JsonObject = {};
  // Shorter ones first: what gets a member later on is marked as a field itself.
  const all = [...fields].map((text) => JSON.parse(text) as string[]);
  for (const path of all.toSorted((one, other) => one.length - other.length)) {
    let at = root;
    for (const [index, name] of path.entries()) {
      const prefix = JSON.stringify(path.slice(0, index + 1));
      const isMarked = fields.has(prefix) && (index < path.length - 1 || name.startsWith('k:'));
      const next: JsonObject = isJsonObject(at[name]) ? (at[name] as JsonObject) : {};
      if (isMarked) next['.'] = {} satisfies Json;
      at[name] = next;
      at = next;
    }
  }
  return root;
}

const union = (sets: readonly Fields[]): Set<string> => new Set(sets.flatMap((set) => [...set]));
const minus = (one: Fields, other: Fields): Set<string> => new Set([...one].filter((path) => !other.has(path)));
const common = (one: Fields, other: Fields): Set<string> => new Set([...one].filter((path) => other.has(path)));
