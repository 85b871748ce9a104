import type {Reversal, Shows} from '../../actions/define.ts';
import {actions} from '../../actions/index.ts';
import {showsOwnWrite} from '../../actions/own-write.ts';
import type {Path} from '../diagnostics.ts';
import type {InnerStep, Step} from '../schema/scenario.ts';

/** A step that changes something, and where it stands. */
export interface Acting {
  step: Step | InnerStep;
  path: Path;
}

/** The steps of one, itself or those side by side in it, that change something: an action, or what a person does. */
export function acting(step: Step | InnerStep, path: Path): Acting[] {
  if (step.if === 'false') return [];
  if ('parallel' in step && step.parallel !== undefined) {
    return step.parallel.flatMap((inner, index) => acting(inner, [...path, 'parallel', index]));
  }
  const acts = step.manual !== undefined || (step.uses !== undefined && !onlyLooks(step));
  return acts ? [{step, path}] : [];
}

/** What an action says of how its change is taken back; undefined where the run has yet to complete its input. */
export function reversalOf({uses = '', with: input = {}}: Step | InnerStep): Reversal | undefined {
  const definition = actions[uses];
  if (definition === undefined) return undefined;
  if (typeof definition.reversal !== 'function') return definition.reversal;
  const parsed = definition.input.safeParse(input);
  return parsed.success ? definition.reversal(parsed.data) : undefined;
}

const onlyLooks = (step: Step | InnerStep): boolean => reversalOf(step) === 'none-needed';

/** Whether its action can show by itself that it took effect, or only that the API server took its write. */
export function effectOf({uses = '', with: input = {}}: Step | InnerStep): 'none' | Shows {
  const definition = actions[uses];
  if (definition?.effect === undefined) return 'none';
  if (typeof definition.shows !== 'function') return definition.shows ?? 'own-write';
  const parsed = definition.input.safeParse(input);
  // What the run has yet to complete is known then.
  return parsed.success && showsOwnWrite(definition, parsed.data) ? 'own-write' : 'consequence';
}
