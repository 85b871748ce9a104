import type {ServerResponse} from 'node:http';
import {bind} from '../controllers/scheduler.ts';
import type {ApiCore} from '../core.ts';
import {apiVersionOf, namespaces, nodes, pods} from '../kinds.ts';
import type {Kubelet} from '../kubelet/kubelet.ts';
import type {Network} from '../network/network.ts';
import type {KubeObject, Namespace} from '../objects.ts';
import {badRequest, methodNotAllowed} from '../status.ts';
import {authorize, type Deny} from './access.ts';
import {serveEviction} from './eviction.ts';
import type {Lister} from './listing.ts';
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
      return send(200, listOf(parts, request, target));
    case 'watch':
      return await serveWatch(core, request, target, {response, shape});
    case 'get':
      return send(200, shape(core.registry.read(resource, namespace, name ?? '')));
    case 'create':
      return send(201, shape(create(core, request, target)));
    case 'update':
      return send(200, shape(replace(core, request, target, name ?? '')));
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

function verbOf({method, query}: ApiRequest, {name}: Target): string {
  const watching = flagParam(query, 'watch');
  switch (method) {
    case 'GET':
    case 'HEAD':
      return watching ? 'watch' : name ? 'get' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return requireName(name, 'update');
    case 'PATCH':
      return requireName(name, 'patch');
    case 'DELETE':
      return name ? 'delete' : 'deletecollection';
    default:
      throw methodNotAllowed();
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
  const {namespace} = target;
  switch (target.subresource) {
    case 'scale':
      return send(200, serveScale(core, request, target, name));
    case 'log':
      return await serveLog(core, kubelet, {request, target, response});
    case 'proxy':
      return await servePodProxy(core, network, {request, target, response});
  }
  if (target.subresource === 'finalize' ? request.method !== 'PUT' : request.method !== 'POST')
    throw methodNotAllowed();
  switch (target.subresource) {
    case 'eviction':
      return send(201, serveEviction(core, request, target, name));
    case 'binding': {
      const {target: to} = (request.body ?? {}) as {target?: {name?: string}};
      bind(core, core.registry.read(pods, namespace, name), core.registry.read(nodes, undefined, to?.name ?? ''));
      return send(201, {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201});
    }
    default: {
      const {spec} = (request.body ?? {}) as Partial<Namespace>;
      const changed = core.registry.change(namespaces, {name}, (draft) => {
        draft.spec.finalizers = [...(spec?.finalizers ?? [])];
      });
      return send(200, changed ?? core.registry.read(namespaces, undefined, name));
    }
  }
}

function listOf(parts: ApiParts, request: ApiRequest, target: Target): object {
  const {items, revision, continueToken, remaining} = parts.lister.list(target, request.query);
  const metadata = {
    resourceVersion: String(revision),
    ...(continueToken ? {continue: continueToken, remainingItemCount: remaining} : {}),
  };
  return collection(parts, request, target, items, metadata);
}

/** A list of objects, or the table of them, as the client accepts. */
function collection(
  {core}: ApiParts,
  request: ApiRequest,
  {resource}: Target,
  items: readonly KubeObject[],
  metadata: object = {resourceVersion: String(core.store.revision)},
): object {
  if (wantsTable(request)) return tableOf(resource, items, metadata, tableOptions(core, request));
  const views = items.map((item) => viewOf(resource, item));
  return {kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata, items: views};
}

function shapeFor(core: ApiCore, request: ApiRequest, {resource}: Target): (object: KubeObject) => object {
  if (!wantsTable(request)) return (object) => viewOf(resource, object);
  return (object) => {
    const {resourceVersion} = object.metadata;
    return tableOf(resource, [object], {resourceVersion}, tableOptions(core, request));
  };
}

const wantsTable = ({headers, method}: ApiRequest) => method === 'GET' && /as=Table/.test(headers.accept ?? '');

function tableOptions(core: ApiCore, {query}: ApiRequest): {now: Date; include: Inclusion} {
  const include = query.get('includeObject') ?? 'Metadata';
  if (include !== 'None' && include !== 'Metadata' && include !== 'Object')
    throw badRequest(`unknown includeObject: ${include}`);
  return {now: core.scope.clock.wall(), include};
}
