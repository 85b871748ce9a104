import type {Loose} from '../../support/practice.ts';

/** The image of all pods, which both clusters have. */
export const image = 'kubedrill/toolbox:dev';

export const configMap = (name: string, data: Loose = {a: '1'}, metadata: object = {}): Loose => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {name, ...metadata},
  data,
});

/** A container that plays a shell script; practice knows `echo`, `sleep` and `exit`. */
export const container = (script: string, more: object = {}): Loose => ({
  name: 'main',
  image,
  imagePullPolicy: 'Never',
  command: ['sh', '-c', script],
  ...more,
});

export const pod = (name: string, containers: Loose[] = [container('sleep 3600')], more: Loose = {}): Loose => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name, ...more.metadata},
  spec: {terminationGracePeriodSeconds: 0, containers, ...more.spec},
});

/** A Deployment whose pods go at once. */
export const deployment = (name: string, replicas = 1, spec: object = {}): Loose => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name},
  spec: {
    replicas,
    selector: {matchLabels: {app: name}},
    template: {
      metadata: {labels: {app: name}},
      spec: {terminationGracePeriodSeconds: 0, containers: [container('sleep 3600')]},
    },
    ...spec,
  },
});

export const service = (name: string, spec: object = {}): Loose => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {name},
  spec: {selector: {app: name}, ports: [{port: 80}], ...spec},
});

export const lease = (name: string, spec: object = {holderIdentity: 'me', leaseDurationSeconds: 10}): Loose => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: {name},
  spec,
});

export const budget = (name: string, limit: object, app = name): Loose => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: {name},
  spec: {selector: {matchLabels: {app}}, ...limit},
});

export const eviction = (name: string, deleteOptions?: object): Loose => ({
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  metadata: {name},
  ...(deleteOptions && {deleteOptions}),
});
