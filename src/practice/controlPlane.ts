import type {Lister} from './api/listing.ts';
import type {ApiServer} from './api/server.ts';
import type {ApiCore} from './core.ts';
import {hostIP, type Network} from './network/network.ts';
import type {RestoreOptions, StoreSnapshot} from './store.ts';

interface ControlPlaneParts {
  core: ApiCore;
  server: ApiServer;
  network: Network;
  lister: Lister;
}

/** The control plane from below: its API server stops and starts, and its store goes back to a snapshot meanwhile. */
export class ControlPlane {
  readonly #parts: ControlPlaneParts;
  #withdraw: () => void;
  #switching: Promise<void> = Promise.resolve();

  constructor(parts: ControlPlaneParts) {
    this.#parts = parts;
    this.#withdraw = this.#publish();
  }

  /** Connections are refused and broken from now on, watches too. Nodes, Services and DNS go on with what they know. */
  stopApi(): Promise<void> {
    return this.#inTurn(async () => {
      this.#parts.core.api.set(false);
      this.#withdraw();
      await this.#parts.server.close();
    });
  }

  /** It answers again, at the address that it had; its clients come back a little later. */
  startApi(): Promise<void> {
    return this.#inTurn(async () => {
      const {core, server} = this.#parts;
      if (core.api.up) return;
      await server.open();
      this.#withdraw = this.#publish();
      core.api.set(true);
    });
  }

  /** Puts a snapshot in the place of what is stored. Throws while the API is up, whose clients would go on as before. */
  restore(snapshot: StoreSnapshot, options?: RestoreOptions): void {
    const {core, lister} = this.#parts;
    if (core.api.up) throw new Error('the practice cluster is restored only while its API is down');
    core.store.restore(snapshot, options);
    lister.forget();
  }

  #publish(): () => void {
    const {network, server} = this.#parts;
    return network.publish(hostIP, 6443, 'tcp', {host: '127.0.0.1', port: server.port});
  }

  /** Each switch waits for the one before. */
  #inTurn(task: () => Promise<void>): Promise<void> {
    this.#switching = this.#switching.catch(() => {}).then(task);
    return this.#switching;
  }
}
