import {isClusterError} from '../../cluster/errors.ts';
import type {KubeObject} from '../../cluster/types.ts';
import {isControllersNote} from '../common/controllers-notes.ts';
import {pathText} from './path.ts';
import {differences, type TouchedField} from './touched.ts';

/**
 * The fields that a write will change: as the API server says by a dry run, with what it fills in, merges, converts and
 * drops. Not what controllers note beside it, as the generation of a DaemonSet's template: they would write it again over
 * what an undo puts back. Where a webhook does not let it try (its side effects are those of the real call), as it looks from here.
 */
export async function foresee(
  live: KubeObject,
  {tryOut, byHand}: {tryOut: () => Promise<KubeObject>; byHand: () => TouchedField[]},
): Promise<TouchedField[]> {
  try {
    const fields = differences(live, await tryOut());
    const isNote = ({path: [at, list, name]}: TouchedField) =>
      at === 'metadata' && list === 'annotations' && typeof name === 'string' && isControllersNote(name);
    if (!fields.some(isNote)) return fields;
    const written = byHand();
    return fields.filter(
      (field) => !isNote(field) || written.some(({path}) => pathText(path) === pathText(field.path)),
    );
  } catch (error) {
    if (!isClusterError(error, 'invalid') || !/does not support dry run/i.test(error.apiMessage ?? '')) throw error;
    return byHand().map((field) => ({...field, loose: true}));
  }
}
