import type {Client} from '../core.ts';
import {pods} from '../kinds.ts';
import {listenAnnotation, type Network} from '../network/network.ts';
import {nameOf} from '../registry/registry.ts';
import type {Pod} from '../workloads.ts';
import {ContainerKeeper} from './containerKeeper.ts';
import type {Images} from './images.ts';
import {podStatus} from './podStatus.ts';

export interface WorkerParts {
  core: Client;
  network: Network;
  images: Images;
  hostIP: string;
  /** A free address of the pod's node. */
  allocateIP: () => string;
  /** Whether the API hears of the pod: neither is the node's kubelet stopped nor the API away. `resume` makes up for it. */
  reachesApi: () => boolean;
  /** Called when the containers were told to end and did, and the API wants the pod to run after all. */
  revive: () => void;
}

/** Runs one pod on its node, from its binding to the end of its last container. */
export class PodWorker {
  readonly keepers: readonly ContainerKeeper[];
  #pod: Pod;
  #failure: {reason: string; message: string} | undefined;
  #statusDue = false;
  #ending = false;
  /** Whether the containers were told to end, and did. */
  #over = false;
  /** Where the pod is, once it is: known here first, and to the API only when it was told. */
  #addresses: Partial<Pod['status']> = {};
  readonly #ended: Promise<void>;
  readonly #parts: WorkerParts;
  readonly #stop = new AbortController();

  constructor(pod: Pod, parts: WorkerParts) {
    this.#pod = pod;
    this.#parts = parts;
    const {core, network, images} = parts;
    this.keepers = pod.spec.containers.map(
      ({name}) =>
        new ContainerKeeper(name, {core, network, images, pod: () => this.#pod, onChange: () => this.#changed()}),
    );
    this.#ended = this.#live();
  }

  get pod(): Pod {
    return this.#pod;
  }

  /** Resolves when the last container ended. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Takes notice of a new state of the pod in the API. */
  update(pod: Pod): void {
    this.#pod = this.#placed(pod);
    for (const keeper of this.keepers) {
      if (keeper.run && keeper.run.image !== keeper.container.image) {
        this.#parts.core.scope.run('image change', () => keeper.restart());
      }
    }
    const {deletionTimestamp, deletionGracePeriodSeconds = 30} = pod.metadata;
    if (deletionTimestamp) this.#end(deletionGracePeriodSeconds * 1000);
  }

  /** The kubelet or the API is back: takes notice of the pod as it is now, and reports what became of it. */
  resume(pod: Pod): void {
    this.update(pod);
    this.#changed();
    if (this.#over) this.#leaveSoon();
  }

  /** The pod was removed from the API by force: its containers end soon, and nobody is told. */
  removed(): void {
    this.#end(this.#parts.core.latency.of('forcedKill'));
  }

  async #live(): Promise<void> {
    const {core, hostIP, allocateIP} = this.#parts;
    const signal = AbortSignal.any([this.#stop.signal, core.scope.signal]);
    await core.scope.clock.sleep(core.latency.of('containerStart'), signal).catch(() => {});
    if (signal.aborted) return;
    const podIP = this.#pod.spec.hostNetwork ? hostIP : allocateIP();
    const startTime = core.scope.now();
    this.#addresses = {podIP, podIPs: [{ip: podIP}], hostIP, hostIPs: [{ip: hostIP}], startTime};
    this.#pod = this.#placed(this.#pod);
    this.#write();
    this.#watchDeadline();
    await Promise.all(this.keepers.map((keeper) => keeper.keep()));
  }

  /** SIGTERM, and SIGKILL when the grace period is over; then the pod leaves the API. */
  #end(grace: number): void {
    if (this.#ending) return;
    this.#ending = true;
    const {core} = this.#parts;
    const note = (name: string) => {
      const message = `Stopping container ${name}`;
      const host = this.#pod.spec.nodeName ?? '';
      core.recorder.record(this.#pod, {type: 'Normal', reason: 'Killing', message, component: 'kubelet', host});
    };
    core.scope.after(core.latency.of('terminate'), 'terminate pod', async () => {
      this.#stop.abort();
      for (const keeper of this.keepers) if (keeper.running) note(keeper.name);
      const pause = Math.min(grace, this.#preStop());
      await core.scope.clock.sleep(pause, core.scope.signal).catch(() => {});
      for (const keeper of this.keepers) keeper.terminate();
      const patience = new AbortController();
      const rest = AbortSignal.any([patience.signal, core.scope.signal]);
      const kill = core.scope.clock.sleep(grace - pause, rest).catch(() => {});
      await Promise.race([this.#ended, kill]);
      patience.abort();
      for (const keeper of this.keepers) keeper.kill();
      await this.#ended;
      this.#over = true;
      this.#write();
      this.#leaveSoon();
    });
  }

  #placed(pod: Pod): Pod {
    return {...pod, status: {...pod.status, ...this.#addresses}};
  }

  /** Milliseconds that the containers go on before SIGTERM, by `preStop.sleep`: the longest of them, for all. */
  #preStop(): number {
    const pauses = this.#pod.spec.containers.map(({lifecycle}) => lifecycle?.preStop?.sleep?.seconds ?? 0);
    return Math.max(0, ...pauses) * 1000;
  }

  #leaveSoon(): void {
    const {scope, latency} = this.#parts.core;
    scope.after(latency.of('podRemoval'), 'remove pod', () => this.#leave());
  }

  #leave(): void {
    const {view, registry} = this.#parts.core;
    const live = view.get(pods, this.#pod.metadata.namespace, this.#pod.metadata.name);
    if (live?.metadata.uid !== this.#pod.metadata.uid || !this.#parts.reachesApi()) return;
    if (live.metadata.deletionTimestamp) registry.delete(pods, nameOf(live), {gracePeriodSeconds: 0});
    // Its deletion is of a past that the store no longer knows.
    else if (!this.#failure) this.#parts.revive();
  }

  #watchDeadline(): void {
    const {activeDeadlineSeconds} = this.#pod.spec;
    if (activeDeadlineSeconds === undefined) return;
    const {core} = this.#parts;
    core.scope.after(
      activeDeadlineSeconds * 1000,
      'pod deadline',
      () => {
        if (this.#ending || this.keepers.every((keeper) => keeper.exitCode !== undefined)) return;
        const message = 'Pod was active on the node longer than the specified deadline';
        this.#failure = {reason: 'DeadlineExceeded', message};
        core.recorder.record(this.#pod, {type: 'Normal', reason: 'DeadlineExceeded', message, component: 'kubelet'});
        this.#end((this.#pod.spec.terminationGracePeriodSeconds ?? 30) * 1000);
      },
      AbortSignal.any([this.#stop.signal, core.scope.signal]),
    );
  }

  /** Something changed on the node; the API learns of it a little later. */
  #changed(): void {
    if (this.#statusDue) return;
    this.#statusDue = true;
    const {core} = this.#parts;
    core.scope.after(core.latency.of('statusSync'), 'pod status', () => {
      this.#statusDue = false;
      this.#write();
    });
  }

  #write(): void {
    const {view, registry, scope} = this.#parts.core;
    const name = nameOf(this.#pod);
    if (!this.#parts.reachesApi()) return;
    if (view.get(pods, name.namespace, name.name)?.metadata.uid !== this.#pod.metadata.uid) return;
    const written = registry.change(
      pods,
      name,
      (draft) => {
        Object.assign(
          draft.status,
          this.#addresses,
          podStatus(draft, this.keepers, {failure: this.#failure, now: scope.now()}),
        );
      },
      'status',
    );
    if (written) this.#pod = written;
    this.#announcePorts();
  }

  #announcePorts(): void {
    const entries = this.keepers.flatMap((keeper) => [...(keeper.run?.ports ?? [])]);
    const annotation = JSON.stringify(Object.fromEntries(entries));
    if (annotation === '{}' && !this.#pod.metadata.annotations?.[listenAnnotation]) return;
    this.#parts.core.registry.change(pods, nameOf(this.#pod), (draft) => {
      draft.metadata.annotations = {...draft.metadata.annotations, [listenAnnotation]: annotation};
    });
  }

  /** Ends the containers with the cluster, without a word to the API. */
  async shutDown(): Promise<void> {
    this.#stop.abort();
    for (const keeper of this.keepers) keeper.kill();
    await this.#ended;
  }
}
