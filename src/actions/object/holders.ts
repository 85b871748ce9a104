import {describeRef} from '../../cluster/names.ts';
import type {ClusterReader, KubeObject, Permission} from '../../cluster/types.ts';
import {isJsonObject} from '../../io/json.ts';
import {find, freeze} from '../common/objects.ts';
import {permit} from '../common/permissions.ts';
import {valueAt} from '../fields/compare.ts';
import {hasEnded} from './ties.ts';

/** An object that another one needs, so that Kubernetes does not let it go. */
export interface Holder {
  finalizer: string;
  by: KubeObject;
}

interface Looking {
  cluster: ClusterReader;
  signal: AbortSignal;
}

/** What looking for holders asks of the API server. */
export function holderPermissions(
  {apiVersion, kind}: {apiVersion: string; kind: string},
  namespace: string | undefined,
): Permission[] {
  if (apiVersion !== 'v1') return [];
  if (kind === 'PersistentVolume') return permit(['get'], {apiVersion, kind: 'PersistentVolumeClaim'});
  const isClaim = kind === 'PersistentVolumeClaim' && namespace !== undefined;
  return isClaim ? permit(['list'], {apiVersion, kind: 'Pod', namespace}) : [];
}

/** Who keeps an object from going, as far as Kubernetes' own finalizers say: the pods of a claim, the claim of a volume. */
export async function holdersOf({cluster, signal}: Looking, object: KubeObject): Promise<Holder[]> {
  const {apiVersion, kind, metadata} = object;
  const {name, namespace} = metadata;
  if (apiVersion !== 'v1' || namespace === undefined) return await claimOf({cluster, signal}, object);
  if (kind !== 'PersistentVolumeClaim') return [];
  const pods = await cluster.list({apiVersion: 'v1', kind: 'Pod', namespace}, {signal});
  return pods
    .filter((pod) => !hasEnded(pod) && claimsOf(pod).includes(name))
    .map((by) => ({finalizer: 'kubernetes.io/pvc-protection', by}));
}

async function claimOf({cluster, signal}: Looking, {apiVersion, kind, metadata, spec}: KubeObject): Promise<Holder[]> {
  const ref = kind === 'PersistentVolume' && apiVersion === 'v1' ? valueAt(spec, ['claimRef']) : undefined;
  if (!isJsonObject(ref) || typeof ref.name !== 'string' || typeof ref.namespace !== 'string') return [];
  const claim = {apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: ref.namespace, name: ref.name};
  const by = await find(cluster, claim, {signal});
  return by !== undefined && valueAt(by, ['spec', 'volumeName']) === metadata.name
    ? [{finalizer: 'kubernetes.io/pv-protection', by}]
    : [];
}

/** Names of the claims that a pod mounts, those of its generic ephemeral volumes included. */
function claimsOf(pod: KubeObject): string[] {
  const volumes = valueAt(pod, ['spec', 'volumes']);
  return (Array.isArray(volumes) ? volumes : []).flatMap((volume) => {
    if (!isJsonObject(volume)) return [];
    const name = valueAt(volume, ['persistentVolumeClaim', 'claimName']);
    if (typeof name === 'string') return [name];
    return volume.ephemeral === undefined ? [] : [`${pod.metadata.name}-${String(volume.name)}`];
  });
}

/** `its finalizer F keeps it as long as Pod shop/db uses it`: one clause for each holder. */
export const describeHolders = (holders: readonly Holder[]): string =>
  holders
    .map(({finalizer, by}) => `its finalizer ${finalizer} keeps it as long as ${describeRef(freeze(by))} uses it`)
    .join('; ');

/** The finalizers of an object that somebody outside of Kubernetes has to take away. */
export const foreignFinalizers = (object: KubeObject): string[] =>
  finalizersOf(object).filter((name) => !isKubernetes(name));

/** All finalizers of an object. */
export function finalizersOf({metadata: {finalizers}}: KubeObject): string[] {
  return (Array.isArray(finalizers) ? finalizers : []).filter((one) => typeof one === 'string');
}

/** `orphan`, `foregroundDeletion`, and those in a domain of Kubernetes' own. */
export const isKubernetes = (name: string): boolean =>
  !name.includes('/') ||
  /(^|\.)(kubernetes|k8s)\.io$/.test(name.split('/')[0] ?? '') ||
  /^external-attacher\//.test(name);
