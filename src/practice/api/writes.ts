import {isJsonObject, type JsonObject} from '../../io/json.ts';
import type {ApiCore} from '../core.ts';
import {pods, type Resource, storageOf} from '../kinds.ts';
import type {KubeObject} from '../objects.ts';
import type {DeleteOptions} from '../registry/deletion.ts';
import {nameOf, type ObjectName, type WriteOptions} from '../registry/registry.ts';
import {badRequest, conflict, StatusError} from '../status.ts';
import {knownFields} from './fieldValidation.ts';
import {matcherOf} from './listing.ts';
import {applyPatch} from './patch.ts';
import {type ApiRequest, flagParam, numberParam, type Target} from './request.ts';
import {storedForm} from './views.ts';

const applyType = /^application\/apply-patch\+(yaml|cbor)$/;

/** Options that every write takes from its query. Throws a 400 for a dry run of an unknown kind. */
export function writeOptions({query, headers}: ApiRequest, subresource?: string): WriteOptions & {manager: string} {
  const dryRun = query.getAll('dryRun');
  if (dryRun.some((each) => each !== 'All'))
    throw badRequest(`invalid dryRun value: ${dryRun.join(',')}; it must be All`);
  const agent = (headers['user-agent'] ?? 'unknown').split('/')[0] ?? 'unknown';
  return {dryRun: dryRun.length > 0, manager: query.get('fieldManager') || agent, subresource};
}

/** POST to a collection. */
export function create(core: ApiCore, request: ApiRequest, {resource, namespace}: Target): KubeObject {
  const body = knownFields(request, resource, request.body, {as: 'object'});
  return core.registry.create(resource, storedForm(resource, body), namespace, writeOptions(request));
}

/** PUT of an object, or of its status. */
export function replace(
  core: ApiCore,
  request: ApiRequest,
  {resource, namespace, subresource}: Target,
  name: string,
): KubeObject {
  const body = knownFields(request, resource, request.body, {as: 'object'});
  const options = writeOptions(request, subresource);
  return core.registry.replace(resource, storedForm(resource, body), {name, namespace}, options);
}

/** PATCH of any of the four kinds, of an object or its status. */
export function patch(
  core: ApiCore,
  request: ApiRequest,
  {resource, namespace, subresource}: Target,
  name: string,
): {object: KubeObject; created: boolean} {
  const options = writeOptions(request, subresource);
  const at: ObjectName = {name, namespace};
  if (applyType.test(request.contentType)) {
    if (!request.query.get('fieldManager')) throw badRequest('fieldManager is required for apply patch');
    const body = isJsonObject(request.body) ? request.body : {};
    const {metadata} = body as {metadata?: {name?: string}};
    if (metadata?.name && metadata.name !== name)
      throw badRequest(`the name in the data is ${metadata.name}, on the URL ${name}`);
    knownFields(request, resource, body, {as: 'apply', name: namespace ? `${namespace}/${name}` : name});
    const input = {...body, metadata: {...metadata, name}};
    return core.registry.apply(resource, storedForm(resource, input), at, {
      ...options,
      force: flagParam(request.query, 'force'),
    });
  }
  const live = core.registry.read(resource, namespace, name);
  const strategic = request.contentType.startsWith('application/strategic');
  const known = (value: unknown) => knownFields(request, storageOf(resource), value, {as: 'patch'});
  const given = strategic ? known(request.body) : request.body;
  const merged = applyPatch(live as unknown as JsonObject, given, request.contentType);
  const patched = strategic ? merged : known(merged);
  const object = core.registry.replace(resource, patched, at, options);
  return {object, created: false};
}

/** The options of a DELETE, from its body and its query. */
function deleteOptions(request: ApiRequest): DeleteOptions & WriteOptions {
  const body = (request.body ?? {}) as DeleteOptions & {dryRun?: string[]; orphanDependents?: boolean};
  const {query} = request;
  const policy =
    query.get('propagationPolicy') ?? body.propagationPolicy ?? (body.orphanDependents ? 'Orphan' : undefined);
  if (policy && !['Foreground', 'Background', 'Orphan'].includes(policy)) {
    throw new StatusError(
      422,
      'Invalid',
      `DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "${policy}"`,
    );
  }
  return {
    gracePeriodSeconds: numberParam(query, 'gracePeriodSeconds') ?? body.gracePeriodSeconds,
    propagationPolicy: policy,
    preconditions: body.preconditions,
    dryRun: writeOptions(request).dryRun === true || (body.dryRun?.length ?? 0) > 0,
  };
}

/** DELETE of an object: the object while something holds it, else a Status. */
export function remove(core: ApiCore, request: ApiRequest, {resource, namespace}: Target, name: string): object {
  const {object, gone} = core.registry.delete(resource, {name, namespace}, deleteOptions(request));
  // A pod is always answered with the pod.
  return gone && resource !== (pods as Resource) ? deleted(resource, object) : object;
}

/** DELETE of a collection. */
export function removeAll(core: ApiCore, request: ApiRequest, target: Target): KubeObject[] {
  const found = core.store.list(target.resource, target.namespace).filter(matcherOf(target, request.query));
  return found.map((object) => core.registry.delete(target.resource, nameOf(object), deleteOptions(request)).object);
}

function deleted(resource: Resource, {metadata}: KubeObject): object {
  const details = {
    name: metadata.name,
    ...(resource.group ? {group: resource.group} : {}),
    kind: resource.plural,
    uid: metadata.uid,
  };
  return {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details};
}

/** Throws the conflict of a write whose body names another revision than the live one. */
export function requireRevision(resource: Resource, live: KubeObject, asked: string | undefined): void {
  if (asked && asked !== live.metadata.resourceVersion) throw conflict(resource, live.metadata.name);
}
