import {patches, type Specimen, set, unset} from './specimen.ts';

const named = (...names: string[]) => names.map((name) => ({kind: 'ServiceAccount', name, namespace: 'default'}));
const rule = (...verbs: string[]) => ({apiGroups: [''], resources: ['pods'], verbs});

/** Kinds without pods, beside those of the network. */
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
      set(['stringData', 'word'], 'shut', {opaque: true, defaults: true, only: ['merge', 'strategic', 'apply']}),
      unset(['data', 'more']),
      unset(['data', 'word']),
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
        metrics: [{type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 50}}}],
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
      set(['spec', 'limits'], [], {opaque: true, only: ['json', 'merge', 'apply']}),
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
        mode: 'first',
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
