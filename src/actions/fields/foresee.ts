import {isClusterError} from '../../cluster/errors.ts';
import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject} from '../../io/json.ts';
import {isControllersNote} from '../common/controllers-notes.ts';
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
    return live.kind === 'Service' ? fields.map((field) => withoutChoice(field, written)) : fields;
  } catch (error) {
    if (!isClusterError(error, 'invalid') || !/does not support dry run/i.test(error.apiMessage ?? '')) throw error;
    return byHand().map((field) => ({...field, loose: true}));
  }
}

/** A controller's annotation. */
const isNote = ({path: [at, list, name]}: TouchedField): boolean =>
  at === 'metadata' && list === 'annotations' && typeof name === 'string' && isControllersNote(name);

/** What the API server chooses for a Service. A dry run is told others than the change itself. */
const choices = new Set(['nodePort', 'healthCheckNodePort', 'clusterIP']);

/** A field with what the API server will hold to of it. */
function withoutChoice(field: TouchedField, written: readonly TouchedField[]): TouchedField {
  const {path, after} = field;
  const own = written.find((other) => pathText(other.path) === pathText(path));
  const name = path.at(-1);
  if (typeof name === 'string' && choices.has(name) && after !== undefined && own === undefined)
    return {...field, chosen: true};
  if (!isJsonObject(after)) return field;
  const isChosen = (member: string) =>
    choices.has(member) && !(isJsonObject(own?.after) && own.after[member] !== undefined);
  const kept = Object.entries(after).filter(([member]) => !isChosen(member));
  if (kept.length === Object.keys(after).length) return field;
  return {...field, after: Object.fromEntries(kept), loose: true};
}
