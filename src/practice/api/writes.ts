import {isJsonObject, type JsonObject} from '../../io/json.ts';
import type {ApiCore} from '../core.ts';
import {events, leases, pods, type Resource, resources, services} from '../kinds.ts';
import type {KubeObject} from '../objects.ts';
import type {DeleteOptions} from '../registry/deletion.ts';
import type {ObjectName} from '../registry/input.ts';
import {nameOf, type WriteOptions} from '../registry/registry.ts';
import {badRequest, type Cause, conflict, invalidOptions, unexpected} from '../status.ts';
import {decodeApplied, decodeBody, decodePatched} from './decoding.ts';
import {matcherOf} from './listing.ts';
import {checkWriteOptions, dryRunProblems, isApply, unsupported} from './options.ts';
import {applyPatch} from './patch.ts';
import {type ApiRequest, flagParam, numberParam, type Target} from './request.ts';
import {storedForm} from './views.ts';

const rbac = 'rbac.authorization.k8s.io';

/** Options that every write takes from its query. */
export function writeOptions({query, headers}: ApiRequest, subresource?: string): WriteOptions & {manager: string} {
  const dryRun = query.getAll('dryRun');
  const agent = (headers['user-agent'] ?? 'unknown').split('/')[0] ?? 'unknown';
  return {dryRun: dryRun.length > 0, manager: query.get('fieldManager') || agent, subresource};
}

/** POST to a collection. */
export function create(core: ApiCore, request: ApiRequest, {resource, namespace}: Target): KubeObject {
  checkWriteOptions(request);
  const body = decodeBody(request, resource);
  return core.registry.create(resource, storedForm(resource, body), namespace, writeOptions(request));
}

/** Kinds whose objects an update can make. */
const madeByUpdate: readonly Resource[] = [leases, services, events, ...resources.filter(({group}) => group === rbac)];

/** PUT of an object, or of its status; of some kinds it makes what is not there. */
export function replace(
  core: ApiCore,
  request: ApiRequest,
  {resource, namespace, subresource}: Target,
  name: string,
): {object: KubeObject; created: boolean} {
  checkWriteOptions(request);
  const options = writeOptions(request, subresource);
  const body = storedForm(resource, decodeBody(request, resource));
  const isNew = !subresource && madeByUpdate.includes(resource) && !core.store.get(resource, namespace, name);
  if (isNew) return {object: core.registry.create(resource, body, namespace, options), created: true};
  return {object: core.registry.replace(resource, body, {name, namespace}, options), created: false};
}

/** PATCH of any of the four kinds, of an object or its status. */
export function patch(
  core: ApiCore,
  request: ApiRequest,
  {resource, namespace, subresource}: Target,
  name: string,
): {object: KubeObject; created: boolean} {
  checkWriteOptions(request);
  const options = writeOptions(request, subresource);
  const at: ObjectName = {name, namespace};
  if (isApply(request)) {
    const body = decodeApplied(request, resource, name);
    requireName(body, name);
    return core.registry.apply(resource, storedForm(resource, body), at, {
      ...options,
      force: flagParam(request.query, 'force'),
    });
  }
  const live = core.registry.read(resource, namespace, name);
  const patched = decodePatched(request, resource, applyPatch(live as unknown as JsonObject, request));
  const object = core.registry.replace(resource, patched, at, {...options, patch: true});
  return {object, created: false};
}

/** Throws a 400 unless an applied configuration has the name of the URL. */
function requireName(body: JsonObject, name: string): void {
  const {metadata, kind} = body as {metadata?: {name?: string}; kind?: string};
  const given = metadata?.name;
  if (kind === undefined || given === name) return;
  const why = given
    ? `(${given}) does not match the name on the URL (${name})`
    : `(${name} based on URL) was undeterminable: name must be provided`;
  throw badRequest(`the name of the object ${why}`);
}

interface DeleteBody extends DeleteOptions {
  dryRun?: string[];
  orphanDependents?: boolean;
}

/** The options of a DELETE, from its body and its query. Throws a 400 or 422 for options that are none. */
function deleteOptions(request: ApiRequest): DeleteOptions & WriteOptions {
  const body = deleteBody(request);
  const {query} = request;
  const given = query.get('propagationPolicy') ?? body.propagationPolicy;
  const policy = given ?? (body.orphanDependents ? 'Orphan' : undefined);
  const dryRun = [...query.getAll('dryRun'), ...(body.dryRun ?? [])];
  const problems: Required<Cause>[] = [];
  if (given !== undefined && body.orphanDependents !== undefined) {
    const message = `Invalid value: ${JSON.stringify(given)}: orphanDependents and deletionPropagation cannot be both set`;
    problems.push({reason: 'FieldValueInvalid', message, field: 'propagationPolicy'});
  } else if (policy && !['Foreground', 'Background', 'Orphan'].includes(policy)) {
    problems.push(unsupported('propagationPolicy', policy, 'Foreground', 'Background', 'Orphan', 'nil'));
  }
  problems.push(...dryRunProblems(dryRun));
  if (problems.length > 0) throw invalidOptions('DeleteOptions', problems);
  return {
    gracePeriodSeconds: numberParam(query, 'gracePeriodSeconds') ?? body.gracePeriodSeconds,
    propagationPolicy: policy,
    preconditions: body.preconditions,
    dryRun: dryRun.length > 0,
  };
}

function deleteBody(request: ApiRequest): DeleteBody {
  const parsed = request.parse((why) => unexpected(`couldn't get version/kind; json parse error: ${why}`)) ?? {};
  if (!isJsonObject(parsed)) throw badRequest('the options of a deletion are an object');
  const {kind} = parsed;
  if (kind !== undefined && kind !== 'DeleteOptions') {
    const where = 'in scheme "pkg/runtime/scheme.go:110"';
    throw unexpected(`no kind "${String(kind)}" is registered for version "${String(parsed.apiVersion)}" ${where}`);
  }
  return parsed as DeleteBody;
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
