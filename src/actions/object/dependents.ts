import {isClusterError} from '../../cluster/errors.ts';
import {groupOf} from '../../cluster/names.ts';
import type {ClusterReader, KubeObject} from '../../cluster/types.ts';
import {isJsonObject} from '../../io/json.ts';

interface Kind {
  apiVersion: string;
  kind: string;
}

const pod: Kind = {apiVersion: 'v1', kind: 'Pod'};
const replicaSet: Kind = {apiVersion: 'apps/v1', kind: 'ReplicaSet'};
const revision: Kind = {apiVersion: 'apps/v1', kind: 'ControllerRevision'};
const job: Kind = {apiVersion: 'batch/v1', kind: 'Job'};
const slice: Kind = {apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice'};

/** What Kubernetes' own controllers make, through all generations. */
const ownedBy: Readonly<Record<string, readonly Kind[]>> = {
  CronJob: [job, pod],
  DaemonSet: [revision, pod],
  Deployment: [replicaSet, pod],
  Job: [pod],
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
  const group = groupOf(apiVersion);
  const isBuiltIn = !group.includes('.') || group.endsWith('.k8s.io');
  return isBuiltIn ? (ownedBy[kind] ?? []) : ownedByOperators;
}

/** Whether the controllers of a kind make pods for its objects. */
export const makesPods = (owner: Kind): boolean => madeFor(owner).includes(pod);

export interface Dependents {
  found: KubeObject[];
  /** Those of them that no controller makes again. */
  lost: KubeObject[];
}

/** The objects that go when their owners go, by ownerReferences, through all generations. */
export async function dependentsOf(
  cluster: ClusterReader,
  owners: readonly KubeObject[],
  signal: AbortSignal,
): Promise<Dependents> {
  const namespaces = new Set(owners.flatMap(({metadata: {namespace}}) => (namespace === undefined ? [] : [namespace])));
  const kinds = new Map(owners.flatMap(ownedKinds).map((one) => [nameOf(one), one]));
  const candidates: KubeObject[] = [];
  for (const namespace of namespaces) {
    for (const kind of kinds.values()) candidates.push(...(await listIfServed(cluster, {...kind, namespace}, signal)));
  }
  const gone = new Set(owners.map(({metadata}) => metadata.uid));
  const found = new Set<KubeObject>();
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const candidate of candidates) {
      // Whoever has an owner left stays.
      const uids = ownersOf(candidate);
      if (uids.length === 0 || !uids.every((uid) => gone.has(uid))) continue;
      found.add(candidate);
      gone.add(candidate.metadata.uid);
    }
  }
  const made = new Set(owners.flatMap(madeFor).map(nameOf));
  return {found: [...found], lost: [...found].filter((object) => !made.has(nameOf(object)))};
}

const nameOf = ({apiVersion, kind}: Kind): string => `${apiVersion} ${kind}`;

function ownersOf({metadata}: KubeObject): (string | undefined)[] {
  const references = metadata.ownerReferences;
  return (Array.isArray(references) ? references : []).map((reference) =>
    isJsonObject(reference) && typeof reference.uid === 'string' ? reference.uid : undefined,
  );
}

/** A kind that this API server does not know has no objects. */
async function listIfServed(
  cluster: ClusterReader,
  query: {apiVersion: string; kind: string; namespace: string},
  signal: AbortSignal,
): Promise<KubeObject[]> {
  try {
    return await cluster.list(query, {signal});
  } catch (error) {
    if (isClusterError(error, 'notFound')) return [];
    throw error;
  }
}
