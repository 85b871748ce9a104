import type {JsonObject} from '../../../src/io/json.ts';
import type {Change, Specimen} from './specimen.ts';
import {patches, set, unset} from './specimen.ts';

const container = {
  ...{name: 'c', image: 'kubedrill/toolbox:dev', imagePullPolicy: 'Never', command: ['sleep', '86400']},
  env: [
    {name: 'A', value: '1'},
    {name: 'B', value: '2'},
  ],
  resources: {requests: {cpu: '1m', memory: '8Mi'}},
};
const template = (app: string): JsonObject => ({
  metadata: {labels: {app}, annotations: {release: 'one'}},
  spec: {terminationGracePeriodSeconds: 1, containers: [container]},
});
const selected = (app: string) => ({selector: {matchLabels: {app}}, template: template(app)});

/** Changes of a template of pods, at its place. */
const ofTemplate = (...at: string[]): Change[] => {
  const here = [...at, 'spec', 'containers', {name: 'c'}];
  return [
    set([...here, 'env', {name: 'A'}, 'value'], 'changed'),
    set([...here, 'env', {name: 'C'}], {name: 'C', value: '3'}),
    unset([...here, 'env', {name: 'B'}], patches),
    set([...here, 'resources', 'requests', 'memory'], '16Mi'),
    set([...here, 'resources', 'requests', 'memory'], '0.0625Gi', {opaque: true, defaults: true}),
    unset([...here, 'imagePullPolicy'], {opaque: true, defaults: true}),
    set(
      [...here, 'ports'],
      [
        {containerPort: 80, protocol: 'TCP'},
        {containerPort: 80, protocol: 'UDP'},
      ],
    ),
    set([...here, 'command'], ['sleep', '3600']),
    set([...at, 'metadata', 'annotations', 'release'], 'two'),
    unset([...at, 'metadata', 'annotations'], {defaults: true, only: ['json', 'merge']}),
    unset([...at, 'spec', 'terminationGracePeriodSeconds'], {opaque: true, defaults: true}),
    set([...at, 'spec', 'tolerations'], [{key: 'k', operator: 'Exists', effect: 'NoSchedule'}]),
    set([...at, 'spec', 'hostAliases'], [{ip: '192.0.2.1', hostnames: ['x']}]),
    set([...at, 'spec', 'containers', {name: 'd'}], {...container, name: 'd'}, {opaque: true, only: ['json', 'merge']}),
  ];
};
const onTemplate = ofTemplate('spec', 'template');

/** Kinds with pods, or that would have some. */
export const workloads: Readonly<Record<string, Specimen>> = {
  Deployment: {
    ...{apiVersion: 'apps/v1', kind: 'Deployment', scale: 1},
    body: {
      spec: {
        replicas: 0,
        revisionHistoryLimit: 3,
        progressDeadlineSeconds: 300,
        strategy: {rollingUpdate: {maxSurge: 3}},
        ...selected('none'),
      },
    },
    changes: [
      ...onTemplate,
      set(['spec', 'paused'], true),
      set(['spec', 'minReadySeconds'], 1),
      unset(['spec', 'revisionHistoryLimit'], {opaque: true, defaults: true}),
      unset(['spec', 'strategy'], {opaque: true, defaults: true}),
      set(['spec', 'strategy', 'rollingUpdate', 'maxSurge'], 2, {defaults: true}),
      set(
        ['spec', 'strategy'],
        {type: 'Recreate', rollingUpdate: null},
        {opaque: true, defaults: true, only: ['merge']},
      ),
      unset(['spec', 'progressDeadlineSeconds'], {opaque: true, defaults: true}),
    ],
  },
  Running: {
    ...{apiVersion: 'apps/v1', kind: 'Deployment', scale: 0},
    body: {spec: {replicas: 1, ...selected('running')}},
    changes: [
      set(['spec', 'template', 'metadata', 'annotations', 'release'], 'two'),
      set(['spec', 'minReadySeconds'], 1),
    ],
  },
  StatefulSet: {
    ...{apiVersion: 'apps/v1', kind: 'StatefulSet', scale: 1},
    body: {spec: {serviceName: 'none', replicas: 0, ...selected('stateful')}},
    changes: [
      ...onTemplate,
      set(['spec', 'updateStrategy', 'rollingUpdate', 'partition'], 1),
      set(
        ['spec', 'updateStrategy'],
        {type: 'OnDelete', rollingUpdate: null},
        {opaque: true, defaults: true, only: ['merge']},
      ),
      unset(['spec', 'revisionHistoryLimit'], {opaque: true, defaults: true}),
      set(['spec', 'persistentVolumeClaimRetentionPolicy', 'whenScaled'], 'Delete', {opaque: true}),
    ],
  },
  DaemonSet: {
    ...{apiVersion: 'apps/v1', kind: 'DaemonSet'},
    body: {
      spec: {
        ...selected('daemon'),
        template: {
          ...template('daemon'),
          spec: {...(template('daemon').spec as JsonObject), nodeSelector: {no: 'node'}},
        },
      },
    },
    changes: [
      ...onTemplate,
      set(
        ['spec', 'updateStrategy'],
        {type: 'OnDelete', rollingUpdate: null},
        {opaque: true, defaults: true, only: ['merge']},
      ),
      set(['spec', 'minReadySeconds'], 2),
    ],
  },
  ReplicaSet: {
    ...{apiVersion: 'apps/v1', kind: 'ReplicaSet', scale: 1},
    body: {spec: {replicas: 0, ...selected('replicas')}},
    changes: onTemplate,
  },
  Job: {
    ...{apiVersion: 'batch/v1', kind: 'Job'},
    body: {
      spec: {
        suspend: true,
        backoffLimit: 1,
        template: {spec: {...(template('job').spec as JsonObject), restartPolicy: 'Never'}},
      },
    },
    changes: [
      set(['spec', 'parallelism'], 2),
      set(['spec', 'activeDeadlineSeconds'], 60),
      unset(['spec', 'backoffLimit'], {opaque: true, defaults: true}),
      set(['spec', 'ttlSecondsAfterFinished'], 600),
    ],
  },
  CronJob: {
    ...{apiVersion: 'batch/v1', kind: 'CronJob'},
    body: {
      spec: {
        schedule: '0 0 31 2 *',
        ...{successfulJobsHistoryLimit: 7, concurrencyPolicy: 'Forbid'},
        jobTemplate: {
          spec: {
            template: {...template('cron'), spec: {...(template('cron').spec as JsonObject), restartPolicy: 'Never'}},
          },
        },
      },
    },
    changes: [
      ...ofTemplate('spec', 'jobTemplate', 'spec', 'template'),
      set(['spec', 'schedule'], '0 0 30 2 *'),
      set(['spec', 'suspend'], true),
      set(['spec', 'timeZone'], 'UTC'),
      unset(['spec', 'successfulJobsHistoryLimit'], {opaque: true, defaults: true}),
      unset(['spec', 'concurrencyPolicy'], {opaque: true, defaults: true}),
    ],
  },
  PodTemplate: {
    ...{apiVersion: 'v1', kind: 'PodTemplate'},
    body: {template: template('template')},
    changes: ofTemplate('template'),
  },
  Pod: {
    ...{apiVersion: 'v1', kind: 'Pod'},
    body: {spec: {terminationGracePeriodSeconds: 1, containers: [container]}},
    changes: [set(['spec', 'activeDeadlineSeconds'], 86_400, {only: []})],
  },
};
