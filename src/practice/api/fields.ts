import {events, namespaces, nodes, pods, type Resource, secrets, storageOf} from '../kinds.ts';
import type {KubeObject} from '../objects.ts';
import {parseFieldSelector} from '../selectors.ts';
import {badRequest} from '../status.ts';

/** Fields that can be selected by, besides name and namespace. */
const selectable = new Map<Resource, readonly string[]>([
  [
    pods,
    [
      'spec.nodeName',
      'spec.restartPolicy',
      'spec.schedulerName',
      'spec.serviceAccountName',
      'spec.hostNetwork',
      'status.phase',
      'status.podIP',
      'status.nominatedNodeName',
    ],
  ],
  [
    events,
    [
      'involvedObject.kind',
      'involvedObject.namespace',
      'involvedObject.name',
      'involvedObject.uid',
      'involvedObject.apiVersion',
      'involvedObject.resourceVersion',
      'involvedObject.fieldPath',
      'reason',
      'reportingComponent',
      'source',
      'type',
    ],
  ],
  [nodes, ['spec.unschedulable']],
  [namespaces, ['status.phase']],
  [secrets, ['type']],
]);

/** The matcher of a request's fieldSelector. Throws a 400 for a field that the kind does not offer. */
export function fieldMatcher(resource: Resource, text: string | undefined): (object: KubeObject) => boolean {
  const {fields, matches} = parseFieldSelector(text);
  const known = ['metadata.name', 'metadata.namespace', ...(selectable.get(storageOf(resource)) ?? [])];
  for (const field of fields) {
    if (known.includes(field)) continue;
    const only = `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
    throw badRequest(selectable.has(storageOf(resource)) ? `field label not supported: ${field}` : only);
  }
  return (object) => matches((path) => valueAt(object, path));
}

function valueAt(object: unknown, path: string): string {
  if (path === 'source') return (object as {source?: {component?: string}}).source?.component ?? '';
  const value = path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], object);
  if (path === 'spec.unschedulable' || path === 'spec.hostNetwork') return String(value ?? false);
  return value === undefined || value === null ? '' : String(value);
}
