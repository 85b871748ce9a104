import * as z from 'zod';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {json} from '../../io/json-schema.ts';
import {mergePatchBetween} from '../../io/merge-patch.ts';
import {holds, isOurs, isSame, valueAt} from './compare.ts';
import {itemSteps, type Owned, ownedBelow, ownedOf} from './keys.ts';
import {isSameStep, type Path, pathText, type Step, step, withValue} from './path.ts';

/**
 * One field that a mutation changes: its place, what was there and what is written. A missing value means that the
 * field is absent. Items of lists that merge by keys are places of their own; any other list is one field.
 */
export const touchedField = () =>
  z.strictObject({
    path: z.array(step()).min(1),
    before: json().optional(),
    after: json().optional(),
    /** The API server could not be asked what it makes of the change: what it adds to what was written is not held against it. */
    loose: z.literal(true).optional(),
    /** The API server chooses it, and not what the dry run was told, which `after` is. */
    chosen: z.literal(true).optional(),
    /** Where the maps on the way were absent before: length of the shortest such path. They go again when empty. */
    absentFrom: z.int().min(1).optional(),
  });
export type TouchedField = z.infer<ReturnType<typeof touchedField>>;

/** The fields in which two versions of an object differ; metadata that the API server keeps is left out. */
export function differences(before: JsonObject, after: JsonObject): TouchedField[] {
  const owned = [...ownedOf(before), ...ownedOf(after)];
  return compare(before, after, {path: [], owned}).filter(({path}) => !isServersOwn(path));
}

/** The fields that a manifest (or a strategic merge patch) sets to something else than they are. */
export function touchedBy({status: _status, ...manifest}: JsonObject, live: JsonObject): TouchedField[] {
  return leaves(manifest, [])
    .map(({path, after}) => {
      const before = valueAt(live, path);
      const depth = path.findIndex((_, index) => valueAt(live, path.slice(0, index + 1)) === undefined) + 1;
      return fieldOf(path, before, after === null ? undefined : after, depth === 0 ? undefined : depth);
    })
    .filter(({path, before, after}) => !isServersOwn(path) && !isSame(before, after, path));
}

/** What became of touched fields: all as before, all as written or before, or somebody else's in between. */
export type FieldsState =
  | {state: 'original'}
  | {state: 'ours'; fields: TouchedField[]}
  | {state: 'foreign'; detail: string};

/** The fields of a manifest that a live object has and that do not hold what was written; what defaults add is fine. */
export function overwritten(manifest: JsonObject, live: JsonObject): TouchedField[] {
  return unheld(manifest, live).filter(({before}) => before !== undefined);
}

/** The fields of a manifest that a live object does not hold, for whatever reason. */
export function unheld(manifest: JsonObject, live: JsonObject): TouchedField[] {
  return touchedBy(manifest, live).filter(({path, before, after}) => !holds(before, after, path));
}

/** Those of some fields that do not hold what the drill itself has written over them since. */
export function notOwn(
  fields: readonly TouchedField[],
  live: JsonObject,
  written: readonly TouchedField[],
): TouchedField[] {
  const own = written.filter((field) => isOurs(valueAt(live, field.path), field));
  return fields.filter(({path}) => !own.some((field) => overlap(field.path, path)));
}

/** Whether one of two places is, or lies within, the other. */
const overlap = (one: Path, other: Path): boolean =>
  range(0, Math.min(one.length, other.length)).every((index) => isSameStep(one[index], other[index]));

/** What fields are instead of what was written, for messages. */
export function describeFields(fields: readonly TouchedField[], live: JsonObject): string {
  return fields
    .map(({path, after}) => `${pathText(path)} is ${brief(valueAt(live, path))} where ${brief(after)} was written`)
    .join('; ');
}

/** Compares the touched fields of the live object with what was there and what was written. */
export function stateOf(live: JsonObject, fields: readonly TouchedField[]): FieldsState {
  const changed = fields.filter(({path, before}) => !isSame(valueAt(live, path), before, path));
  const foreign = changed.filter((field) => lostItem(live, field) || !isOurs(valueAt(live, field.path), field));
  if (foreign.length > 0) return {state: 'foreign', detail: describeFields(foreign, live)};
  return changed.length === 0 ? {state: 'original'} : {state: 'ours', fields: changed};
}

/** Whether an item of a list that a field lies in is gone: somebody has taken it away, and a part of one is none. */
const lostItem = (live: JsonObject, {path}: TouchedField): boolean =>
  path.some(
    (one, index) =>
      typeof one === 'object' && index < path.length - 1 && valueAt(live, path.slice(0, index + 1)) === undefined,
  );

/** The JSON merge patch that puts the original values back; maps that came with them go too, unless others use them. */
export function putBack(fields: readonly TouchedField[], live: JsonObject): JsonObject {
  return mergePatchBetween(live, asBefore(fields, live));
}

/** The live object with the original values in the fields. */
function asBefore(fields: readonly TouchedField[], live: JsonObject): JsonObject {
  const restored = fields
    .toSorted(byPlace)
    .reduce<Json | undefined>((object, {path, before}) => withValue(object, path, before), live);
  const parents = fields.flatMap(({path, absentFrom = path.length}) =>
    range(absentFrom, path.length).map((length) => path.slice(0, length)),
  );
  // The innermost first: a map whose only content is an empty map is empty once that is gone.
  return parents
    .toSorted((one, other) => other.length - one.length)
    .reduce(
      (object, path) => (isEmpty(valueAt(object, path)) ? withValue(object, path, undefined) : object),
      restored,
    ) as JsonObject;
}

/** Items of a list come back in the order in which they stood, or the places of the later ones are wrong. */
const byPlace = (one: TouchedField, other: TouchedField): number =>
  placeOf(one.path.at(-1)) - placeOf(other.path.at(-1));

const placeOf = (to: Step | undefined): number => (typeof to === 'object' ? (to.at ?? 0) : 0);

const range = (from: number, to: number): number[] => Array.from({length: Math.max(0, to - from)}, (_, n) => from + n);
const isEmpty = (value: Json | undefined): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** A value in a few characters, for messages. */
export function brief(value: Json | undefined): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

interface Place {
  path: Step[];
  /** What is noted of owners of fields here and below. */
  owned: Owned;
  absentFrom?: number | undefined;
}

function compare(before: Json | undefined, after: Json | undefined, place: Place): TouchedField[] {
  const {path, absentFrom} = place;
  const below = (to: Step) => ({...place, path: [...path, to], owned: ownedBelow(place.owned, to)});
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => compare(before[key], after[key], below(key)));
  }
  // Below a map or list that comes or goes, each entry is a field of its own: others may add theirs beside them.
  const comes = before === undefined && isFilled(after);
  const [was, is] = [
    comes ? emptyOf(after) : before,
    after === undefined && isFilled(before) ? emptyOf(before) : after,
  ];
  const from = comes ? (absentFrom ?? path.length) : absentFrom;
  if (isJsonObject(was) && isJsonObject(is)) return compare(was, is, {...place, absentFrom: from});
  const steps = Array.isArray(was) && Array.isArray(is) ? itemSteps(was, is, place.owned) : undefined;
  if (steps === undefined) return isSame(before, after, path) ? [] : [fieldOf(path, before, after, absentFrom)];
  return steps.flatMap((to) => compareItem(valueAt(was, [to]), valueAt(is, [to]), {...below(to), absentFrom: from}));
}

/** An item that comes or goes does so as a whole: a part of one is none. */
function compareItem(before: Json | undefined, after: Json | undefined, place: Place): TouchedField[] {
  if (before !== undefined && after !== undefined) return compare(before, after, place);
  return [fieldOf(place.path, before, after, place.absentFrom)];
}

function fieldOf(path: Step[], before: Json | undefined, after: Json | undefined, absentFrom?: number): TouchedField {
  return {
    path,
    ...(before === undefined ? {} : {before}),
    ...(after === undefined ? {} : {after}),
    ...(absentFrom === undefined || absentFrom >= path.length ? {} : {absentFrom}),
  };
}

const isFilled = (value: Json | undefined): value is JsonObject | Json[] =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;
const emptyOf = (value: JsonObject | Json[]): JsonObject | Json[] => (Array.isArray(value) ? [] : {});

function leaves(value: JsonObject, path: string[]): {path: string[]; after: Json}[] {
  return Object.entries(value).flatMap(([key, member]) => {
    if (member === undefined) return [];
    return isJsonObject(member) && isFilled(member)
      ? leaves(member, [...path, key])
      : [{path: [...path, key], after: member}];
  });
}

/** Identity and bookkeeping of the API server: nothing that a mutation could change or an undo should. */
function isServersOwn([first, second]: Path): boolean {
  if (first === 'apiVersion' || first === 'kind') return true;
  return first === 'metadata' && typeof second === 'string' && serversMetadata.has(second);
}

const serversMetadata = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'selfLink',
]);
