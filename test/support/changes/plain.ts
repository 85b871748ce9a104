import {patches, type Specimen, set, unset} from './specimen.ts';

const port = (number: number) => ({port: number, protocol: 'TCP'});
const http = {name: 'http', ...port(80), targetPort: 8080};
const named = (...names: string[]) => names.map((name) => ({kind: 'ServiceAccount', name, namespace: 'default'}));
const rule = (...verbs: string[]) => ({apiGroups: [''], resources: ['pods'], verbs});

/** Kinds without pods. */
export const plain: Readonly<Record<string, Specimen>> = {
  ConfigMap: {
    ...{apiVersion: 'v1', kind: 'ConfigMap'},
    body: {data: {a: 'one', b: 'two', 'c.d': 'three\n'}, binaryData: {blob: 'AAEC'}},
    changes: [
      set(['data', 'a'], ''),
      set(['data', 'c.d'], 'three'),
      set(['data', 'e'], 'five'),
      set(['binaryData', 'blob'], 'AwQ='),
      unset(['data', 'b']),
      unset(['data'], patches),
      unset(['binaryData'], {only: ['json', 'merge', 'strategic'], defaults: true}),
      set(['immutable'], false, {defaults: true}),
    ],
  },
  Secret: {
    ...{apiVersion: 'v1', kind: 'Secret'},
    body: {stringData: {user: 'ada', word: 'open'}, data: {more: 'bW9yZQ=='}},
    changes: [
      set(['data', 'user'], 'Ym9i'),
      set(['data', 'added'], 'eA=='),
      set(
        ['stringData'],
        {user: 'bob', other: 'new'},
        {opaque: true, defaults: true, only: ['merge', 'strategic', 'apply']},
      ),
      set(['stringData', 'word'], 'shut', {opaque: true, defaults: true}),
      unset(['data', 'more']),
      unset(['data', 'word']),
    ],
  },
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
      set(['spec', 'selector'], {other: 'y'}, patches),
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
      unset(['spec', 'ports', port(80), 'nodePort'], {opaque: true, defaults: true, only: ['json', 'merge']}),
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
        policyTypes: ['Ingress'],
        ingress: [{from: [{podSelector: {}}], ports: [{port: 80, protocol: 'TCP'}]}],
      },
    },
    changes: [
      set(['spec', 'ingress'], []),
      unset(['spec', 'ingress'], {defaults: true}),
      set(['spec', 'policyTypes'], ['Ingress', 'Egress']),
      set(['spec', 'podSelector', 'matchLabels', 'app'], 'none'),
      unset(['spec', 'policyTypes'], {defaults: true, opaque: true}),
      set(['spec', 'egress'], [{to: [{ipBlock: {cidr: '192.0.2.0/24', except: ['192.0.2.8/29']}}]}]),
    ],
  },
  Role: {
    ...{apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role'},
    body: {rules: [rule('get', 'list'), {...rule('create'), resources: ['pods/exec']}]},
    changes: [
      set(['rules'], [{...rule('create'), resources: ['pods/exec']}, rule('get', 'list')]),
      set(['rules'], [rule('list', 'get')]),
      set(['rules'], []),
      unset(['rules'], {defaults: true}),
    ],
  },
  RoleBinding: {
    ...{apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding'},
    body: {
      roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view'},
      subjects: named('one', 'two'),
    },
    changes: [
      set(['subjects'], named('two', 'one')),
      set(['subjects'], named('one', 'three')),
      unset(['subjects'], {defaults: true}),
      set(['subjects'], [{kind: 'Group', name: 'all'}], {opaque: true, defaults: true}),
    ],
  },
  ServiceAccount: {
    ...{apiVersion: 'v1', kind: 'ServiceAccount'},
    body: {
      automountServiceAccountToken: false,
      imagePullSecrets: [{name: 'one'}, {name: 'two'}],
      secrets: [{name: 's'}],
    },
    changes: [
      set(['automountServiceAccountToken'], true),
      unset(['automountServiceAccountToken'], {defaults: true}),
      set(['imagePullSecrets'], [{name: 'two'}, {name: 'three'}], patches),
      set(['secrets', {name: 't'}], {name: 't'}),
      unset(['secrets', {name: 's'}], patches),
      unset(['imagePullSecrets'], {defaults: true, only: ['json', 'merge']}),
    ],
  },
  PodDisruptionBudget: {
    ...{apiVersion: 'policy/v1', kind: 'PodDisruptionBudget'},
    body: {spec: {minAvailable: 1, selector: {matchLabels: {app: 'nobody'}}}},
    changes: [
      set(['spec', 'minAvailable'], '50%'),
      set(['spec', 'minAvailable'], 0),
      {edits: [{path: ['spec', 'minAvailable']}, {path: ['spec', 'maxUnavailable'], value: 1}], defaults: true},
      set(['spec', 'unhealthyPodEvictionPolicy'], 'AlwaysAllow'),
      set(['spec', 'selector', 'matchLabels', 'tier'], 'none'),
    ],
  },
  HorizontalPodAutoscaler: {
    ...{apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler'},
    body: {
      spec: {
        scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'nobody'},
        minReplicas: 2,
        maxReplicas: 3,
      },
    },
    changes: [
      set(['spec', 'maxReplicas'], 5),
      unset(['spec', 'minReplicas'], {opaque: true, defaults: true}),
      unset(['spec', 'metrics'], {opaque: true, defaults: true}),
      set(
        ['spec', 'metrics'],
        [{type: 'Resource', resource: {name: 'memory', target: {type: 'AverageValue', averageValue: '100Mi'}}}],
      ),
      set(['spec', 'behavior'], {scaleDown: {stabilizationWindowSeconds: 0}}, {opaque: true, defaults: true}),
    ],
  },
  ResourceQuota: {
    ...{apiVersion: 'v1', kind: 'ResourceQuota'},
    body: {spec: {hard: {'count/widgets.tests.kubedrill.dev': '10', 'requests.storage': '1Ti'}}},
    changes: [
      set(['spec', 'hard', 'count/widgets.tests.kubedrill.dev'], '20'),
      set(['spec', 'hard', 'requests.storage'], '2048Gi', {opaque: true, defaults: true}),
      set(['spec', 'hard', 'count/secrets'], 1000, {opaque: true, defaults: true, only: ['merge', 'json']}),
      set(['spec', 'hard', 'count/roles.rbac.authorization.k8s.io'], '100'),
      unset(['spec', 'hard', 'requests.storage']),
    ],
  },
  LimitRange: {
    ...{apiVersion: 'v1', kind: 'LimitRange'},
    body: {spec: {limits: [{type: 'PersistentVolumeClaim', max: {storage: '10Ti'}}]}},
    changes: [
      set(['spec', 'limits'], [{type: 'PersistentVolumeClaim', max: {storage: '20Ti'}, min: {storage: '1'}}]),
      set(['spec', 'limits'], [], {only: ['json', 'merge', 'apply']}),
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
  PersistentVolumeClaim: {
    ...{apiVersion: 'v1', kind: 'PersistentVolumeClaim'},
    body: {spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Mi'}}}},
    changes: [],
  },
  Lease: {
    ...{apiVersion: 'coordination.k8s.io/v1', kind: 'Lease'},
    body: {spec: {holderIdentity: 'somebody', leaseDurationSeconds: 15}},
    changes: [set(['spec', 'leaseDurationSeconds'], 30), unset(['spec', 'leaseDurationSeconds'], {defaults: true})],
  },
  Custom: {
    ...{apiVersion: 'tests.kubedrill.dev/v1', kind: 'Widget', custom: true},
    body: {
      spec: {
        big: 9007199254740993n,
        ratio: 0.1,
        parts: [
          {name: 'a', size: 1},
          {name: 'b', size: 9223372036854775807n},
        ],
        free: {x: {y: [1, 2]}, large: 12345678901234567890n},
      },
    },
    status: {phase: 'Ready', seen: 9007199254740995n},
    changes: [
      set(['spec', 'big'], 9007199254740992n),
      set(['spec', 'big'], 9007199254740995n),
      set(['spec', 'ratio'], 0.25),
      set(['spec', 'parts', {name: 'a'}, 'size'], 9007199254740993n),
      set(['spec', 'parts', {name: 'c'}], {name: 'c', size: 3}),
      unset(['spec', 'parts', {name: 'b'}], patches),
      set(['spec', 'mode'], 'other'),
      set(['spec', 'free', 'x', 'y'], [2, 1, []]),
      set(['spec', 'free', 'z'], {}),
      set(['spec', 'free', 'a~b/c.d'], 'e'),
      unset(['spec', 'free', 'large']),
      unset(['spec', 'mode'], {opaque: true, defaults: true}),
      unset(['spec', 'parts'], {defaults: true}),
    ],
  },
};
