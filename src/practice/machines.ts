import {markReady, markUnreachable} from './controllers/nodeLifecycle.ts';
import type {Client} from './core.ts';
import {nodes} from './kinds.ts';
import type {Kubelet} from './kubelet/kubelet.ts';
import {conditionOf} from './objects.ts';

interface MachinesParts {
  kubelet: Kubelet;
  /** What the kubelets know and write. */
  node: Client;
  /** Who finds out that a kubelet no longer reports. */
  manager: Client;
}

/** How a machine is. */
export interface MachineState {
  node: string;
  kubelet: 'running' | 'stopped';
}

/** The machines under the nodes: what runs on them is stopped and started here, and their Nodes follow. */
export class Machines {
  readonly #parts: MachinesParts;
  /** What the last switch of a node's kubelet leads to; the next one makes it void. */
  readonly #pending = new Map<string, AbortController>();

  constructor(parts: MachinesParts) {
    this.#parts = parts;
    const {kubelet, node, manager} = parts;
    // What fell due while the API was down, or is other in a restored store.
    node.view.onRelist(() => {
      for (const name of this.#names())
        if (!kubelet.isStopped(name) && this.#ready(name) !== 'True') this.#report(name);
    });
    manager.view.onRelist(() => {
      for (const name of this.#names())
        if (kubelet.isStopped(name) && this.#ready(name) !== 'Unknown') this.#miss(name);
    });
  }

  /** The state of a node's machine; undefined for a node that does not exist. */
  stateOf(node: string): MachineState | undefined {
    if (!this.#names().includes(node)) return undefined;
    return {node, kubelet: this.#parts.kubelet.isStopped(node) ? 'stopped' : 'running'};
  }

  /** Stops the kubelet of a node: its containers go on, and after the grace period the node is NotReady. */
  stopKubelet(node: string): void {
    this.#require(node);
    if (this.#parts.kubelet.isStopped(node)) return;
    this.#parts.kubelet.stop(node);
    this.#miss(node);
  }

  /** Starts it again; the node is Ready a moment later. */
  startKubelet(node: string): void {
    this.#require(node);
    if (!this.#parts.kubelet.isStopped(node)) return;
    this.#parts.kubelet.start(node);
    this.#report(node);
  }

  /** The node's lease runs out. */
  #miss(name: string): void {
    const {manager} = this.#parts;
    this.#follow(name, manager.latency.of('nodeGrace'), () => {
      if (manager.view.connected) markUnreachable(manager, name);
    });
  }

  /** The kubelet says that its node is well. */
  #report(name: string): void {
    const {node} = this.#parts;
    this.#follow(name, node.latency.of('statusSync'), () => {
      if (node.view.connected) markReady(node, name);
    });
  }

  #follow(name: string, delay: number, act: () => void): void {
    const {scope} = this.#parts.node;
    this.#pending.get(name)?.abort();
    const controller = new AbortController();
    this.#pending.set(name, controller);
    scope.after(delay, `kubelet of ${name}`, act, AbortSignal.any([controller.signal, scope.signal]));
  }

  #names(): string[] {
    return this.#parts.node.view.list(nodes).map(({metadata}) => metadata.name);
  }

  #ready(name: string): string | undefined {
    const node = this.#parts.node.view.get(nodes, undefined, name);
    return conditionOf(node?.status.conditions, 'Ready')?.status;
  }

  #require(node: string): void {
    if (!this.#names().includes(node)) throw new RangeError(`the practice cluster has no node ${node}`);
  }
}
