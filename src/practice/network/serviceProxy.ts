import {serviceNameLabel} from '../controllers/endpointSlice.ts';
import type {Client} from '../core.ts';
import {endpointSlices, services} from '../kinds.ts';
import type {Endpoint, EndpointSlice, Service} from '../objects.ts';
import type {Balancer, Network, Protocol} from './network.ts';

export interface Backend {
  ip: string;
  port: number;
}

/** One port of one Service, as the proxy has programmed it. */
export interface Route {
  service: Service;
  ip: string;
  port: number;
  protocol: Protocol;
  backends: readonly Backend[];
}

/**
 * The Service proxy. It follows Services and EndpointSlices with the delay of kube-proxy: the first
 * change after a quiet time is gathered with those that follow it, later ones wait for a least interval to pass. One table serves all nodes.
 * While the API is down it goes on forwarding by what it knows.
 */
export class ServiceProxy {
  #routes: ReadonlyMap<string, Route> = new Map();
  #pending = false;
  #lastSync = Number.NEGATIVE_INFINITY;
  readonly #core: Client;
  readonly #listeners = new Set<() => void>();

  constructor(core: Client, network: Network) {
    this.#core = core;
    network.useBalancer(this.#balance);
    core.view.subscribe(({resource}) => {
      if (resource === services || resource === endpointSlices) this.#request();
    });
  }

  get routes(): ReadonlyMap<string, Route> {
    return this.#routes;
  }

  /** Calls back after each synchronisation. */
  onSync(listener: () => void): void {
    this.#listeners.add(listener);
  }

  readonly #balance: Balancer = (ip, port, protocol) => {
    const backends = this.#routes.get(`${ip}:${port}/${protocol}`)?.backends ?? [];
    return backends[Math.floor(this.#core.random.next() * backends.length)];
  };

  #request(): void {
    if (this.#pending) return;
    this.#pending = true;
    const {latency, scope} = this.#core;
    const now = scope.clock.mono();
    const soonest = this.#lastSync + latency.of('proxyInterval');
    const due = soonest > now ? soonest : now + latency.of('proxySync');
    scope.after(due - now, 'service proxy', () => {
      this.#pending = false;
      this.#lastSync = scope.clock.mono();
      this.#sync();
    });
  }

  #sync(): void {
    const routes = this.#core.view.list(services).flatMap((service) => this.#routesOf(service));
    this.#routes = new Map(routes.map((route) => [`${route.ip}:${route.port}/${route.protocol}`, route]));
    for (const listener of this.#listeners) listener();
  }

  #routesOf(service: Service): Route[] {
    const {name, namespace} = service.metadata;
    const {clusterIP, ports = []} = service.spec;
    if (!clusterIP || clusterIP === 'None') return [];
    const slices = this.#core.view
      .list(endpointSlices, namespace)
      .filter((slice) => slice.metadata.labels?.[serviceNameLabel] === name);
    return ports
      .filter((port) => port.protocol !== 'SCTP')
      .map((port) => ({
        service,
        ip: clusterIP,
        port: port.port,
        protocol: port.protocol.toLowerCase() as Protocol,
        backends: slices.flatMap((slice) => backendsOf(slice, port)),
      }));
  }
}

/** Ready endpoints; when there are none, those that still serve while they terminate (as kube-proxy since 1.28). */
function backendsOf(slice: EndpointSlice, port: {name?: string; protocol: string}): Backend[] {
  const target = slice.ports.find((each) => (each.name ?? '') === (port.name ?? '') && each.protocol === port.protocol);
  if (!target) return [];
  const where = (usable: (endpoint: Endpoint) => boolean) =>
    slice.endpoints.filter(usable).flatMap(({addresses}) => addresses.map((ip) => ({ip, port: target.port})));
  const ready = where(({conditions}) => conditions.ready !== false);
  return ready.length > 0
    ? ready
    : where(({conditions}) => conditions.serving === true && conditions.terminating === true);
}
