import type {Answer, Question} from 'dns-packet';
import {serviceNameLabel} from '../controllers/endpointSlice.ts';
import {endpointSlices, namespaces, services} from '../kinds.ts';
import type {Endpoint, Service} from '../objects.ts';
import type {Tables} from '../tables.ts';

/** Seconds that an answer may be cached, as in kubeadm's Corefile. */
const ttl = 30;

/** What the cluster's zone says to a question; undefined when the name does not exist. No answers is "no such data". */
export function lookUp(known: Tables, zone: string, {name, type}: Question): Answer[] | undefined {
  const lower = name.toLowerCase().replace(/\.$/, '');
  if (lower.endsWith('.in-addr.arpa')) return reverse(known, zone, lower);
  if (lower === zone) return [];
  const labels = lower
    .slice(0, -zone.length - 1)
    .split('.')
    .reverse();
  const [kind, namespace, service, ...inner] = labels;
  if (kind === 'pod') return podRecord(known, {name, type, namespace, label: service, extra: inner.length > 0});
  if (kind !== 'svc') return undefined;
  if (namespace === undefined) return [];
  if (!known.byKey(namespaces, namespace)) return undefined;
  if (service === undefined) return [];
  const found = known.get(services, namespace, service);
  if (!found) return undefined;
  const [first, second] = inner;
  if (second?.startsWith('_') && first?.startsWith('_')) {
    return serverRecords(found, {name, zone, port: second.slice(1), protocol: first.slice(1)});
  }
  return inner.length > 1 ? undefined : serviceRecords(known, found, {name, type, zone, host: first});
}

interface ServiceQuestion {
  name: string;
  type: string;
  zone: string;
  /** The label before the Service's: a single endpoint is asked for. */
  host: string | undefined;
}

function serviceRecords(
  known: Tables,
  service: Service,
  {name, type, zone, host}: ServiceQuestion,
): Answer[] | undefined {
  const {clusterIP, type: kind, externalName, ports = []} = service.spec;
  if (kind === 'ExternalName') return [{type: 'CNAME', name, ttl, data: externalName ?? ''}];
  if (clusterIP !== 'None') {
    if (host !== undefined) return undefined;
    if (type === 'SRV') return ports.map((port) => serverRecord(name, port.port, nameOf(service, zone)));
    return type === 'A' ? [{type: 'A', name, ttl, data: clusterIP ?? ''}] : [];
  }
  const ready = endpointsOf(known, service).filter(({conditions}) => conditions.ready !== false);
  const chosen = ready.flatMap((endpoint) =>
    endpoint.addresses.filter((ip) => host === undefined || host === (endpoint.hostname ?? ip.replaceAll('.', '-'))),
  );
  // A headless Service without ready pods has no name, as in CoreDNS.
  if (chosen.length === 0) return undefined;
  return type === 'A' ? chosen.map((data) => ({type: 'A', name, ttl, data})) : [];
}

function endpointsOf(known: Tables, service: Service): Endpoint[] {
  return known
    .list(endpointSlices, service.metadata.namespace)
    .filter((slice) => slice.metadata.labels?.[serviceNameLabel] === service.metadata.name)
    .flatMap((slice) => slice.endpoints);
}

const nameOf = ({metadata}: Service, zone: string) => `${metadata.name}.${metadata.namespace}.svc.${zone}`;

function serverRecord(name: string, port: number, target: string): Answer {
  return {type: 'SRV', name, ttl, data: {port, target, priority: 0, weight: 100}};
}

function serverRecords(
  service: Service,
  asked: {name: string; zone: string; port: string; protocol: string},
): Answer[] | undefined {
  const matching = (service.spec.ports ?? []).filter(
    (port) => port.name === asked.port && port.protocol.toLowerCase() === asked.protocol,
  );
  if (matching.length === 0) return undefined;
  return matching.map((port) => serverRecord(asked.name, port.port, nameOf(service, asked.zone)));
}

interface PodQuestion {
  name: string;
  type: string;
  namespace: string | undefined;
  label: string | undefined;
  extra: boolean;
}

/** `10-244-1-2.default.pod.…`: made from the name alone, as with `pods insecure`. */
function podRecord(known: Tables, {name, type, namespace, label, extra}: PodQuestion): Answer[] | undefined {
  if (namespace === undefined) return [];
  if (!known.byKey(namespaces, namespace)) return undefined;
  if (label === undefined) return [];
  if (extra || !/^\d{1,3}(-\d{1,3}){3}$/.test(label)) return undefined;
  return type === 'A' ? [{type: 'A', name, ttl, data: label.replaceAll('-', '.')}] : [];
}

function reverse(known: Tables, zone: string, name: string): Answer[] | undefined {
  const ip = name.replace('.in-addr.arpa', '').split('.').reverse().join('.');
  const service = known.list(services).find((each) => each.spec.clusterIP === ip);
  return service ? [{type: 'PTR', name, ttl, data: nameOf(service, zone)}] : undefined;
}
