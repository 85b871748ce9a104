import type {KubeObject} from '../../cluster/types.ts';
import {ownNamespace} from '../lock/live-lease.ts';

/** Kinds that are a record of what happens, not of what is wanted. */
const records = new Set(['Event', 'PodMetrics', 'NodeMetrics']);

/** Kinds that a controller makes of others, whatever their owner is called. */
const derived = new Set(['EndpointSlice', 'Job']);

/** Whether an object is compared at all. */
export function isWatched({kind, metadata}: KubeObject): boolean {
  if (records.has(kind)) return false;
  const {namespace = '', name} = metadata;
  // Heartbeats of nodes and of who leads; the drill's own lock goes after the comparison.
  if (kind === 'Lease') return !namespace.startsWith('kube-') && !(namespace === ownNamespace && name === 'drill');
  const owned = Array.isArray(metadata.ownerReferences) && metadata.ownerReferences.length > 0;
  if (derived.has(kind) && owned) return false;
  if (kind === 'EndpointSlice') return !isOfController(metadata.labels?.['endpointslice.kubernetes.io/managed-by']);
  return true;
}

const isOfController = (manager: string | undefined): boolean => manager?.endsWith('-controller.k8s.io') === true;
