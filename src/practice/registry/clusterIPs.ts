import {services} from '../kinds.ts';
import type {Service} from '../objects.ts';
import {invalid} from '../status.ts';
import type {Store} from '../store.ts';

/** The addresses of Services: 10.96.0.0/16, as kind has them. The first ones are for the API and DNS. */
export class ClusterIPs {
  readonly #store: Store;
  /** Moves on, so that a Service made again gets another address than before, as on most clusters. */
  #next = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Gives a new Service its address, or checks the one it asks for. Throws a 422 when that is taken. */
  assign(service: Service): void {
    const {spec} = service;
    if (spec.type === 'ExternalName') return;
    if (spec.clusterIP === 'None') {
      spec.clusterIPs = ['None'];
      return;
    }
    const taken = new Set(this.#store.list(services).map((each) => each.spec.clusterIP));
    if (spec.clusterIP) {
      if (taken.has(spec.clusterIP)) throw wrongAddress(service, 'provided IP is already allocated');
      if (!isClusterIP(spec.clusterIP))
        throw wrongAddress(service, 'the provided network does not match the current range');
    } else {
      do this.#next += 1;
      while (taken.has(address(this.#next)));
      spec.clusterIP = address(this.#next);
    }
    spec.clusterIPs = [spec.clusterIP];
  }

  /** An update that does not name the address keeps it. */
  carry(live: Service, next: Service): void {
    if (next.spec.type === 'ExternalName') {
      // Without a word, what a Service needs that has addresses, unless it was changed with it.
      if (live.spec.type !== 'ExternalName' && next.spec.clusterIP === live.spec.clusterIP) {
        for (const field of addressFields) delete (next.spec as unknown as Record<string, unknown>)[field];
      }
      return;
    }
    if (live.spec.clusterIP && !next.spec.clusterIP) next.spec.clusterIP = live.spec.clusterIP;
    if (next.spec.clusterIP) next.spec.clusterIPs = [next.spec.clusterIP];
    else this.assign(next);
  }
}

const addressFields = ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy'];

/** Whether an address belongs to the Services. */
export function isClusterIP(host: string): boolean {
  return /^10\.96\.\d{1,3}\.\d{1,3}$/.test(host);
}

const address = (index: number) => `10.96.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`;

function wrongAddress(service: Service, why: string) {
  const {clusterIP} = service.spec;
  const message = `Invalid value: ["${clusterIP}"]: failed to allocate IP ${clusterIP}: ${why}`;
  return invalid(services, service.metadata.name, [{reason: 'FieldValueInvalid', message, field: 'spec.clusterIPs'}]);
}
