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

/** The kinds that objects of a kind may own, as far as one can know. */
export function ownedKinds({apiVersion, kind}: Kind): readonly Kind[] {
  const group = groupOf(apiVersion);
  const isBuiltIn = !group.includes('.') || group.endsWith('.k8s.io');
  return isBuiltIn ? (ownedBy[kind] ?? []) : ownedByOperators;
}

/** The objects that go when their owners go, by ownerReferences, through all generations. */
export async function dependentsOf(
  cluster: ClusterReader,
  owners: readonly KubeObject[],
  signal: AbortSignal,
): Promise<KubeObject[]> {
  const namespaces = new Set(owners.flatMap(({metadata: {namespace}}) => (namespace === undefined ? [] : [namespace])));
  const kinds = new Set(owners.flatMap(ownedKinds));
  const candidates: KubeObject[] = [];
  for (const namespace of namespaces) {
    for (const kind of kinds) candidates.push(...(await listIfServed(cluster, {...kind, namespace}, signal)));
  }
  const gone = new Set(owners.map(({metadata}) => metadata.uid));
  const found = new Set<KubeObject>();
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const candidate of candidates) {
      if (!ownersOf(candidate).some((uid) => gone.has(uid))) continue;
      found.add(candidate);
      gone.add(candidate.metadata.uid);
    }
  }
  return [...found];
}

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
