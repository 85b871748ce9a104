import type {ServerResponse} from 'node:http';
import type {ApiCore} from '../core.ts';
import {apiVersionOf, isResource, namespaces} from '../kinds.ts';
import type {Kubelet} from '../kubelet/kubelet.ts';
import type {Network} from '../network/network.ts';
import type {KubeObject, Namespace} from '../objects.ts';
import {badRequest, methodNotAllowed} from '../status.ts';
import {authorize, type Deny} from './access.ts';
import {serveBinding} from './binding.ts';
import {serveEviction} from './eviction.ts';
import {type Lister, requireReached} from './listing.ts';
import {formOf} from './negotiate.ts';
import {checkListOptions} from './options.ts';
import {serveLog} from './podLog.ts';
import {servePodProxy} from './podProxy.ts';
import {type ApiRequest, flagParam, type Target, targetOf} from './request.ts';
import {serveScale} from './scale.ts';
import {type Inclusion, tableOf} from './table.ts';
import {viewOf} from './views.ts';
import {serveWatch} from './watch.ts';
import {create, patch, remove, removeAll, replace} from './writes.ts';

export interface ApiParts {
  core: ApiCore;
  network: Network;
  kubelet: Kubelet;
  lister: Lister;
  deny: Deny;
}

type Send = (status: number, body: object) => void;

/** Answers a request to the resource API. Throws a StatusError for everything that is no success. */
export async function handleResource(
  parts: ApiParts,
  request: ApiRequest,
  {response, send}: {response: ServerResponse; send: Send},
): Promise<void> {
  const {core} = parts;
  const target = targetOf(request.url.pathname);
  const {resource, name, subresource, namespace} = target;
  const verb = verbOf(request, target);
  const {group, plural} = resource;
  const attributes = {
    verb,
    group,
    resource: plural,
    subresource: subresource ?? '',
    namespace: namespace ?? '',
    name: name ?? '',
  };
  authorize(parts.deny, attributes, request.user, resource);
  const shape = shapeFor(core, request, target);
  if (name && subresource && subresource !== 'status') {
    await serveSubresource(parts, request, {target, name, response, send});
    return;
  }
  switch (verb) {
    case 'list':
      checkListOptions(request.query, false);
      return send(200, listOf(parts, request, target));
    case 'watch':
      checkListOptions(request.query, true);
      return await serveWatch(core, request, target, {response, shape});
    case 'get':
      requireReached(core, request.query);
      return send(200, shape(core.registry.read(resource, namespace, name ?? '')));
    case 'create':
      return send(201, shape(create(core, request, target)));
    case 'update': {
      const {object, created} = replace(core, request, target, name ?? '');
      return send(created ? 201 : 200, shape(object));
    }
    case 'patch': {
      const {object, created} = patch(core, request, target, name ?? '');
      return send(created ? 201 : 200, shape(object));
    }
    case 'delete':
      return send(200, remove(core, request, target, name ?? ''));
    default:
      return send(200, collection(parts, request, target, removeAll(core, request, target)));
  }
}

function verbOf({method, query}: ApiRequest, {resource, namespace, name, subresource}: Target): string {
  if (subresource && !methodsOf(subresource).includes(method)) throw methodNotAllowed();
  switch (method) {
    case 'GET':
      return name ? 'get' : flagParam(query, 'watch') ? 'watch' : 'list';
    case 'POST':
      if (!subresource && (name || (resource.namespaced && !namespace))) throw methodNotAllowed();
      return 'create';
    case 'PUT':
      return requireName(name, 'update');
    case 'PATCH':
      return requireName(name, 'patch');
    case 'DELETE':
      if (!name && (isResource(resource, namespaces) || (resource.namespaced && !namespace))) throw methodNotAllowed();
      return name ? 'delete' : 'deletecollection';
    default:
      throw methodNotAllowed();
  }
}

/** What can be done with a subresource. */
function methodsOf(subresource: string): readonly string[] {
  switch (subresource) {
    case 'log':
      return ['GET'];
    case 'eviction':
    case 'binding':
      return ['POST'];
    case 'finalize':
      return ['PUT'];
    case 'proxy':
      return ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
    default:
      return ['GET', 'PUT', 'PATCH'];
  }
}

function requireName(name: string | undefined, verb: string): string {
  if (!name) throw methodNotAllowed();
  return verb;
}

interface SubresourceCall {
  target: Target;
  name: string;
  response: ServerResponse;
  send: Send;
}

async function serveSubresource(
  parts: ApiParts,
  request: ApiRequest,
  {target, name, response, send}: SubresourceCall,
): Promise<void> {
  const {core, kubelet, network} = parts;
  switch (target.subresource) {
    case 'scale':
      return send(200, serveScale(core, request, target, name));
    case 'log':
      return await serveLog(core, kubelet, {request, target, response});
    case 'proxy':
      return await servePodProxy(core, network, {request, target, response});
  }
  switch (target.subresource) {
    case 'eviction':
      return send(201, serveEviction(core, request, target, name));
    case 'binding':
      return send(201, serveBinding(core, request, target, name));
    default: {
      const {spec} = (request.parse() ?? {}) as Partial<Namespace>;
      const changed = core.registry.change(namespaces, {name}, (draft) => {
        draft.spec = spec?.finalizers?.length ? {finalizers: [...spec.finalizers]} : {};
      });
      return send(200, changed ?? core.registry.read(namespaces, undefined, name));
    }
  }
}

function listOf(parts: ApiParts, request: ApiRequest, target: Target): object {
  const {items, revision, continueToken, remaining} = parts.lister.list(target, request.query);
  const metadata = {
    resourceVersion: String(revision),
    ...(continueToken ? {continue: continueToken} : {}),
    ...(continueToken && remaining !== undefined ? {remainingItemCount: remaining} : {}),
  };
  return collection(parts, request, target, items, metadata);
}

/** A list of objects, or what the client accepts in its place. */
function collection(
  {core}: ApiParts,
  request: ApiRequest,
  {resource}: Target,
  items: readonly KubeObject[],
  metadata: object = {resourceVersion: String(core.store.revision)},
): object {
  const {as} = formOf(request);
  if (as === 'Table') return tableOf(resource, items, metadata, tableOptions(core, request));
  if (as === 'PartialObjectMetadata') {
    return {kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: items.map(metadataOf)};
  }
  // The items of a list do not say what they are.
  const views = items.map((item) => {
    const {kind: _, apiVersion: __, ...rest} = viewOf(resource, item);
    return rest;
  });
  return {kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata, items: views};
}

const metadataOf = ({metadata}: KubeObject) => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata,
});

function shapeFor(core: ApiCore, request: ApiRequest, {resource}: Target): (object: KubeObject) => object {
  const {as} = formOf(request);
  if (as === 'PartialObjectMetadata') return metadataOf;
  if (as !== 'Table') return (object) => viewOf(resource, object);
  return (object) => {
    const {resourceVersion} = object.metadata;
    return tableOf(resource, [object], {resourceVersion}, tableOptions(core, request));
  };
}

function tableOptions(core: ApiCore, {query}: ApiRequest): {now: Date; include: Inclusion} {
  const include = query.get('includeObject') || 'Metadata';
  if (include === 'None' || include === 'Metadata' || include === 'Object') {
    return {now: core.scope.clock.wall(), include};
  }
  const why = `includeObject: Invalid value: "${include}": must be 'Metadata', 'Object', 'None', or empty`;
  throw badRequest(`Unable to convert to Table as requested: ${why}`);
}
