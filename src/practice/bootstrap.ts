import type {Core} from './core.ts';
import {configMaps, deployments, endpointSlices, leases, namespaces, nodes, resourceOf, services} from './kinds.ts';
import {machineAnnotation} from './machineServer.ts';
import type {Taint} from './objects.ts';

/** Kubernetes version that the practice cluster speaks; the suffix says what it is. */
export const practiceVersion = 'v1.34.0+kubedrill-practice';
const nameserverIP = '10.96.0.10';
const apiServiceIP = '10.96.0.1';
const controlPlane = 'practice-control-plane';
const label = {'k8s-app': 'kube-dns'};

interface Machinery {
  /** Number of nodes. */
  nodes: number;
  /** The URL of the machine under a node. */
  machine: (node: string) => string;
}

/** What kind starts a cluster with, as far as the practice cluster has it. */
export function bootstrap(core: Core, {nodes: nodeCount, machine}: Machinery): void {
  const {registry} = core;
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
    registry.create(namespaces, {metadata: {name}});
  }
  const addresses = Array.from({length: nodeCount}, (_, index) => createNode(core, index, {nodes: nodeCount, machine}));
  createApiService(core, addresses[0] ?? '');
  createDns(core);
}

/** A node: 172.18.0.2 and on, pods in 10.244.<index>.0/24. The first one is the control plane. Returns its address. */
function createNode({registry, scope}: Core, index: number, {nodes: count, machine}: Machinery): string {
  const name =
    index === 0 ? controlPlane : count === 2 ? 'practice-worker' : `practice-worker${index === 1 ? '' : index}`;
  const address = `172.18.0.${2 + index}`;
  const now = scope.now();
  const role = index === 0 ? {'node-role.kubernetes.io/control-plane': ''} : {};
  const taints: Taint[] = [{key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule'}];
  const sound = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  const resources = {cpu: '2', memory: '2Gi', pods: '110', 'ephemeral-storage': '20Gi'};
  const labels = {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    ...role,
  };
  const spec = {
    holderIdentity: name,
    leaseDurationSeconds: 40,
    renewTime: scope.clock.wall().toISOString().replace('Z', '000Z'),
  };
  registry.create(leases, {metadata: {name}, spec}, 'kube-node-lease');
  registry.create(nodes, {
    metadata: {name, labels, annotations: {[machineAnnotation]: machine(name)}},
    spec: {
      podCIDR: `10.244.${index}.0/24`,
      podCIDRs: [`10.244.${index}.0/24`],
      providerID: `practice://${name}`,
      // As in kind: a control plane that is alone takes everything.
      ...(index === 0 && count > 1 ? {taints} : {}),
    },
    status: {
      addresses: [
        {type: 'InternalIP', address},
        {type: 'Hostname', address: name},
      ],
      capacity: resources,
      allocatable: resources,
      conditions: [
        sound('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        sound('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        sound('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        sound('Ready', 'True', 'KubeletReady', 'the practice cluster simulates this node'),
      ],
      daemonEndpoints: {kubeletEndpoint: {Port: 10_250}},
      nodeInfo: {
        architecture: 'amd64',
        operatingSystem: 'linux',
        osImage: 'kubedrill practice cluster (simulated)',
        kernelVersion: 'practice',
        containerRuntimeVersion: 'practice://1',
        kubeletVersion: practiceVersion,
        kubeProxyVersion: '',
        machineID: `practice-${name}`,
        systemUUID: `practice-${name}`,
        bootID: `practice-${name}`,
      },
    },
  });
  return address;
}

/** The Service `kubernetes`: the API as pods reach it. */
function createApiService({registry}: Core, address: string): void {
  const ports = [{name: 'https', protocol: 'TCP', port: 443, targetPort: 6443}];
  const labels = {component: 'apiserver', provider: 'kubernetes'};
  registry.create(
    services,
    {metadata: {name: 'kubernetes', labels}, spec: {clusterIP: apiServiceIP, ports}},
    'default',
  );
  registry.create(
    endpointSlices,
    {
      metadata: {name: 'kubernetes', labels: {'kubernetes.io/service-name': 'kubernetes'}},
      addressType: 'IPv4',
      endpoints: [{addresses: [address], conditions: {ready: true}}],
      ports: [{name: 'https', port: 6443, protocol: 'TCP'}],
    },
    'default',
  );
}

const corefile = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    cache 30
    loop
    reload
    loadbalance
}
`;

/** CoreDNS as kubeadm installs it, without metrics. */
function createDns({registry}: Core): void {
  const namespace = 'kube-system';
  const serviceAccounts = resourceOf('v1', 'ServiceAccount');
  if (serviceAccounts) registry.create(serviceAccounts, {metadata: {name: 'coredns'}}, namespace);
  registry.create(configMaps, {metadata: {name: 'coredns'}, data: {Corefile: corefile}}, namespace);
  const port = (name: string, protocol: string) => ({name, port: 53, protocol, targetPort: 53});
  registry.create(
    services,
    {
      metadata: {
        name: 'kube-dns',
        labels: {...label, 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS'},
      },
      spec: {clusterIP: nameserverIP, selector: label, ports: [port('dns', 'UDP'), port('dns-tcp', 'TCP')]},
    },
    namespace,
  );
  const container = {
    name: 'coredns',
    image: 'registry.k8s.io/coredns/coredns:v1.12.1',
    imagePullPolicy: 'IfNotPresent',
    args: ['-conf', '/etc/coredns/Corefile'],
    ports: [
      {containerPort: 53, name: 'dns', protocol: 'UDP'},
      {containerPort: 53, name: 'dns-tcp', protocol: 'TCP'},
      {containerPort: 8181, name: 'readiness-probe', protocol: 'TCP'},
    ],
    volumeMounts: [{name: 'config-volume', mountPath: '/etc/coredns', readOnly: true}],
    livenessProbe: {
      httpGet: {path: '/health', port: 8080},
      initialDelaySeconds: 60,
      timeoutSeconds: 5,
      failureThreshold: 5,
    },
    readinessProbe: {httpGet: {path: '/ready', port: 8181}},
  };
  const spec = {
    serviceAccountName: 'coredns',
    priorityClassName: 'system-cluster-critical',
    dnsPolicy: 'Default',
    nodeSelector: {'kubernetes.io/os': 'linux'},
    tolerations: [
      {key: 'CriticalAddonsOnly', operator: 'Exists'},
      {key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule'},
    ],
    containers: [container],
    volumes: [{name: 'config-volume', configMap: {name: 'coredns', items: [{key: 'Corefile', path: 'Corefile'}]}}],
  };
  registry.create(
    deployments,
    {
      metadata: {name: 'coredns', labels: label},
      spec: {
        replicas: 2,
        strategy: {type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 1}},
        selector: {matchLabels: label},
        template: {metadata: {labels: label}, spec},
      },
    },
    namespace,
  );
}
