import type {Exec} from '../io/exec.ts';
import type {MeansAtHand} from '../outside/means.ts';
import type {Config} from './config/config.ts';

interface Finding {
  exec: Exec;
  config: Config;
  /** Those that belong to the cluster that was opened: the practice cluster brings its own. */
  means?: MeansAtHand;
}

/**
 * Finds what of the outside is at hand for a cluster. A run asks for it in preflight, a rollback before its undo: both
 * with the config as it is now, and from wherever they run. Asking is all that it may do.
 */
export async function findMeans({exec, means}: Finding): Promise<MeansAtHand> {
  return {exec: {look: exec, change: exec}, ...means};
}
