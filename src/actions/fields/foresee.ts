import {isClusterError} from '../../cluster/errors.ts';
import type {KubeObject} from '../../cluster/types.ts';
import {differences, type TouchedField} from './touched.ts';

/**
 * The fields that a write will change: as the API server says by a dry run, with what it fills in, merges, converts and
 * drops. Where a webhook does not let it try (its side effects are those of the real call), as it looks from here.
 */
export async function foresee(
  live: KubeObject,
  {tryOut, byHand}: {tryOut: () => Promise<KubeObject>; byHand: () => TouchedField[]},
): Promise<TouchedField[]> {
  try {
    return differences(live, await tryOut());
  } catch (error) {
    if (!isClusterError(error, 'invalid') || !/does not support dry run/i.test(error.apiMessage ?? '')) throw error;
    return byHand().map((field) => ({...field, loose: true}));
  }
}
