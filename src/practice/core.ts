import type {Random} from '../io/random.ts';
import type {ApiState} from './apiState.ts';
import type {EventRecorder} from './eventRecorder.ts';
import type {LatencySource} from './latencies.ts';
import type {Registry} from './registry/registry.ts';
import type {Scope} from './scope.ts';
import type {Store} from './store.ts';
import type {View} from './view.ts';

/** What every part of the practice cluster works with. */
export interface Core {
  registry: Registry;
  scope: Scope;
  latency: LatencySource;
  random: Random;
  recorder: EventRecorder;
}

/** What the API server works with: it alone reads the store. */
export interface ApiCore extends Core {
  store: Store;
  api: ApiState;
}

/** What a client of the API server works with: controllers, scheduler, kubelets, kube-proxy, the network's policies. */
export interface Client extends Core {
  view: View;
}
