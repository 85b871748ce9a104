import type {Spec} from '../../scenario/index.ts';
import type {GuardAnswer} from '../types.ts';

/** Something that no undo returns: what kind of loss, of which kind of object. */
export interface Loss {
  loss: string;
  of: string;
}

/** Every loss that the steps foresee must stand under `accept`, with its reason. */
export function guardLosses(losses: readonly Loss[], {accept = []}: Pick<Spec, 'accept'>): GuardAnswer[] {
  const open = losses.filter(
    ({loss, of}) => !accept.some((one) => one.loss === loss && (one.of === undefined || one.of.includes(of))),
  );
  const distinct = [...new Set(open.map(({loss, of}) => `${loss} of ${of}`))];
  return distinct.map((what) => ({
    guard: 'accept',
    ok: false,
    message: `no undo returns the ${what}`,
    hint: 'If that is acceptable, name it under spec.accept, with loss, of and a reason.',
  }));
}
