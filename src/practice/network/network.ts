import {isIP} from 'node:net';
import type {Address, Dial} from '../../io/dial.ts';
import {isClusterIP} from '../registry/clusterIPs.ts';
import type {Scope} from '../scope.ts';

export type Protocol = 'tcp' | 'udp';

/** Annotation on Services and pods: a JSON object from `port/protocol` to the loopback address that stands for it. */
export const listenAnnotation = 'practice.kubedrill.dev/listen';

/** Picks a backend for one new connection to a ClusterIP, undefined when there is none. */
export type Balancer = (ip: string, port: number, protocol: Protocol) => {ip: string; port: number} | undefined;

/** Whether a new connection from an address to another one is let through. */
export type Firewall = (from: string, to: {ip: string; port: number}, protocol: Protocol) => boolean;

/** The address from which programs outside the cluster reach into it: that of the control plane's node. */
export const hostIP = '172.18.0.2';

/** Milliseconds until a connection attempt that nobody answers fails: Linux' six repetitions of a SYN. */
const synTimeout = 127_000;

/** Whether an address is one of the practice cluster's own: Service, pod (10.244/16) or node (172.18.0/24). */
function isClusterAddress(host: string): boolean {
  return isClusterIP(host) || /^10\.244\.\d{1,3}\.\d{1,3}$/.test(host) || /^172\.18\.0\.\d{1,3}$/.test(host);
}

/**
 * The wires of the practice cluster: which loopback socket stands for which `podIP:port`. Connections to a ClusterIP
 * are balanced at the moment they are made and then go to the pod itself, as kube-proxy's address translation does:
 * a pod that is gone but still listed refuses them.
 */
export class Network {
  readonly #sockets = new Map<string, Address>();
  readonly #listeners = new Set<() => void>();
  readonly #scope: Scope;
  #balance: Balancer = () => undefined;
  #passes: Firewall = () => true;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** Hands in the Service proxy. */
  useBalancer(balance: Balancer): void {
    this.#balance = balance;
  }

  /** Hands in the NetworkPolicies. */
  useFirewall(passes: Firewall): void {
    this.#passes = passes;
  }

  /** Enters a socket; the returned function takes it out again. */
  publish(ip: string, port: number, protocol: Protocol, actual: Address): () => void {
    const key = keyOf(ip, port, protocol);
    this.#sockets.set(key, actual);
    this.#changed();
    return () => {
      if (this.#sockets.get(key) !== actual) return;
      this.#sockets.delete(key);
      this.#changed();
    };
  }

  /** The loopback socket behind a pod's port. */
  socketOf(ip: string, port: number, protocol: Protocol): Address | undefined {
    return this.#sockets.get(keyOf(ip, port, protocol));
  }

  /** Calls back when a socket comes or goes. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The way from outside the cluster, as a program on the control plane's node has it. */
  readonly dial: Dial = (address, protocol) => this.dialFrom(hostIP, address, protocol);

  /**
   * The way from an address of the cluster to another one. Addresses of the cluster lead to loopback sockets, or are refused where nothing listens;
   * names of the cluster are unknown here (ask its nameserver); everything else is outside and stays as it is. What a
   * NetworkPolicy stops is dropped: nobody answers, until the caller or the system gives up.
   */
  async dialFrom(from: string, address: Address, protocol: Protocol): Promise<Address> {
    const {host, port} = address;
    const isOurs = isClusterAddress(host);
    if (!isOurs && /\.cluster\.local\.?$/.test(host)) throw systemError('ENOTFOUND', `getaddrinfo ENOTFOUND ${host}`);
    const refused = () => systemError('ECONNREFUSED', `connect ECONNREFUSED ${host}:${port}`);
    const backend = isClusterIP(host) ? this.#balance(host, port, protocol) : {ip: host, port};
    if (!backend) throw refused();
    if (isIP(backend.ip) !== 0 && !this.#passes(from, backend, protocol)) await this.#dropped(host, port);
    if (!isOurs) return address;
    const actual = this.socketOf(backend.ip, backend.port, protocol);
    if (!actual) throw refused();
    return actual;
  }

  async #dropped(host: string, port: number): Promise<never> {
    await this.#scope.clock.sleep(synTimeout, this.#scope.signal);
    throw systemError('ETIMEDOUT', `connect ETIMEDOUT ${host}:${port}`);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

const keyOf = (ip: string, port: number, protocol: Protocol) => `${ip}:${port}/${protocol}`;

/** An error as the operating system would report it, for callers that look at `code`. */
function systemError(code: string, message: string): Error {
  return Object.assign(new Error(message), {code});
}
