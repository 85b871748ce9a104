import type {Random} from '../io/random.ts';
import type {EventRecorder} from './eventRecorder.ts';
import type {LatencySource} from './latencies.ts';
import type {Registry} from './registry/registry.ts';
import type {Scope} from './scope.ts';
import type {Store} from './store.ts';

/** What every part of the practice cluster works with. */
export interface Core {
  store: Store;
  registry: Registry;
  scope: Scope;
  latency: LatencySource;
  random: Random;
  recorder: EventRecorder;
}
