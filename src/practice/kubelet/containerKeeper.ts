import type {Client} from '../core.ts';
import type {Network} from '../network/network.ts';
import {StatusError} from '../status.ts';
import type {Container, ContainerState, ContainerStatus, Pod} from '../workloads.ts';
import {ContainerRun} from './containerRun.ts';
import type {Images} from './images.ts';
import type {ContainerLog} from './logs.ts';
import {MountError} from './mounts.ts';
import {keepProbing} from './probing.ts';

export interface KeeperParts {
  core: Client;
  network: Network;
  images: Images;
  /** The pod as it is now. */
  pod: () => Pod;
  /** Called when the state of the container or its ports changed. */
  onChange: () => void;
}

/** A container that ran this long starts its back-off anew (the kubelet's MaxContainerBackOff doubled). */
const backoffReset = 600_000;

/** Keeps one container of a pod as its restart policy wants it, and knows its status. */
export class ContainerKeeper {
  readonly name: string;
  ready = false;
  /** The current run, or the last one. */
  run: ContainerRun | undefined;
  previousLog: ContainerLog | undefined;
  #state: ContainerState = {waiting: {reason: 'ContainerCreating'}};
  #lastState: ContainerState = {};
  #restarts = 0;
  #stopping = false;
  #probing: AbortController | undefined;
  readonly #stop = new AbortController();
  readonly #parts: KeeperParts;

  constructor(name: string, parts: KeeperParts) {
    this.name = name;
    this.#parts = parts;
  }

  get container(): Container {
    const found = this.#parts.pod().spec.containers.find((each) => each.name === this.name);
    if (!found) throw new Error(`pod has no container ${this.name}`);
    return found;
  }

  /** The exit code, when the container is done for good or stopped. */
  get exitCode(): number | undefined {
    return this.#state.terminated?.exitCode;
  }

  get running(): boolean {
    return this.#state.running !== undefined;
  }

  status(): ContainerStatus {
    const {image} = this.container;
    return {
      name: this.name,
      image,
      imageID: this.run ? `practice://${image}` : '',
      ...(this.run ? {containerID: this.run.id} : {}),
      ready: this.ready,
      started: this.running,
      restartCount: this.#restarts,
      state: this.#state,
      lastState: this.#lastState,
    };
  }

  /** Runs the container until it is done or stopped. */
  async keep(): Promise<void> {
    const {core} = this.#parts;
    const policy = this.#parts.pod().spec.restartPolicy ?? 'Always';
    let backoff = 0;
    while (!this.#stopping && !core.scope.signal.aborted) {
      const run = await this.#start();
      if (!run) continue;
      const began = core.scope.clock.mono();
      const code = await this.#runToEnd(run);
      const changedImage = run.image !== this.container.image;
      if (this.#stopping || (!changedImage && (policy === 'Never' || (policy === 'OnFailure' && code === 0)))) return;
      if (core.scope.clock.mono() - began > backoffReset) backoff = 0;
      // The first restart is immediate; then 10 s, 20 s… as the kubelet's back-off.
      const pause = changedImage ? 0 : backoff;
      backoff =
        backoff === 0 ? core.latency.of('crashBackoff') : Math.min(backoff * 2, core.latency.of('crashBackoffLimit'));
      if (pause > 0) await this.#crashLoop(pause, code);
      this.#restarts += 1;
    }
  }

  /** SIGTERM; the container does not come back. */
  terminate(): void {
    this.#stopping = true;
    this.#stop.abort();
    this.run?.terminate();
  }

  /** SIGKILL; the container does not come back. */
  kill(): void {
    this.terminate();
    this.run?.kill();
  }

  /** Ends the current run so that the next one starts: a new image, or a failed liveness probe. */
  async restart(): Promise<void> {
    const {run} = this;
    if (!run || !this.running) return;
    const grace = (this.#parts.pod().spec.terminationGracePeriodSeconds ?? 30) * 1000;
    run.terminate();
    this.#parts.core.scope.after(grace, `kill ${this.name}`, () => run.kill());
    await run.exited;
  }

  /** Starts a run, or waits a while and returns undefined when it cannot be started. */
  async #start(): Promise<ContainerRun | undefined> {
    const {core, network, images, onChange} = this.#parts;
    const pod = this.#parts.pod();
    const {image} = this.container;
    const program = images.find(image);
    if (!program) {
      await this.#pullFails(image);
      return undefined;
    }
    try {
      const run = new ContainerRun(program, pod, this.container, {core, network, onPorts: onChange});
      if (this.run) this.previousLog = this.run.log;
      this.run = run;
      return run;
    } catch (error) {
      if (!(error instanceof MountError)) throw error;
      const reason = error.reason === 'ContainerCreating' ? 'FailedMount' : 'Failed';
      this.#note('Warning', reason, error.reason === 'ContainerCreating' ? error.message : `Error: ${error.message}`);
      await this.#wait({reason: error.reason, ...(reason === 'Failed' ? {message: error.message} : {})}, 2000);
      return undefined;
    }
  }

  async #runToEnd(run: ContainerRun): Promise<number> {
    const {scope} = this.#parts.core;
    this.#state = {running: {startedAt: run.startedAt}};
    this.#note('Normal', 'Pulled', `Container image "${run.image}" already present on machine`);
    this.#note('Normal', 'Created', `Created container: ${this.name}`);
    this.#note('Normal', 'Started', `Started container ${this.name}`);
    this.#probing = new AbortController();
    keepProbing(this, {...this.#parts, signal: AbortSignal.any([this.#probing.signal, scope.signal])});
    this.#parts.onChange();
    const exitCode = await run.exited;
    this.#probing.abort();
    this.ready = false;
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    const {startedAt, id: containerID} = run;
    this.#state = {terminated: {exitCode, reason, startedAt, finishedAt: scope.now(), containerID}};
    this.#lastState = this.#stopping ? this.#lastState : this.#state;
    this.#parts.onChange();
    return exitCode;
  }

  async #crashLoop(pause: number, code: number): Promise<void> {
    const pod = this.#parts.pod();
    const where = `${this.name} in pod ${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
    this.#note('Warning', 'BackOff', `Back-off restarting failed container ${where}`);
    const message = `back-off ${Math.round(pause / 1000)}s restarting failed container=${where}, last exit code ${code}`;
    await this.#wait({reason: 'CrashLoopBackOff', message}, pause);
  }

  async #pullFails(image: string): Promise<void> {
    if ((this.container as {imagePullPolicy?: string}).imagePullPolicy === 'Never') {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      this.#note('Warning', 'ErrImageNeverPull', message);
      await this.#wait({reason: 'ErrImageNeverPull', message}, 10_000, image);
      return;
    }
    const why = `image "${image}" is not on the practice cluster's nodes, and nothing is pulled`;
    this.#note('Normal', 'Pulling', `Pulling image "${image}"`);
    this.#note('Warning', 'Failed', `Failed to pull image "${image}": ${why}`);
    await this.#wait({reason: 'ErrImagePull', message: why}, 3000);
    this.#note('Normal', 'BackOff', `Back-off pulling image "${image}"`);
    await this.#wait({reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}": ${why}`}, 10_000, image);
  }

  /** Waits in a state; ends early when the container is stopped, or its image is no longer `image`. */
  async #wait(waiting: {reason: string; message?: string}, ms: number, image?: string): Promise<void> {
    if (this.#stopping) return;
    const {scope} = this.#parts.core;
    this.#state = {waiting};
    this.#parts.onChange();
    const signal = AbortSignal.any([this.#stop.signal, scope.signal]);
    const step = image ? 500 : ms;
    for (let waited = 0; waited < ms && !signal.aborted; waited += step) {
      if (image && this.container.image !== image) return;
      await scope.clock.sleep(Math.min(step, ms - waited), signal).catch(() => {});
    }
  }

  #note(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const pod = this.#parts.pod();
    const host = pod.spec.nodeName ?? '';
    try {
      this.#parts.core.recorder.record(pod, {type, reason, message, component: 'kubelet', host});
    } catch (error) {
      // The pod's namespace is gone.
      if (!(error instanceof StatusError)) throw error;
    }
  }
}
