import {apiVersionOf, type Resource} from '../kinds.ts';
import type {KubeObject, ObjectMeta} from '../objects.ts';
import {badRequest, conflict, invalid, unexpected} from '../status.ts';

/** Where an object lies: its name, and its namespace unless it is cluster-scoped. */
export interface ObjectName {
  name: string;
  namespace?: string | undefined;
}

/** A draft of what a client sent, with its kind and namespace. Throws a 400 for another kind, version or namespace. */
export function draftOf<T extends KubeObject>(
  resource: Resource<T>,
  input: unknown,
  namespace: string | undefined,
  suffix: () => string,
): T {
  const draft = structuredClone(input) as T;
  if (typeof draft !== 'object' || draft === null) throw badRequest('the body of the request is no object');
  const wanted = apiVersionOf(resource);
  if (draft.kind && draft.kind !== resource.kind) {
    throw badRequest(`${draft.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}`);
  }
  if (draft.apiVersion && draft.apiVersion !== wanted) {
    throw badRequest(
      `the API version in the data (${draft.apiVersion}) does not match the expected API version (${wanted})`,
    );
  }
  const metadata = {...(draft.metadata ?? {})} as ObjectMeta;
  if (namespace && metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (resource.namespaced && namespace) metadata.namespace = namespace;
  if (!resource.namespaced) delete metadata.namespace;
  if (!metadata.name && metadata.generateName) metadata.name = `${metadata.generateName}${suffix()}`;
  return {...draft, apiVersion: wanted, kind: resource.kind, metadata};
}

/**
 * Throws unless what a client would write is the live object: its name, and its revision and UID where they are given.
 * Through a patch another UID is a change of the object, through an update it is another object.
 */
export function requireSame(
  resource: Resource,
  {live, draft, at}: {live: KubeObject; draft: KubeObject; at: ObjectName},
  isPatch: boolean,
): void {
  const {name, resourceVersion, uid} = draft.metadata;
  if (name !== at.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${at.name})`);
  }
  if (resourceVersion && !/^\d+$/.test(resourceVersion)) {
    throw unexpected(`strconv.ParseUint: parsing "${resourceVersion}": invalid syntax`);
  }
  if (resourceVersion && resourceVersion !== live.metadata.resourceVersion) throw conflict(resource, at.name);
  if (!uid || uid === live.metadata.uid) return;
  if (isPatch) {
    const message = `Invalid value: "${uid}": field is immutable`;
    const problem = {reason: 'FieldValueInvalid', message, field: 'metadata.uid'};
    // Twice, as Kubernetes looks at the metadata of an update twice.
    throw invalid(resource, at.name, [problem, problem]);
  }
  const key = ['/registry', resource.plural, at.namespace, at.name].filter(Boolean).join('/');
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`;
  const storage = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`;
  throw conflict(resource, at.name, storage);
}

/** Throws unless an applied configuration says what it is, and nothing that only the server says. */
export function requireApplicable(
  resource: Resource,
  input: unknown,
  live: KubeObject | undefined,
  name: string,
): void {
  const {apiVersion, kind, metadata} = (input ?? {}) as Partial<KubeObject>;
  if (!apiVersion || !kind) throw badRequest('invalid object type: /, Kind=');
  if (metadata?.managedFields?.length) throw badRequest('metadata.managedFields must be nil');
  const {uid} = metadata ?? {};
  if (live || !uid) return;
  const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
  throw conflict(resource, name, why);
}
