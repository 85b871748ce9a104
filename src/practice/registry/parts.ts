import type {JsonObject} from '../../io/json.ts';
import {deployments, isResource, type Resource} from '../kinds.ts';
import type {KubeObject} from '../objects.ts';
import {decode} from '../schema/decode.ts';

/** Keeps what the written part does not cover: status on the main resource, everything else on `status`. */
export function withParts<T extends KubeObject>(
  resource: Resource<T>,
  live: T,
  draft: T,
  subresource: string | undefined,
): T {
  if (!resource.subresources.includes('status')) return structuredClone(draft);
  const status = (object: T) => (object as {status?: unknown}).status;
  const keep = subresource === 'status' ? live : draft;
  const from = subresource === 'status' ? draft : live;
  const next = structuredClone(keep) as T & {status?: unknown};
  next.status = structuredClone(status(from));
  if (next.status === undefined) delete next.status;
  if (subresource === 'status') {
    // Through the status, labels and annotations can be written too; only a Deployment's labels cannot.
    const {labels, ...metadata} = structuredClone(draft.metadata);
    next.metadata = {...metadata, ...(labels ? {labels} : {})};
    if (isResource(resource, deployments)) next.metadata.labels = structuredClone(live.metadata.labels ?? {});
    if (!live.metadata.labels && isResource(resource, deployments)) delete next.metadata.labels;
  }
  return next;
}

/** An object without what moves by itself: times in its managed fields. Two equal ones need no write. */
export function plain(object: KubeObject): unknown {
  const managedFields = object.metadata.managedFields?.map(({time: _, ...entry}) => entry);
  return {...object, metadata: {...object.metadata, managedFields}};
}

const collections = ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const;

/** Takes away what is empty in metadata, in place: it is as good as absent. */
export function dropEmpty(metadata: KubeObject['metadata']): void {
  for (const key of collections) if (Object.keys(metadata[key] ?? {}).length === 0) delete metadata[key];
}

/** An applied object as it is stored: its empty maps and lists are owned, but not there. */
export function withoutEmpty(object: KubeObject): KubeObject {
  const {managedFields} = object.metadata;
  const {object: decoded} = decode(object.kind, object as unknown as JsonObject);
  const stored = decoded as unknown as KubeObject;
  if (managedFields) stored.metadata.managedFields = managedFields;
  return stored;
}
