import {isDeepStrictEqual} from 'node:util';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';

/**
 * Whether `live` holds what was written: every member of an object, every item of a list, equal scalars. What the API
 * server adds (defaults) does not matter; quantities count by their value (`0.5` is `500m`).
 * Items of lists of objects are found by the member that Kubernetes merges them by; other lists must be equal in
 * length and order.
 */
export function holds(live: Json | undefined, written: Json | undefined): boolean {
  if (written === undefined || written === null) return live === undefined || live === null;
  if (isJsonObject(written)) {
    // Kubernetes leaves empty objects and lists out.
    if (Object.keys(written).length === 0) return live === undefined || isJsonObject(live);
    return isJsonObject(live) && Object.entries(written).every(([key, value]) => holds(live[key], value));
  }
  if (Array.isArray(written))
    return Array.isArray(live) ? holdsItems(live, written) : written.length === 0 && live === undefined;
  return sameScalar(live, written);
}

function holdsItems(live: readonly Json[], written: readonly Json[]): boolean {
  const key = mergeKey([live, written]);
  if (key === undefined)
    return live.length === written.length && written.every((item, index) => holds(live[index], item));
  return written.every((item) => {
    const name = isJsonObject(item) ? item[key] : undefined;
    return live.some((other) => isJsonObject(other) && isDeepStrictEqual(other[key], name) && holds(other, item));
  });
}

/**
 * Whether a live value is what we made of `before` by writing `written`. As {@link holds}, but a list must not have
 * items besides ours and those that were there before: those are somebody else's, and would be lost.
 */
export function isOurs(live: Json | undefined, before: Json | undefined, written: Json | undefined): boolean {
  if (!holds(live, written)) return false;
  if (!Array.isArray(live) || !Array.isArray(written)) return true;
  const earlier = Array.isArray(before) ? before : [];
  return live.every(
    (item) => written.some((ours) => holds(item, ours)) || earlier.some((old) => isDeepStrictEqual(old, item)),
  );
}

/** Whether two values are the same to the API server. */
export function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (isDeepStrictEqual(one, other)) return true;
  return holds(one, other) && holds(other, one);
}

/** Members by which Kubernetes merges lists, in the order in which they are tried. */
const mergeKeys = ['name', 'containerPort', 'port', 'mountPath', 'topologyKey', 'type', 'ip', 'uid'];

/** The member that tells the items of lists of objects apart; undefined when none does. */
function mergeKey(lists: readonly (readonly Json[])[]): string | undefined {
  return mergeKeys.find((key) =>
    lists.every((list) => {
      const values = list.map((item) => (isJsonObject(item) ? item[key] : undefined));
      return values.every((value) => value !== undefined) && new Set(values).size === values.length;
    }),
  );
}

function sameScalar(live: Json | undefined, written: Json): boolean {
  if (live === written) return true;
  if (live === undefined || live === null || typeof live === 'object' || typeof written === 'object') return false;
  const [left, right] = [quantity(String(live)), quantity(String(written))];
  return left !== undefined && left === right;
}

const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The value of a Kubernetes quantity, or undefined when the text is none. */
function quantity(text: string): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([numkMGTPE]|[KMGTPE]i)?$/.exec(text);
  if (match === null) return undefined;
  return Number((Number(match[1]) * (suffixes[match[2] ?? ''] ?? Number.NaN)).toPrecision(12));
}

/** The value at a path of member names; undefined when it or anything on the way is missing. */
export function valueAt(object: Json | undefined, path: readonly string[]): Json | undefined {
  let value = object;
  for (const key of path) value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

/** An object with one value at a path. */
export function nested(path: readonly string[], value: Json): Json {
  return path.reduceRight<Json>((inner, key) => ({[key]: inner}), value);
}

/** Puts objects over one another, later ones win; lists and scalars are replaced. */
export function overlay(...objects: readonly JsonObject[]): JsonObject {
  const result: JsonObject = {};
  for (const object of objects) {
    for (const [key, value] of Object.entries(object)) {
      const below = result[key];
      result[key] = isJsonObject(below) && isJsonObject(value) ? overlay(below, value) : value;
    }
  }
  return result;
}
