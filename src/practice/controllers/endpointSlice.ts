import type {Client} from '../core.ts';
import {endpointSlices, pods, services} from '../kinds.ts';
import {type Endpoint, type EndpointSlice, keyOf, type Service, type ServicePort} from '../objects.ts';
import {nameOf} from '../registry/registry.ts';
import {labelSelector} from '../selectors.ts';
import {StatusError} from '../status.ts';
import type {Pod} from '../workloads.ts';
import {startLoop} from './loop.ts';
import {isReady, ownedBy} from './podOwners.ts';

export const serviceNameLabel = 'kubernetes.io/service-name';
const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
const managedBy = 'endpointslice-controller.k8s.io';

/** Keeps one EndpointSlice per Service with a selector: which pods serve it, and which of them are ready. */
export function startEndpointSliceController(core: Client): void {
  startLoop(core, {
    name: 'endpointslice',
    latency: 'endpoints',
    keysOf: ({resource, object, previous}) => {
      if (resource === services) return [keyOf(object)];
      if (resource === endpointSlices) {
        const service = object.metadata.labels?.[serviceNameLabel];
        return service ? [`${object.metadata.namespace}/${service}`] : [];
      }
      if (resource !== pods) return [];
      return core.view
        .list(services, object.metadata.namespace)
        .filter((service) => selects(service, object as Pod) || (previous && selects(service, previous as Pod)))
        .map(keyOf);
    },
    reconcile: (key) => {
      const service = core.view.byKey(services, key);
      if (service?.spec.selector && !service.metadata.deletionTimestamp) sync(core, service);
    },
  });
}

function selects(service: Service, pod: Pod): boolean {
  const {selector} = service.spec;
  return selector !== undefined && labelSelector({matchLabels: selector})(pod.metadata.labels);
}

function sync(core: Client, service: Service): void {
  const {name, namespace} = service.metadata;
  const chosen = core.view
    .list(pods, namespace)
    .filter(
      (pod) =>
        selects(service, pod) && pod.status.podIP && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed',
    );
  const endpoints = chosen.map((pod) => endpointOf(service, pod));
  const ports = (service.spec.ports ?? []).flatMap((port) => portOf(port, chosen[0]));
  const own = core.view
    .list(endpointSlices, namespace)
    .find(
      (slice) =>
        slice.metadata.labels?.[serviceNameLabel] === name && slice.metadata.labels[managedByLabel] === managedBy,
    );
  if (own) {
    core.registry.change(endpointSlices, nameOf(own), (draft) => {
      draft.endpoints = endpoints;
      draft.ports = ports;
    });
    return;
  }
  const metadata = {
    generateName: `${name}-`,
    labels: {...service.metadata.labels, [serviceNameLabel]: name, [managedByLabel]: managedBy},
    ownerReferences: [ownedBy(services, service)],
  };
  const slice: Omit<EndpointSlice, 'metadata' | 'apiVersion' | 'kind'> = {addressType: 'IPv4', endpoints, ports};
  try {
    core.registry.create(endpointSlices, {metadata, ...slice}, namespace);
  } catch (error) {
    // The namespace is on its way out.
    if (!(error instanceof StatusError)) throw error;
  }
}

function endpointOf(service: Service, pod: Pod): Endpoint {
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const serving = isReady(pod);
  const {name, namespace = '', uid} = pod.metadata;
  return {
    addresses: [pod.status.podIP ?? ''],
    conditions: {ready: service.spec.publishNotReadyAddresses || (serving && !terminating), serving, terminating},
    ...(pod.spec.hostname && pod.spec.subdomain === service.metadata.name ? {hostname: pod.spec.hostname} : {}),
    ...(pod.spec.nodeName ? {nodeName: pod.spec.nodeName} : {}),
    targetRef: {kind: 'Pod', name, namespace, uid},
  };
}

/** The port that pods listen on; a named target port is looked up in a pod. */
function portOf(port: ServicePort, pod: Pod | undefined): EndpointSlice['ports'] {
  const named = pod?.spec.containers
    .flatMap((container) => container.ports ?? [])
    .find((each) => each.name === port.targetPort)?.containerPort;
  const number = typeof port.targetPort === 'number' ? port.targetPort : named;
  if (number === undefined) return [];
  return [{...(port.name ? {name: port.name} : {name: ''}), port: number, protocol: port.protocol}];
}
