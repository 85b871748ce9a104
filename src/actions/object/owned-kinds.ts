import {groupOf} from '../../cluster/names.ts';
import type {KubeObject} from '../../cluster/types.ts';

/** A kind as manifests name it. */
export interface Kind {
  apiVersion: string;
  kind: string;
}

const pod: Kind = {apiVersion: 'v1', kind: 'Pod'};
const replicaSet: Kind = {apiVersion: 'apps/v1', kind: 'ReplicaSet'};
const revision: Kind = {apiVersion: 'apps/v1', kind: 'ControllerRevision'};
const job: Kind = {apiVersion: 'batch/v1', kind: 'Job'};
const slice: Kind = {apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice'};
const lease: Kind = {apiVersion: 'coordination.k8s.io/v1', kind: 'Lease'};

/** What Kubernetes' own controllers make, through all generations. */
const ownedBy: Readonly<Record<string, readonly Kind[]>> = {
  CronJob: [job, pod],
  DaemonSet: [revision, pod],
  Deployment: [replicaSet, pod],
  Job: [pod],
  // The kubelet's heartbeat, and its static pods.
  Node: [lease, pod],
  ReplicaSet: [pod],
  ReplicationController: [pod],
  Service: [slice],
  StatefulSet: [revision, pod],
};

/** What the operator of a custom resource may have made; more than these cannot be guessed. */
const ownedByOperators: readonly Kind[] = [
  ...['Deployment', 'StatefulSet', 'DaemonSet'].map((kind) => ({apiVersion: 'apps/v1', kind})),
  ...['Service', 'ConfigMap', 'Secret', 'PersistentVolumeClaim'].map((kind) => ({apiVersion: 'v1', kind})),
  ...[replicaSet, revision, job, slice, pod],
];

/** What people and their tools tie to owners, so that it goes with them. */
const ownedByPeople: readonly Kind[] = [
  ...['ConfigMap', 'Secret', 'Service', 'ServiceAccount', 'PersistentVolumeClaim', 'Pod'].map((kind) => ({
    apiVersion: 'v1',
    kind,
  })),
  ...['Deployment', 'StatefulSet', 'DaemonSet'].map((kind) => ({apiVersion: 'apps/v1', kind})),
  ...['Ingress', 'NetworkPolicy'].map((kind) => ({apiVersion: 'networking.k8s.io/v1', kind})),
  ...['Role', 'RoleBinding'].map((kind) => ({apiVersion: 'rbac.authorization.k8s.io/v1', kind})),
  ...['Job', 'CronJob'].map((kind) => ({apiVersion: 'batch/v1', kind})),
  {apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler'},
  {apiVersion: 'policy/v1', kind: 'PodDisruptionBudget'},
];

/** The kinds of which objects may go with an object of a kind: each must be looked at. */
export function ownedKinds(owner: Kind): readonly Kind[] {
  const made = madeFor(owner);
  const names = new Set(made.map(nameOf));
  return [...made, ...ownedByPeople.filter((one) => !names.has(nameOf(one)))];
}

/** The kinds that the controllers of a kind make for its objects, and make again, as far as one can know. */
function madeFor({apiVersion, kind}: Kind): readonly Kind[] {
  return isCustom(apiVersion) ? ownedByOperators : (ownedBy[kind] ?? []);
}

/** Whether the controllers of a kind make pods for its objects. */
export const makesPods = (owner: Kind): boolean => madeFor(owner).includes(pod);

/** Whether a group is none of Kubernetes' own (`apps`, `*.k8s.io`): its objects have an operator. */
export function isCustom(apiVersion: string): boolean {
  const group = groupOf(apiVersion);
  return group.includes('.') && !group.endsWith('.k8s.io');
}

/**
 * Whether the controller of an owner that is made again makes such an object of it again. What a CronJob has started is
 * not started a second time, and a slice of endpoints that a person has written is nobody's but theirs.
 */
export function isMadeAgain(owner: Kind, object: KubeObject): boolean {
  if (owner.kind === 'CronJob' && object.kind === 'Job') return false;
  if (owner.kind === 'Service' && object.kind === 'EndpointSlice') return isOfController(object);
  return madeFor(owner).some((one) => nameOf(one) === nameOf(object));
}

const isOfController = ({metadata: {labels}}: KubeObject): boolean =>
  labels?.['endpointslice.kubernetes.io/managed-by']?.endsWith('-controller.k8s.io') === true;

/** Kubernetes' own kinds that lie in no namespace and that others may belong to. */
const clusterScoped = new Set([
  ...['Node', 'PersistentVolume', 'ClusterRole', 'ClusterRoleBinding', 'StorageClass', 'PriorityClass'],
  ...['IngressClass', 'RuntimeClass', 'CSIDriver', 'CSINode', 'VolumeAttachment', 'APIService'],
  ...['CertificateSigningRequest', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
  ...['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'FlowSchema', 'PriorityLevelConfiguration'],
]);

/** Whether a kind is known, without asking the cluster, to lie in no namespace. */
export const isClusterScoped = ({apiVersion, kind}: Kind): boolean => !isCustom(apiVersion) && clusterScoped.has(kind);

/** Names a kind among all. */
export const nameOf = ({apiVersion, kind}: Kind): string => `${apiVersion} ${kind}`;
