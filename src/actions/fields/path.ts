import {isDeepStrictEqual} from 'node:util';
import * as z from 'zod';
import {isJsonObject, type Json, type JsonObject, setMember} from '../../io/json.ts';
import {json} from '../../io/json-schema.ts';

const places = () => ({
  at: z.int().min(0).optional(),
  now: z.int().min(0).optional(),
  behind: json().optional(),
});

/** One step to a field, as journals keep it. */
export const step = () =>
  z.union([
    z.string(),
    z.strictObject({item: z.record(z.string(), json()), ...places()}),
    z.strictObject({value: json(), ...places()}),
  ]);

/**
 * One step to a field: a member of a map, an item of a list by the members that tell it apart, or an item of a set by its
 * value. `at`: where in its list the item was before, and `behind` which one, so that it comes back to its place; `now`:
 * where the change has put it.
 */
export type Step = string | Listed;
export type Listed = ({item: Record<string, Json>} | {value: Json}) & {
  at?: number | undefined;
  now?: number | undefined;
  behind?: Json | undefined;
};
export type Path = readonly Step[];

/** Whether two steps lead to the same place. */
export function isSameStep(one: Step | undefined, other: Step | undefined): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  return isDeepStrictEqual(idOf(one), idOf(other));
}

/** What tells an item apart, without its places. */
export const idOf = (one: Listed): {item: Record<string, Json>} | {value: Json} =>
  'item' in one ? {item: one.item} : {value: one.value};

/** A path as people read it: `spec.template.spec.containers[name=web].image`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, one) => {
    if (typeof one === 'string') return text === '' ? one : `${text}.${one}`;
    return `${text}[${'item' in one ? pairs(one.item) : shown(one.value)}]`;
  }, '');
}

const pairs = (item: JsonObject): string =>
  Object.entries(item)
    .map(([member, value]) => `${member}=${shown(value)}`)
    .join(',');

const shown = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));

/** What a step leads to; undefined when it is not there. */
export function childOf(value: Json | undefined, to: Step): Json | undefined {
  if (typeof to === 'string') return isJsonObject(value) && Object.hasOwn(value, to) ? value[to] : undefined;
  return Array.isArray(value) ? value[indexOf(value, to)] : undefined;
}

/** Whether a list item is the one that is meant. */
const isItem = (one: Json | undefined, item: JsonObject): boolean =>
  isJsonObject(one) && Object.entries(item).every(([member, value]) => isDeepStrictEqual(one[member], value));

const indexOf = (list: readonly Json[], to: Listed): number =>
  list.findIndex((one) => ('item' in to ? isItem(one, to.item) : isDeepStrictEqual(one, to.value)));

/** A copy of an object with another value in one place; undefined takes it away. Lists and maps on the way are made. */
export function withValue(object: Json | undefined, [to, ...rest]: Path, value: Json | undefined): Json | undefined {
  if (to === undefined) return value;
  const below = childOf(object, to);
  // Nothing is made on the way to what is to go.
  if (below === undefined && value === undefined) return object;
  const next = withValue(below, rest, value);
  return typeof to === 'string' ? withMember(object, to, next) : withItem(object, to, next);
}

function withMember(object: Json | undefined, member: string, value: Json | undefined): JsonObject {
  const copy: JsonObject = isJsonObject(object) ? {...object} : {};
  if (value === undefined) delete copy[member];
  else setMember(copy, member, value);
  return copy;
}

function withItem(list: Json | undefined, to: Listed, value: Json | undefined): Json[] {
  const copy = Array.isArray(list) ? [...list] : [];
  const index = indexOf(copy, to);
  const added = value === undefined ? [] : [value];
  if (index >= 0) copy.splice(index, 1, ...added);
  else copy.splice(placeIn(copy, to), 0, ...added);
  return copy;
}

/** Behind the item that it stood behind: others may have added theirs in front. */
function placeIn(list: readonly Json[], {at = list.length, behind}: Listed): number {
  const index = isJsonObject(behind) ? indexOf(list, behind as unknown as Listed) : -1;
  return index < 0 ? Math.min(at, list.length) : index + 1;
}
