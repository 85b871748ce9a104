import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';

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
 * to nobody again with `drop`, and else stays the drill's.
 */
export function givenBack(
  before: readonly JsonObject[],
  now: readonly JsonObject[],
  {drop}: {drop: boolean},
): JsonObject[] | undefined {
  const had = union(before.filter(isOwn).map(fieldsOf));
  const taken = minus(union(now.filter(isOwn).map(fieldsOf)), had);
  // Who has applied another version of the kind meanwhile has its fields by the names of that version.
  const hasMoved = (entry: JsonObject) => now.some((other) => isOneOwner(entry, other) && !isSameOwner(entry, other));
  const former = before.filter((entry) => !isOwn(entry) && !hasMoved(entry));
  const due = former.map((entry) => ({entry, fields: common(fieldsOf(entry), taken)}));
  const leaving = drop ? taken : union(due.map(({fields}) => fields));
  if (leaving.size === 0) return undefined;
  const kept = now.map((entry) => {
    if (isOwn(entry)) return {entry, fields: minus(fieldsOf(entry), leaving)};
    const back = due.filter((one) => isSameOwner(one.entry, entry)).map(({fields}) => fields);
    return {entry, fields: union([fieldsOf(entry), ...back])};
  });
  const gone = due.filter(({entry}) => !now.some((other) => isSameOwner(entry, other)));
  return [...kept, ...gone]
    .filter(({fields}) => fields.size > 0)
    .map(({entry, fields}) => ({...entry, fieldsV1: treeOf(fields)}));
}

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
