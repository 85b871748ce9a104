import {namespaces, type Resource} from '../kinds.ts';
import type {ObjectMeta} from '../objects.ts';
import {badRequest, forbidden, notFound} from '../status.ts';
import type {Store} from '../store.ts';

/** Throws a StatusError unless a new object has a namespace that takes it, or needs none. */
export function requireNamespace(store: Store, resource: Resource, {namespace, name}: ObjectMeta): void {
  if (!resource.namespaced) return;
  if (!namespace) throw badRequest('an empty namespace may not be set during creation');
  const found = store.get(namespaces, undefined, namespace);
  if (!found) throw notFound(namespaces, namespace);
  if (found.metadata.deletionTimestamp) {
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    const message = `namespace ${namespace} is being terminated`;
    throw forbidden(resource, name, why, [{reason: 'NamespaceTerminating', message, field: 'metadata.namespace'}]);
  }
}
