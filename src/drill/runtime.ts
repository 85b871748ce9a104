import type {Canaries} from './canary/start.ts';
import type {World} from './compare/index.ts';
import type {LocalLock} from './lock/local-lock.ts';
import type {Lock} from './lock/lock.ts';
import type {ReadyRun} from './session.ts';
import type {BrokenWatch} from './watch/broken.ts';
import type {Probing} from './watch/probing.ts';

/** What the activities of one run share. Each field is set by one activity and read by later ones. */
export interface Runtime extends ReadyRun {
  lock?: Lock;
  localLock?: LocalLock;
  /** What was there before the first change. */
  world?: World | undefined;
  probing?: Probing;
  canaries?: Canaries;
  /** End of the last `recover` step, or of `effect` when there is none; on the runner's clock. */
  recoveredAt?: number;
  /** Steps that were guarded by what was seen before the API server went away, and not again yet. */
  unconfirmed: string[];
  /** Watches for the `broken` states, from the effect on. */
  broken?: BrokenWatch;
}
