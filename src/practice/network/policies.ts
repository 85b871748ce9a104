import {BlockList, isIP} from 'node:net';
import type {Client} from '../core.ts';
import {namespaces, networkPolicies, pods} from '../kinds.ts';
import type {NetworkPolicy, PolicyPeer, PolicyRule} from '../objects.ts';
import {labelSelector} from '../selectors.ts';
import type {Pod} from '../workloads.ts';
import type {Network, Protocol} from './network.ts';

/** One end of a connection: an address, and the pod that has it. */
interface End {
  ip: string;
  pod: Pod | undefined;
}

type Direction = 'ingress' | 'egress';

/**
 * Enforces NetworkPolicies on new connections, a moment after a policy has changed. As Kubernetes has it: a pod that no
 * policy selects for a direction is open in it; one that is selected takes what any of its policies allows. Policies
 * follow pods and labels at once. Pods of the node's network and the node itself, for its own pods, are not held back.
 */
export function startPolicies(core: Client, network: Network): void {
  let policies: readonly NetworkPolicy[] = [];
  core.view.subscribe(({resource}) => {
    if (resource !== networkPolicies) return;
    core.scope.after(core.latency.of('policySync'), 'network policies', () => {
      policies = core.view.list(networkPolicies);
    });
  });
  network.useFirewall((from, to, protocol) => {
    if (policies.length === 0) return true;
    const source = endOf(core, from);
    const target = endOf(core, to.ip);
    if (source.ip === target.ip || target.pod?.status.hostIP === source.ip) return true;
    const flow = {source, target, port: to.port, protocol};
    return (['egress', 'ingress'] as const).every((direction) => passes(core, policies, direction, flow));
  });
}

function endOf(core: Client, ip: string): End {
  // Addresses come round again: a pod that has ended has none any more.
  const pod = core.view
    .list(pods)
    .find(
      ({status, spec}) => status.podIP === ip && !spec.hostNetwork && !['Succeeded', 'Failed'].includes(status.phase),
    );
  return {ip, pod};
}

interface Flow {
  source: End;
  target: End;
  port: number;
  protocol: Protocol;
}

function passes(core: Client, policies: readonly NetworkPolicy[], direction: Direction, flow: Flow): boolean {
  const [self, peer] = direction === 'ingress' ? [flow.target, flow.source] : [flow.source, flow.target];
  const {pod} = self;
  if (pod === undefined) return true;
  const type = direction === 'ingress' ? 'Ingress' : 'Egress';
  const own = policies.filter(
    ({metadata, spec}) =>
      metadata.namespace === pod.metadata.namespace &&
      (spec.policyTypes ?? []).includes(type) &&
      labelSelector(spec.podSelector)(pod.metadata.labels),
  );
  if (own.length === 0) return true;
  return own.some(({metadata, spec}) =>
    (spec[direction] ?? []).some((rule) => {
      const peers = direction === 'ingress' ? rule.from : rule.to;
      const known = !peers?.length || peers.some((each) => isPeer(core, each, peer, metadata.namespace));
      return known && coversPort(rule, flow);
    }),
  );
}

function isPeer(core: Client, {podSelector, namespaceSelector, ipBlock}: PolicyPeer, end: End, home = ''): boolean {
  if (ipBlock) return isInside(end.ip, ipBlock.cidr) && !(ipBlock.except ?? []).some((cidr) => isInside(end.ip, cidr));
  const {pod} = end;
  if (!pod) return false;
  const {namespace = ''} = pod.metadata;
  const labels = core.view.get(namespaces, undefined, namespace)?.metadata.labels;
  const inNamespace = namespaceSelector ? labelSelector(namespaceSelector)(labels) : namespace === home;
  return inNamespace && (!podSelector || labelSelector(podSelector)(pod.metadata.labels));
}

function coversPort({ports}: PolicyRule, {target, port, protocol}: Flow): boolean {
  if (!ports?.length) return true;
  return ports.some((each) => {
    if ((each.protocol ?? 'TCP').toLowerCase() !== protocol) return false;
    if (each.port === undefined) return true;
    const named = target.pod?.spec.containers
      .flatMap((container) => container.ports ?? [])
      .find(({name}) => name === each.port)?.containerPort;
    const first = typeof each.port === 'number' ? each.port : named;
    return first !== undefined && port >= first && port <= (each.endPort ?? first);
  });
}

function isInside(ip: string, cidr: string): boolean {
  const [network = '', bits = '32'] = cidr.split('/');
  if (isIP(network) !== 4 || isIP(ip) !== 4) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), 'ipv4');
  return list.check(ip);
}
