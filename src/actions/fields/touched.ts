import * as z from 'zod';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {json} from '../../io/json-schema.ts';
import {applyMergePatch} from '../../io/merge-patch.ts';
import {holds, isOurs, isSame, nested, overlay, valueAt} from './compare.ts';

/**
 * One field that a mutation changes: its place, what was there and what is written. A missing value means that the
 * field is absent. Lists are one field each: Kubernetes has no address for their items.
 */
export const touchedField = () =>
  z.strictObject({
    path: z.array(z.string()).min(1),
    before: json().optional(),
    after: json().optional(),
    /** Where the maps on the way were absent before: length of the shortest such path. They go again when empty. */
    absentFrom: z.int().min(1).optional(),
  });
export type TouchedField = z.infer<ReturnType<typeof touchedField>>;

/** The fields in which two versions of an object differ; metadata that the API server keeps is left out. */
export function differences(before: JsonObject, after: JsonObject): TouchedField[] {
  return compare(before, after, []).filter(({path}) => !isServersOwn(path));
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
const overlap = (one: readonly string[], other: readonly string[]): boolean =>
  range(0, Math.min(one.length, other.length)).every((index) => one[index] === other[index]);

/** What fields are instead of what was written, for messages. */
export function describeFields(fields: readonly TouchedField[], live: JsonObject): string {
  return fields
    .map(({path, after}) => `${path.join('.')} is ${brief(valueAt(live, path))} where ${brief(after)} was written`)
    .join('; ');
}

/** Compares the touched fields of the live object with what was there and what was written. */
export function stateOf(live: JsonObject, fields: readonly TouchedField[]): FieldsState {
  const changed = fields.filter(({path, before}) => !isSame(valueAt(live, path), before, path));
  const foreign = changed.filter((field) => !isOurs(valueAt(live, field.path), field));
  if (foreign.length > 0) return {state: 'foreign', detail: describeFields(foreign, live)};
  return changed.length === 0 ? {state: 'original'} : {state: 'ours', fields: changed};
}

/** The JSON merge patch that puts the original values back; maps that came with them go too, unless others use them. */
export function putBack(fields: readonly TouchedField[], live: JsonObject): JsonObject {
  const patch = overlay(...fields.map(({path, before}) => nested(path, before ?? null) as JsonObject));
  const maps = fields.flatMap(({path, absentFrom = path.length}) =>
    range(absentFrom, path.length).map((length) => path.slice(0, length)),
  );
  // The innermost first: a map whose only content is an empty map is empty once that is gone.
  return maps.toSorted((one, other) => other.length - one.length).reduce((all, map) => cut(all, map, live), patch);
}

/** The patch, with one map removed as a whole if the patch would leave it empty. */
function cut(patch: JsonObject, path: readonly string[], live: JsonObject): JsonObject {
  return isEmpty(valueAt(applyMergePatch(live, patch), path)) ? replaceAt(patch, path, null) : patch;
}

function replaceAt(object: JsonObject, [key = '', ...rest]: readonly string[], value: Json): JsonObject {
  const below = object[key];
  return {...object, [key]: rest.length === 0 ? value : replaceAt(isJsonObject(below) ? below : {}, rest, value)};
}

const range = (from: number, to: number): number[] => Array.from({length: Math.max(0, to - from)}, (_, n) => from + n);
const isEmpty = (value: Json | undefined): boolean => isJsonObject(value) && Object.keys(value).length === 0;

/** A value in a few characters, for messages. */
export function brief(value: Json | undefined): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function compare(
  before: Json | undefined,
  after: Json | undefined,
  path: string[],
  absentFrom?: number,
): TouchedField[] {
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => compare(before[key], after[key], [...path, key], absentFrom));
  }
  // Below a map that comes or goes, each entry is a field of its own: others may add theirs beside them.
  if (before === undefined && isFilled(after)) return compare({}, after, path, absentFrom ?? path.length);
  if (after === undefined && isFilled(before)) return compare(before, {}, path);
  return isSame(before, after, path) ? [] : [fieldOf(path, before, after, absentFrom)];
}

function fieldOf(path: string[], before: Json | undefined, after: Json | undefined, absentFrom?: number): TouchedField {
  return {
    path,
    ...(before === undefined ? {} : {before}),
    ...(after === undefined ? {} : {after}),
    ...(absentFrom === undefined || absentFrom >= path.length ? {} : {absentFrom}),
  };
}

const isFilled = (value: Json | undefined): value is JsonObject => isJsonObject(value) && Object.keys(value).length > 0;

function leaves(value: JsonObject, path: string[]): {path: string[]; after: Json}[] {
  return Object.entries(value).flatMap(([key, member]) => {
    if (member === undefined) return [];
    return isFilled(member) ? leaves(member, [...path, key]) : [{path: [...path, key], after: member}];
  });
}

/** Identity and bookkeeping of the API server: nothing that a mutation could change or an undo should. */
function isServersOwn([first = '', second = '']: readonly string[]): boolean {
  if (first === 'apiVersion' || first === 'kind') return true;
  return first === 'metadata' && serversMetadata.has(second);
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
