import {isClusterError} from '../../cluster/errors.ts';
import type {ClusterReader, KubeObject} from '../../cluster/types.ts';
import {isJsonObject} from '../../io/json.ts';

/** Kinds that Kubernetes itself makes for others; owned objects of other kinds are not looked for. */
const ownedKinds = [
  {apiVersion: 'apps/v1', kind: 'ReplicaSet'},
  {apiVersion: 'apps/v1', kind: 'ControllerRevision'},
  {apiVersion: 'batch/v1', kind: 'Job'},
  {apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice'},
  {apiVersion: 'v1', kind: 'Pod'},
];

/** The objects that go when their owners go, by ownerReferences, through all generations. */
export async function dependentsOf(
  cluster: ClusterReader,
  owners: readonly KubeObject[],
  signal: AbortSignal,
): Promise<KubeObject[]> {
  const namespaces = new Set(owners.flatMap(({metadata: {namespace}}) => (namespace === undefined ? [] : [namespace])));
  const candidates: KubeObject[] = [];
  for (const namespace of namespaces) {
    for (const kind of ownedKinds) candidates.push(...(await listIfPossible(cluster, {...kind, namespace}, signal)));
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

/** A kind that is not served, or that this user may not see, cannot be counted. */
async function listIfPossible(
  cluster: ClusterReader,
  query: {apiVersion: string; kind: string; namespace: string},
  signal: AbortSignal,
): Promise<KubeObject[]> {
  try {
    return await cluster.list(query, {signal});
  } catch (error) {
    if (isClusterError(error, 'notFound', 'forbidden')) return [];
    throw error;
  }
}
