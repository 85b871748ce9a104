import type {PlannedLoss} from '../../actions/define.ts';
import type {Spec} from '../../scenario/index.ts';
import type {GuardAnswer} from '../types.ts';

/** Every loss that the steps foresee must stand under `accept`, with its reason. */
export function guardLosses(losses: readonly PlannedLoss[], {accept = []}: Pick<Spec, 'accept'>): GuardAnswer[] {
  const open = losses.filter(
    ({loss, of}) => !accept.some((one) => one.loss === loss && (one.of === undefined || one.of.includes(of))),
  );
  return [...Map.groupBy(open, ({loss, of}) => `${loss} of ${of}`)].map(([named, all]) => ({
    guard: 'accept',
    ok: false,
    message: `no undo returns the ${named}${examples(all)}`,
    hint: 'If that is acceptable, name it under spec.accept, with loss, of and a reason.',
  }));
}

/** Some of what is meant, in brackets. */
function examples(losses: readonly PlannedLoss[]): string {
  const all = [...new Set(losses.flatMap(({what}) => what ?? []))];
  if (all.length === 0) return '';
  return ` (${all.slice(0, shown).join(', ')}${all.length > shown ? ` and ${all.length - shown} more` : ''})`;
}

/** Losses that are named of each kind. */
const shown = 3;
