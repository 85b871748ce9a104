import {patches, type Specimen, set, unset} from './specimen.ts';

const port = (number: number) => ({port: number, protocol: 'TCP'});
const http = {name: 'http', ...port(80), targetPort: 8080};

/** Kinds by which something is reached. */
export const network: Readonly<Record<string, Specimen>> = {
  Service: {
    ...{apiVersion: 'v1', kind: 'Service'},
    body: {
      spec: {
        selector: {app: 'x'},
        ports: [http, {name: 'two', ...port(82), targetPort: 8082}],
        sessionAffinity: 'ClientIP',
        internalTrafficPolicy: 'Local',
      },
    },
    changes: [
      set(['spec', 'selector', 'app'], 'y'),
      set(['spec', 'selector', 'tier'], 'z'),
      set(['spec', 'ports', port(80), 'targetPort'], 8081),
      set(['spec', 'ports', port(80), 'targetPort'], 'named'),
      set(['spec', 'ports', port(81)], {name: 'third', ...port(81), targetPort: 81}),
      set(['spec', 'publishNotReadyAddresses'], true),
      unset(['spec', 'ports', port(82)], patches),
      unset(['spec', 'internalTrafficPolicy'], {opaque: true, defaults: true}),
      unset(['spec', 'sessionAffinity'], {opaque: true, defaults: true}),
      set(['spec', 'sessionAffinity'], 'None', {opaque: true, defaults: true}),
      set(['spec', 'type'], 'NodePort', {opaque: true, defaults: true}),
      set(['spec', 'type'], 'LoadBalancer', {opaque: true, defaults: true}),
      {
        edits: [
          {path: ['spec', 'type'], value: 'ExternalName'},
          {path: ['spec', 'externalName'], value: 'x.example'},
        ],
        ...{opaque: true, defaults: true},
      },
    ],
  },
  Headless: {
    ...{apiVersion: 'v1', kind: 'Service'},
    body: {spec: {clusterIP: 'None', selector: {app: 'x'}, ports: [http]}},
    changes: [
      set(['spec', 'publishNotReadyAddresses'], true),
      set(['spec', 'selector'], {other: 'y'}, {only: ['json']}),
      unset(['spec', 'selector'], {defaults: true, ...patches}),
      set(['spec', 'ports', port(80), 'appProtocol'], 'kubernetes.io/h2c'),
      unset(['spec', 'ports'], {defaults: true, only: ['json', 'merge', 'strategic']}),
    ],
  },
  NodePort: {
    ...{apiVersion: 'v1', kind: 'Service'},
    body: {spec: {type: 'NodePort', externalTrafficPolicy: 'Local', selector: {app: 'x'}, ports: [http]}},
    changes: [
      set(['spec', 'type'], 'ClusterIP', {opaque: true, defaults: true, only: ['json', 'merge', 'strategic']}),
      set(['spec', 'externalTrafficPolicy'], 'Cluster', {opaque: true}),
      unset(['spec', 'externalTrafficPolicy'], {opaque: true, defaults: true}),
      set(['spec', 'ports', port(81)], {name: 'third', ...port(81), targetPort: 81}, {opaque: true}),
    ],
  },
  ByHand: {
    ...{apiVersion: 'v1', kind: 'Service'},
    body: {spec: {ports: [http]}},
    along: (name) => [
      {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: {name},
        subsets: [{addresses: [{ip: '192.0.2.1'}], ports: [{name: 'http', port: 8080}]}],
      },
    ],
    changes: [
      set(['spec', 'ports', port(80), 'targetPort'], 8081),
      set(['spec', 'selector', 'app'], 'y', {defaults: true, opaque: true}),
    ],
  },
  Ingress: {
    ...{apiVersion: 'networking.k8s.io/v1', kind: 'Ingress'},
    body: {
      spec: {
        defaultBackend: {service: {name: 'web', port: {number: 80}}},
        rules: [
          {host: 'a.example'},
          {
            host: 'b.example',
            http: {paths: [{path: '/', pathType: 'Prefix', backend: {service: {name: 'web', port: {name: 'http'}}}}]},
          },
        ],
        tls: [{hosts: ['a.example'], secretName: 'cert'}],
      },
    },
    changes: [
      set(['spec', 'ingressClassName'], 'other'),
      set(['spec', 'rules'], [{host: 'b.example'}, {host: 'a.example'}]),
      set(['spec', 'tls'], [{hosts: ['b.example'], secretName: 'cert'}, {secretName: 'more'}]),
      unset(['spec', 'tls']),
      set(['spec', 'defaultBackend', 'service', 'port', 'number'], 81),
      unset(['spec', 'rules'], {defaults: true}),
    ],
  },
  NetworkPolicy: {
    ...{apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy'},
    body: {
      spec: {
        podSelector: {matchLabels: {app: 'nobody'}},
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{from: [{podSelector: {}}], ports: [{port: 80, protocol: 'TCP'}]}],
      },
    },
    changes: [
      set(['spec', 'ingress'], []),
      unset(['spec', 'ingress'], {defaults: true}),
      set(['spec', 'policyTypes'], ['Ingress']),
      set(['spec', 'podSelector', 'matchLabels', 'app'], 'none'),
      unset(['spec', 'policyTypes'], {defaults: true, opaque: true}),
      set(['spec', 'egress'], [{to: [{ipBlock: {cidr: '192.0.2.0/24', except: ['192.0.2.8/29']}}]}]),
    ],
  },
  Endpoints: {
    ...{apiVersion: 'v1', kind: 'Endpoints'},
    body: {
      subsets: [{addresses: [{ip: '192.0.2.1'}, {ip: '192.0.2.2'}], ports: [{name: 'a', port: 80, protocol: 'TCP'}]}],
    },
    changes: [
      set(['subsets'], [{addresses: [{ip: '192.0.2.2'}], ports: [{name: 'a', port: 80, protocol: 'TCP'}]}]),
      set(['subsets'], [{notReadyAddresses: [{ip: '192.0.2.9'}], ports: [{port: 81}]}], {opaque: true, defaults: true}),
      unset(['subsets'], {defaults: true}),
    ],
  },
  EndpointSlice: {
    ...{apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice'},
    body: {
      addressType: 'IPv4',
      endpoints: [{addresses: ['192.0.2.1'], conditions: {ready: true}}],
      ports: [{name: 'a', port: 80, protocol: 'TCP'}],
    },
    changes: [
      set(['endpoints'], [{addresses: ['192.0.2.3'], conditions: {ready: false}}, {addresses: ['192.0.2.4']}]),
      set(['endpoints'], []),
      set(['ports'], [{name: 'a', port: 81, protocol: 'TCP'}]),
      set(['ports'], [{port: 82}], {opaque: true, defaults: true}),
    ],
  },
};
