import type {Core} from '../core.ts';
import {nodes, pods} from '../kinds.ts';
import type {Network} from '../network/network.ts';
import type {Pod} from '../workloads.ts';
import type {Images} from './images.ts';
import type {ContainerLog} from './logs.ts';
import {PodWorker} from './podWorker.ts';

/** The kubelets of all nodes: they run the pods that are bound to a node, and keep the logs. */
export class Kubelet {
  readonly #core: Core;
  readonly #network: Network;
  readonly #images: Images;
  readonly #workers = new Map<string, PodWorker>();
  readonly #lastAddress = new Map<string, number>();
  /** Nodes whose kubelet is stopped: their containers go on, and nobody starts, ends or reports any. */
  readonly #stopped = new Set<string>();

  constructor(core: Core, network: Network, images: Images) {
    this.#core = core;
    this.#network = network;
    this.#images = images;
    const unsubscribe = core.store.subscribe(({resource, type, object}) => {
      if (resource === pods) this.#notice(type, object as Pod);
    });
    core.scope.onClose(unsubscribe);
    core.scope.onClose(async () => {
      await Promise.all([...this.#workers.values()].map((worker) => worker.shutDown()));
    });
  }

  /** Stops the kubelet of a node. */
  stop(node: string): void {
    this.#stopped.add(node);
  }

  isStopped(node: string): boolean {
    return this.#stopped.has(node);
  }

  /** Starts the kubelet of a node again: it catches up with what became of its pods meanwhile, and reports them. */
  start(node: string): void {
    if (!this.#stopped.delete(node)) return;
    const {store} = this.#core;
    for (const worker of this.#workers.values()) {
      const {spec, metadata} = worker.pod;
      if (spec.nodeName !== node) continue;
      const live = store.get(pods, metadata.namespace, metadata.name);
      if (live?.metadata.uid === metadata.uid) worker.resume(live);
      else this.#drop(worker);
    }
    for (const pod of store.list(pods)) {
      if (pod.spec.nodeName === node && !this.#workers.has(pod.metadata.uid)) this.#notice('MODIFIED', pod);
    }
  }

  /** The log of a container of a pod: of its current run, or of the one before. */
  logOf(pod: Pod, container: string, previous: boolean): ContainerLog | undefined {
    const keeper = this.#workers.get(pod.metadata.uid)?.keepers.find((each) => each.name === container);
    return previous ? keeper?.previousLog : keeper?.run?.log;
  }

  #notice(type: string, pod: Pod): void {
    if (pod.spec.nodeName && this.#stopped.has(pod.spec.nodeName)) return;
    const worker = this.#workers.get(pod.metadata.uid);
    if (type === 'DELETED' && worker) this.#drop(worker);
    else if (worker) worker.update(pod);
    else if (pod.spec.nodeName && type !== 'DELETED') {
      if (pod.metadata.deletionTimestamp) this.#forget(pod);
      else this.#start(pod, pod.spec.nodeName);
    }
  }

  #start(pod: Pod, node: string): void {
    const {uid} = pod.metadata;
    const host = this.#core.store.get(nodes, undefined, node);
    const hostIP = host?.status.addresses.find((each) => each.type === 'InternalIP')?.address;
    // A pod that was pinned to a node that does not exist stays Pending.
    if (!host || !hostIP) return;
    const worker = new PodWorker(pod, {
      core: this.#core,
      network: this.#network,
      images: this.#images,
      hostIP,
      isStopped: () => this.#stopped.has(node),
      allocateIP: () => this.#allocate(node, host.spec.podCIDR ?? ''),
    });
    this.#workers.set(uid, worker);
    this.#core.scope.run(`pod ${pod.metadata.name}`, () => worker.ended);
  }

  /** A pod without containers is deleted: nothing has to end first. */
  #forget(pod: Pod): void {
    const at = {name: pod.metadata.name, namespace: pod.metadata.namespace};
    this.#core.scope.after(this.#core.latency.of('terminate'), 'forget pod', () => {
      const live = this.#core.store.get(pods, at.namespace, at.name);
      if (live?.metadata.uid === pod.metadata.uid) this.#core.registry.delete(pods, at, {gracePeriodSeconds: 0});
    });
  }

  /** The pod is gone from the API: its log goes when its last container ended. */
  #drop(worker: PodWorker): void {
    worker.removed();
    this.#core.scope.run('drop pod', async () => {
      await worker.ended;
      this.#workers.delete(worker.pod.metadata.uid);
    });
  }

  #allocate(node: string, podCIDR: string): string {
    const next = (this.#lastAddress.get(node) ?? 1) + 1;
    // Addresses come round again after 250 pods of a node.
    this.#lastAddress.set(node, next >= 252 ? 1 : next);
    return podCIDR.replace(/\.0\/24$/, `.${next}`);
  }
}
