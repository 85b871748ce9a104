import type {Exec} from '../io/exec.ts';
import type {MeansAtHand} from '../outside/means.ts';
import type {Config} from './config/config.ts';

/**
 * Finds what of the outside is at hand for a cluster. A run asks for it in preflight, a rollback before its undo: both
 * with the same config and from wherever they run now.
 */
export function findMeans({exec}: {exec: Exec; config: Config}): MeansAtHand {
  return {exec: {look: exec, change: exec}};
}
