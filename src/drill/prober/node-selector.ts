import {RefusedError} from '../../io/errors.ts';
import type {JsonObject} from '../../io/json.ts';

/**
 * A label selector as kubectl takes it (`a=b,c!=d,e in (f,g),h,!i`) in the form that node affinity has.
 * Throws a RefusedError naming the part that is no selector.
 */
export function nodeRequirements(selector: string): JsonObject[] {
  return selector.split(/,(?![^(]*\))/).map((part) => {
    const text = part.trim();
    const [, key, sign, value] = /^([\w./-]+)\s*(==?|!=)\s*([\w.-]*)$/.exec(text) ?? [];
    if (key !== undefined) return {key, operator: sign === '!=' ? 'NotIn' : 'In', values: [value ?? '']};
    const [, setKey, word, list] = /^([\w./-]+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text) ?? [];
    if (setKey !== undefined) {
      const values = (list ?? '').split(',').map((entry) => entry.trim());
      return {key: setKey, operator: word === 'in' ? 'In' : 'NotIn', values};
    }
    const [, not, alone] = /^(!?)([\w./-]+)$/.exec(text) ?? [];
    if (alone !== undefined) return {key: alone, operator: not ? 'DoesNotExist' : 'Exists'};
    throw new RefusedError(`the node selector ${selector} cannot be read at "${text}"`, {
      code: 'E_PROBER_SELECTOR',
      hint: 'Write it as kubectl takes it: kubectl get nodes -l <selector>',
    });
  });
}
