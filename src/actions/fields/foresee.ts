import {isClusterError} from '../../cluster/errors.ts';
import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject, type Json, type JsonObject, setMember} from '../../io/json.ts';
import {isControllersNote} from '../common/controllers-notes.ts';
import {isSame} from './compare.ts';
import {pathText} from './path.ts';
import {differences, type TouchedField} from './touched.ts';

/**
 * The fields that a write will change: as the API server says by a dry run, with what it fills in, merges, converts and
 * drops. Not what controllers note beside it, as the generation of a DaemonSet's template: they would write it again over
 * what an undo puts back. Where a webhook does not let it try (its side effects are those of the real call), as it looks
 * from here.
 */
export async function foresee(
  live: KubeObject,
  {tryOut, byHand}: {tryOut: () => Promise<KubeObject>; byHand: () => TouchedField[]},
): Promise<TouchedField[]> {
  try {
    const written = byHand();
    const isWritten = ({path}: TouchedField) => written.some((field) => pathText(field.path) === pathText(path));
    const fields = differences(live, await tryOut()).filter((field) => !isNote(field) || isWritten(field));
    const isAsWritten = ({path, after}: TouchedField) =>
      written.some((field) => pathText(field.path) === pathText(path) && isSame(field.after, after, path));
    if (fields.every(isAsWritten)) return fields;
    // What it adds may be its choice, as the port of a node is: another one when it is asked again, and in earnest.
    const again = differences(live, await tryOut());
    return fields.map((field) => withoutChoice(field, again));
  } catch (error) {
    if (!isClusterError(error, 'invalid') || !/does not support dry run/i.test(error.apiMessage ?? '')) throw error;
    return byHand().map((field) => ({...field, loose: true}));
  }
}

/** A controller's annotation. */
const isNote = ({path: [at, list, name]}: TouchedField): boolean =>
  at === 'metadata' && list === 'annotations' && typeof name === 'string' && isControllersNote(name);

/** A field with what the API server will hold to of it. */
function withoutChoice(field: TouchedField, again: readonly TouchedField[]): TouchedField {
  const other = again.find(({path}) => pathText(path) === pathText(field.path));
  if (other === undefined || isSame(field.after, other.after, field.path)) return field;
  if (!isJsonObject(field.after) || !isJsonObject(other.after)) return {...field, chosen: true};
  return {...field, after: common(field.after, other.after), loose: true};
}

/** What two objects have both. */
function common(one: JsonObject, other: JsonObject): JsonObject {
  const both: JsonObject = {};
  for (const [name, value] of Object.entries(one)) {
    const theirs = other[name];
    if (isSame(value, theirs)) setMember(both, name, value as Json);
    else if (isJsonObject(value) && isJsonObject(theirs)) setMember(both, name, common(value, theirs));
  }
  return both;
}
