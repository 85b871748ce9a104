import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject, type Json} from '../../io/json.ts';
import {valueAt} from '../fields/compare.ts';

/** Whether anything may go with an object that names no owner. */
export const hasTies = ({apiVersion, kind}: KubeObject): boolean =>
  apiVersion === 'v1' && (kind === 'Node' || kind === 'ServiceAccount');

/** What goes with an object although it names no owner: Kubernetes' controllers go by other ties. */
export function tiedTo(owner: KubeObject, candidates: readonly KubeObject[]): KubeObject[] {
  const {kind, apiVersion} = owner;
  if (apiVersion !== 'v1') return [];
  // The pod garbage collector takes the pods of a Node that is gone.
  if (kind === 'Node') return candidates.filter((one) => isPod(one) && nodeOf(one) === owner.metadata.name);
  if (kind === 'ServiceAccount') return candidates.filter((one) => isTokenOf(one, owner));
  return [];
}

/** Pods whose token was made for a ServiceAccount's UID: it dies with that, and only a new pod gets another one. */
export function podsWithTokenOf(owner: KubeObject, candidates: readonly KubeObject[]): KubeObject[] {
  if (owner.kind !== 'ServiceAccount' || owner.apiVersion !== 'v1') return [];
  const {name, namespace} = owner.metadata;
  return candidates.filter(
    (one) =>
      isPod(one) && one.metadata.namespace === namespace && !hasEnded(one) && accountOf(one) === name && hasToken(one),
  );
}

/** Whether a pod has run to its end: made again, it would run again. */
export function hasEnded(pod: KubeObject): boolean {
  const phase = valueAt(pod, ['status', 'phase']);
  return phase === 'Succeeded' || phase === 'Failed';
}

const isPod = ({apiVersion, kind}: KubeObject): boolean => apiVersion === 'v1' && kind === 'Pod';
const nodeOf = (pod: KubeObject): Json | undefined => valueAt(pod, ['spec', 'nodeName']);
const accountOf = (pod: KubeObject): Json => valueAt(pod, ['spec', 'serviceAccountName']) ?? 'default';

/** A Secret that the token controller removes with its account. */
function isTokenOf({apiVersion, kind, type, metadata}: KubeObject, {metadata: account}: KubeObject): boolean {
  return (
    apiVersion === 'v1' &&
    kind === 'Secret' &&
    type === 'kubernetes.io/service-account-token' &&
    metadata.namespace === account.namespace &&
    metadata.annotations?.['kubernetes.io/service-account.name'] === account.name
  );
}

function hasToken(pod: KubeObject): boolean {
  const volumes = valueAt(pod, ['spec', 'volumes']);
  const sources = (Array.isArray(volumes) ? volumes : []).flatMap((volume) => {
    const list = isJsonObject(volume) ? valueAt(volume, ['projected', 'sources']) : undefined;
    return Array.isArray(list) ? list : [];
  });
  return sources.some((source) => isJsonObject(source) && source.serviceAccountToken !== undefined);
}
