import type {Scope} from '../scope.ts';
import type {Network} from './network.ts';
import type {Route} from './serviceProxy.ts';

/** A loopback socket that forwards to a Service; `close` stops new connections and leaves the old ones alone. */
export interface Listener {
  port: number;
  close(): Promise<void>;
}

export interface ListenerOptions {
  network: Network;
  /** The route as it is now. */
  route: () => Route;
  /** Preferred loopback port; another one is taken when it is in use. */
  port: number;
  scope: Scope;
}
