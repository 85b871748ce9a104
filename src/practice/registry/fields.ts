import {isDeepStrictEqual} from 'node:util';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {itemKey, listRule} from './lists.ts';

/**
 * A set of field paths. The key is the JSON of the path; a path is a list of elements in the notation of `fieldsV1`:
 * `f:<field>`, `k:<key of a list item>`, `v:<value in a set>`, `.` for the item itself. The value is what stands there.
 */
export type FieldSet = Map<string, Json>;

/** All leaves of an object that a manager can own; its identity (kind, name…) is nobody's. */
export function fieldsOf(object: JsonObject): FieldSet {
  const {apiVersion: _a, kind: _k, metadata, ...rest} = object;
  const {
    name: _n,
    namespace: _ns,
    generateName: _g,
    uid: _u,
    resourceVersion: _r,
    ...meta
  } = isJsonObject(metadata) ? metadata : {};
  for (const system of ['generation', 'creationTimestamp', 'managedFields', 'deletionTimestamp', 'selfLink']) {
    delete meta[system];
  }
  const found: FieldSet = new Map();
  collect({...rest, ...(Object.keys(meta).length > 0 ? {metadata: meta} : {})}, [], '', found);
  return found;
}

function collect(value: Json, path: readonly string[], field: string, found: FieldSet): void {
  if (isJsonObject(value) && (Object.keys(value).length > 0 || path.length === 0)) {
    for (const [key, inner] of Object.entries(value)) {
      if (inner !== undefined) collect(inner, [...path, `f:${key}`], key, found);
    }
    return;
  }
  if (Array.isArray(value)) {
    const {keys, set} = listRule(field, value);
    if (keys && value.length > 0) {
      for (const item of value.filter(isJsonObject)) {
        const at = [...path, `k:${JSON.stringify(itemKey(item, keys))}`];
        found.set(JSON.stringify([...at, '.']), true);
        collect(item, at, '', found);
      }
      return;
    }
    if (set && value.length > 0) {
      for (const item of value) found.set(JSON.stringify([...path, `v:${JSON.stringify(item)}`]), item);
      return;
    }
  }
  found.set(JSON.stringify(path), value);
}

/** Writes a set in the nested form of `metadata.managedFields[].fieldsV1`. */
export function toFieldsV1(set: Iterable<string>): JsonObject {
  const root: JsonObject = {};
  for (const key of [...set].sort()) {
    let at = root;
    for (const element of JSON.parse(key) as string[]) {
      const next = at[element];
      const child: JsonObject = isJsonObject(next) ? next : {};
      at[element] = child;
      at = child;
    }
  }
  return root;
}

/** Reads the keys of the set that {@link toFieldsV1} wrote, or that a client sent. */
export function fromFieldsV1(fields: unknown, path: readonly string[] = []): Set<string> {
  const entries = isJsonObject(fields) ? Object.entries(fields) : [];
  if (entries.length === 0) return new Set(path.length > 0 ? [JSON.stringify(path)] : []);
  return new Set(entries.flatMap(([element, inner]) => [...fromFieldsV1(inner, [...path, element])]));
}

/** A path for people, as conflicts print it: `.spec.template.spec.containers[name="web"].image`. */
export function printPath(key: string): string {
  const text = (JSON.parse(key) as string[]).map((element) => {
    if (element.startsWith('f:')) return `.${element.slice(2)}`;
    if (element.startsWith('v:')) return `[=${element.slice(2)}]`;
    if (!element.startsWith('k:')) return '';
    const pairs = Object.entries(JSON.parse(element.slice(2)) as JsonObject);
    return `[${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
  });
  return text.join('');
}

/** Lays an applied configuration over a live object: maps and keyed lists merge, all else is replaced. */
export function overlay(live: Json | undefined, applied: Json, field = ''): Json {
  if (isJsonObject(applied)) {
    const merged: JsonObject = isJsonObject(live) ? {...live} : {};
    for (const [key, value] of Object.entries(applied)) {
      if (value !== undefined) merged[key] = overlay(merged[key], value, key);
    }
    return merged;
  }
  if (!Array.isArray(applied) || !Array.isArray(live)) return applied;
  const {keys, set} = listRule(field, [...applied, ...live]);
  if (set) return [...live, ...applied.filter((item) => !live.includes(item))];
  if (!keys) return applied;
  const merged = [...live];
  for (const item of applied.filter(isJsonObject)) {
    const id = itemKey(item, keys);
    const index = merged.findIndex((each) => isJsonObject(each) && isDeepStrictEqual(itemKey(each, keys), id));
    if (index < 0) merged.push(item);
    else merged[index] = overlay(merged[index], item);
  }
  return merged;
}

/** Takes one field away from an object, in place; maps that it leaves empty stay. */
export function removeField(object: JsonObject, key: string): void {
  const path = JSON.parse(key) as string[];
  let parent: Json | undefined;
  let at: Json | undefined = object;
  let last: string | number | undefined;
  for (const element of path) {
    if (element === '.') break;
    parent = at;
    last = locate(at, element);
    at = last === undefined ? undefined : (at as Record<string | number, Json>)[last];
    if (at === undefined) return;
  }
  if (Array.isArray(parent) && typeof last === 'number') parent.splice(last, 1);
  else if (isJsonObject(parent) && typeof last === 'string') delete parent[last];
}

function locate(container: Json | undefined, element: string): string | number | undefined {
  if (isJsonObject(container)) return element.startsWith('f:') ? element.slice(2) : undefined;
  if (!Array.isArray(container)) return undefined;
  const wanted: Json = JSON.parse(element.slice(2));
  const index = container.findIndex((item) =>
    element.startsWith('k:') && isJsonObject(item) && isJsonObject(wanted)
      ? isDeepStrictEqual(itemKey(item, Object.keys(wanted)), wanted)
      : isDeepStrictEqual(item, wanted),
  );
  return index < 0 ? undefined : index;
}
