import type {Client} from '../core.ts';
import {nodes, pods} from '../kinds.ts';
import type {Network} from '../network/network.ts';
import {nameOf} from '../registry/registry.ts';
import type {Pod} from '../workloads.ts';
import type {Images} from './images.ts';
import type {ContainerLog} from './logs.ts';
import {PodWorker} from './podWorker.ts';

/** The kubelets of all nodes: they run the pods that are bound to a node, and keep the logs. */
export class Kubelet {
  readonly #core: Client;
  readonly #network: Network;
  readonly #images: Images;
  readonly #workers = new Map<string, PodWorker>();
  readonly #lastAddress = new Map<string, number>();
  /** Nodes whose kubelet is stopped: their containers go on, and nobody starts, ends or reports any. */
  readonly #stopped = new Set<string>();

  constructor(core: Client, network: Network, images: Images) {
    this.#core = core;
    this.#network = network;
    this.#images = images;
    core.view.subscribe(({resource, type, object}) => {
      if (resource === pods) this.#notice(type, object as Pod);
    });
    core.view.onRelist(() => this.#catchUp((node) => !this.#stopped.has(node)));
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
    if (this.#stopped.delete(node)) this.#catchUp((each) => each === node);
  }

  /** Makes up for a time in which the kubelets of some nodes heard of nothing, or could tell nobody. */
  #catchUp(concerned: (node: string) => boolean): void {
    for (const worker of this.#workers.values()) {
      if (!concerned(worker.pod.spec.nodeName ?? '')) continue;
      const live = this.#known(worker.pod);
      if (live) worker.resume(live);
      else this.#drop(worker);
    }
    for (const pod of this.#core.view.list(pods)) {
      const {spec, metadata} = pod;
      if (spec.nodeName && concerned(spec.nodeName) && !this.#workers.has(metadata.uid)) this.#notice('MODIFIED', pod);
    }
  }

  /** The same pod as the API has it; undefined when it has none, or another one of that name. */
  #known({metadata}: Pod): Pod | undefined {
    const found = this.#core.view.get(pods, metadata.namespace, metadata.name);
    return found?.metadata.uid === metadata.uid ? found : undefined;
  }

  #reachesApi(node: string): boolean {
    return this.#core.view.connected && !this.#stopped.has(node);
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
      if (pod.metadata.deletionTimestamp) this.#forget(pod, pod.spec.nodeName);
      // What ended before this kubelet knew of it does not run again.
      else if (!['Succeeded', 'Failed'].includes(pod.status.phase)) this.#start(pod, pod.spec.nodeName);
    }
  }

  #start(pod: Pod, node: string): void {
    const {uid} = pod.metadata;
    const host = this.#core.view.get(nodes, undefined, node);
    const hostIP = host?.status.addresses.find((each) => each.type === 'InternalIP')?.address;
    // A pod that was pinned to a node that does not exist stays Pending.
    if (!host || !hostIP) return;
    const worker: PodWorker = new PodWorker(pod, {
      core: this.#core,
      network: this.#network,
      images: this.#images,
      hostIP,
      reachesApi: () => this.#reachesApi(node),
      revive: () => this.#replace(worker),
      allocateIP: () => this.#allocate(node, host.spec.podCIDR ?? ''),
    });
    this.#workers.set(uid, worker);
    this.#core.scope.run(`pod ${pod.metadata.name}`, () => worker.ended);
  }

  /** A pod without containers is deleted: nothing has to end first. */
  #forget(pod: Pod, node: string): void {
    this.#core.scope.after(this.#core.latency.of('terminate'), 'forget pod', () => {
      if (!this.#reachesApi(node) || !this.#known(pod)) return;
      this.#core.registry.delete(pods, nameOf(pod), {gracePeriodSeconds: 0});
    });
  }

  /** The pod is gone from the API: its log goes when its last container ended. */
  #drop(worker: PodWorker): void {
    worker.removed();
    this.#core.scope.run('drop pod', async () => {
      await worker.ended;
      this.#replace(worker);
    });
  }

  /** The pod's containers have ended. One that is in the API nevertheless, as the store was restored, runs anew. */
  #replace(worker: PodWorker): void {
    const {uid} = worker.pod.metadata;
    if (this.#workers.get(uid) !== worker) return;
    this.#workers.delete(uid);
    const again = this.#known(worker.pod);
    if (again) this.#notice('ADDED', again);
  }

  #allocate(node: string, podCIDR: string): string {
    const next = (this.#lastAddress.get(node) ?? 1) + 1;
    // Addresses come round again after 250 pods of a node.
    this.#lastAddress.set(node, next >= 252 ? 1 : next);
    return podCIDR.replace(/\.0\/24$/, `.${next}`);
  }
}
