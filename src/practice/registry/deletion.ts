import {isResource, namespaces, pods, type Resource} from '../kinds.ts';
import type {KubeObject, Namespace} from '../objects.ts';
import {conflict, forbidden} from '../status.ts';
import type {Pod} from '../workloads.ts';

/** `metav1.DeleteOptions`, as far as it is honoured. */
export interface DeleteOptions {
  gracePeriodSeconds?: number | undefined;
  propagationPolicy?: string | undefined;
  preconditions?: {uid?: string; resourceVersion?: string} | undefined;
}

/** Namespaces that every cluster has, and keeps. */
const immortal = new Set(['default', 'kube-system', 'kube-public']);

export const foregroundFinalizer = 'foregroundDeletion';
export const orphanFinalizer = 'orphan';

/**
 * The state of an object after it was asked to go. {@link isFinished} tells whether nothing holds it any more.
 * Throws a 409 when a precondition does not hold.
 */
export function deletionOf<T extends KubeObject>(resource: Resource<T>, live: T, options: DeleteOptions, now: Date): T {
  const {uid, resourceVersion} = options.preconditions ?? {};
  const {metadata} = live;
  if (isResource(resource, namespaces) && immortal.has(metadata.name)) {
    throw forbidden(resource, metadata.name, 'this namespace may not be deleted');
  }
  if (uid && uid !== metadata.uid) {
    const differs = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid})`;
    throw refused(resource, metadata.name, `${differs}. The object might have been deleted and then recreated`);
  }
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    const given = `the ResourceVersion in the precondition (${resourceVersion})`;
    const differs = `${given} does not match the ResourceVersion in record (${metadata.resourceVersion})`;
    throw refused(resource, metadata.name, `${differs}. The object might have been modified`);
  }
  const marked = structuredClone(live);
  const grace = graceOf(resource, live, options.gracePeriodSeconds);
  const finalizer = propagationFinalizer(options.propagationPolicy);
  if (finalizer && !metadata.deletionTimestamp && !metadata.finalizers?.includes(finalizer)) {
    marked.metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
  }
  // A second deletion may shorten the grace period, never lengthen it.
  if (metadata.deletionTimestamp && grace >= (metadata.deletionGracePeriodSeconds ?? 0)) return marked;
  marked.metadata.deletionTimestamp = seconds(new Date(now.getTime() + grace * 1000));
  if (!isResource(resource, namespaces)) marked.metadata.deletionGracePeriodSeconds = grace;
  if (isResource(resource, namespaces)) (marked as unknown as Namespace).status.phase = 'Terminating';
  return marked;
}

/** The conflict of a precondition, which names the kind and not the resource. */
const refused = (resource: Resource, name: string, why: string) =>
  conflict({...resource, plural: resource.kind}, name, why);

/** Whether an object that is marked for deletion has nothing left that holds it. */
export function isFinished(resource: Resource, object: KubeObject): boolean {
  const {deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = []} = object.metadata;
  if (!deletionTimestamp || finalizers.length > 0) return false;
  if (resource === pods) return deletionGracePeriodSeconds === 0;
  return resource !== namespaces || !(object as Namespace).spec.finalizers?.length;
}

function graceOf(resource: Resource, live: KubeObject, asked: number | undefined): number {
  if (resource !== pods) return 0;
  const {spec, status} = live as Pod;
  // Nothing runs that would need the time.
  if (!spec.nodeName || status.phase === 'Succeeded' || status.phase === 'Failed') return 0;
  return Math.max(0, asked ?? spec.terminationGracePeriodSeconds ?? 30);
}

function propagationFinalizer(policy: string | undefined): string | undefined {
  if (policy === 'Foreground') return foregroundFinalizer;
  return policy === 'Orphan' ? orphanFinalizer : undefined;
}

const seconds = (date: Date) => date.toISOString().replace(/\.\d+Z$/, 'Z');
