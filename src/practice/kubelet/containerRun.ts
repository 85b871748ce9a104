import {randomUUID} from 'node:crypto';
import type {Address} from '../../io/dial.ts';
import {messageOf} from '../../io/errors.ts';
import type {Client} from '../core.ts';
import type {Network, Protocol} from '../network/network.ts';
import type {ContainerProgram} from '../program.ts';
import type {Container, Pod} from '../workloads.ts';
import {ContainerLog} from './logs.ts';
import {environmentOf, mountFiles} from './mounts.ts';

/** Exit code of a process that SIGKILL ended. */
const killedCode = 137;

export interface RunParts {
  core: Client;
  network: Network;
  /** Called when the run published or withdrew a port. */
  onPorts: () => void;
}

/** One run of one container, from its start to its exit code. */
export class ContainerRun {
  readonly id = `practice://${randomUUID().replaceAll('-', '')}`;
  readonly log = new ContainerLog();
  readonly startedAt: string;
  readonly image: string;
  /** Loopback addresses by `port/protocol`. */
  readonly ports = new Map<string, string>();
  /** The exit code, once the container ended. */
  readonly exited: Promise<number>;
  readonly #term = new AbortController();
  readonly #kill = new AbortController();
  readonly #withdrawals = new Set<() => void>();

  /** Starts the program. Throws a MountError when its environment or files are missing. */
  constructor(program: ContainerProgram, pod: Pod, container: Container, parts: RunParts) {
    const {core} = parts;
    this.image = container.image;
    const env = environmentOf(core, pod, container);
    const files = mountFiles(core, pod, container);
    this.startedAt = core.scope.now();
    this.exited = this.#run(program, {pod, container, env, files}, parts);
  }

  /** SIGTERM: the program may finish what it does. */
  terminate(): void {
    this.#term.abort();
  }

  /** SIGKILL: the container ends at once, whatever the program does. */
  kill(): void {
    this.#term.abort();
    this.#kill.abort();
  }

  async #run(program: ContainerProgram, given: Given, parts: RunParts): Promise<number> {
    const killed = new Promise<number>((resolve) => {
      this.#kill.signal.addEventListener('abort', () => resolve(killedCode), {once: true});
    });
    const running = Promise.resolve()
      .then(() => program(this.#context(given, parts)))
      .catch((error: unknown) => {
        this.#print(parts.core, messageOf(error));
        return 1;
      });
    const code = await Promise.race([running, killed]);
    for (const withdraw of this.#withdrawals) withdraw();
    if (code === killedCode) await this.#settle(running, parts.core);
    this.log.finish();
    return code;
  }

  /** A killed program gets a moment to close its sockets. */
  async #settle(running: Promise<number>, core: Client): Promise<void> {
    const patience = new AbortController();
    await Promise.race([running, core.scope.clock.sleep(1000, patience.signal).catch(() => {})]);
    patience.abort();
  }

  #context({pod, container, env, files}: Given, {core, network, onPorts}: RunParts) {
    const {name, namespace = '', uid, labels = {}} = pod.metadata;
    const ip = pod.status.podIP ?? '';
    return {
      image: container.image,
      args: [...(container.command ?? []), ...(container.args ?? [])],
      env,
      files,
      pod: {name, namespace, uid, ip, node: pod.spec.nodeName ?? '', labels},
      print: (line: string) => this.#print(core, line),
      signal: this.#term.signal,
      killed: this.#kill.signal,
      dial: (address: Address, protocol: Protocol) => network.dialFrom(ip, address, protocol),
      publish: (port: number, protocol: 'tcp' | 'udp', actual: {host: string; port: number}) => {
        if (this.#kill.signal.aborted) return () => {};
        const key = `${port}/${protocol}`;
        const unpublish = network.publish(ip, port, protocol, actual);
        this.ports.set(key, `${actual.host}:${actual.port}`);
        const withdraw = () => {
          if (!this.#withdrawals.delete(withdraw)) return;
          unpublish();
          this.ports.delete(key);
          onPorts();
        };
        this.#withdrawals.add(withdraw);
        onPorts();
        return withdraw;
      },
      clock: core.scope.clock,
    };
  }

  #print(core: Client, line: string): void {
    for (const text of line.split('\n')) this.log.append(core.scope.clock.wall(), text);
  }
}

interface Given {
  pod: Pod;
  container: Container;
  env: Record<string, string>;
  files: (path: string) => string | undefined;
}
