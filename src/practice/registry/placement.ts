import {namespaces, pods, type Resource, serviceAccounts} from '../kinds.ts';
import type {ObjectMeta} from '../objects.ts';
import {badRequest, forbidden, notFound} from '../status.ts';
import type {Store} from '../store.ts';
import type {Pod} from '../workloads.ts';

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

/**
 * Gives a new pod what it has without asking: its ServiceAccount and its priority. Throws a 403 when there is no such
 * account; `default` is taken to be there, as a new namespace has it in a moment.
 */
export function admitPod(store: Store, {metadata, spec}: Pod): void {
  if (!spec) return;
  spec.serviceAccountName ??= 'default';
  const {serviceAccountName: account} = spec;
  Object.assign(spec, {serviceAccount: account, priority: 0, preemptionPolicy: 'PreemptLowerPriority', ...spec});
  const {namespace = '', name} = metadata;
  if (account === 'default' || store.get(serviceAccounts, namespace, account)) return;
  const why = `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`;
  throw forbidden(pods, name, why);
}
