import type {JsonObject} from '../io/json.ts';
import type {Observation} from '../probes/define.ts';
import type {Canaries} from './canary/start.ts';
import type {Lock} from './lock/lock.ts';
import type {Played, Prepared, Session} from './session.ts';
import type {BrokenWatch} from './watch/broken.ts';
import type {Probing} from './watch/probing.ts';

/** What the activities of one run share. Each field is set by one activity and read by later ones. */
export interface Runtime extends Session {
  prepared: Prepared;
  lock?: Lock;
  probing?: Probing;
  canaries?: Canaries;
  /** Played `uses` steps of the run by path. */
  played: Map<string, Played>;
  /** What the checks saw in `steady`, by name: `before.…` in their expressions. */
  before: Map<string, Observation>;
  /** End of the last `recover` step, or of `effect` when there is none; on the runner's clock. */
  recoveredAt?: number;
  /** Watches for the `broken` states, from the effect on. */
  broken?: BrokenWatch;
}

/** The scope as plain data for expressions. */
export function scopeOf({scope}: Session): JsonObject {
  return {
    vars: scope.vars,
    env: Object.fromEntries(
      Object.entries(scope.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
    ),
    run: scope.run,
    cluster: scope.cluster,
    steps: scope.steps as unknown as JsonObject,
  };
}
