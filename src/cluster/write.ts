import type {JsonObject} from '../io/json.ts';
import {isKubeObject, isOfKind, requestJson} from './calls.ts';
import type {Discovery} from './discovery.ts';
import {describeRef, kubectl} from './names.ts';
import {pathOf, queryString} from './paths.ts';
import type {Transport} from './transport.ts';
import type {ClusterWriter, DeleteOptions, KubeObject, ObjectRef, PatchType, WriteOptions} from './types.ts';

const patchTypes: Readonly<Record<PatchType, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

/** Name under which the API server books the fields that kubedrill writes. */
const fieldManager = 'kubedrill';

/**
 * Changes the cluster through a transport. Every write is one request on a connection of its own and is never sent
 * twice: after a failure it may or may not have been taken, and only the journal's owner can find out.
 */
export function createWriter(transport: Transport, discovery: Discovery): ClusterWriter {
  const {server, context} = transport;
  const callOf = (verb: string, ref: ObjectRef) => ({
    what: `${verb} ${describeRef(ref)}`,
    server,
    context,
    command: kubectl('get', ref),
  });
  const locate = async (ref: ObjectRef, options: WriteOptions, subresource?: string) =>
    pathOf(await discovery.find(ref.apiVersion, ref.kind, options), {...ref, subresource});
  const oneCall = <T extends WriteOptions>(options: T): T => ({...options, fresh: true});
  const dryRunOf = ({dryRun}: WriteOptions) => (dryRun ? 'All' : undefined);

  return {
    create: async (object, options = {}) => {
      const ref = refOf(object);
      const resource = await discovery.find(ref.apiVersion, ref.kind, options);
      const path =
        pathOf(resource, {namespace: ref.namespace}) + queryString({fieldManager, dryRun: dryRunOf(options)});
      const outgoing = {method: 'POST', path, body: JSON.stringify(object), wanted: isKubeObject};
      return await requestJson(transport, callOf('create', ref), outgoing, oneCall(options));
    },
    apply: async (object, {fieldManager: manager, force, ...options}) => {
      const ref = refOf(object);
      const query = queryString({fieldManager: manager, force, dryRun: dryRunOf(options)});
      const outgoing = {
        method: 'PATCH',
        path: (await locate(ref, options)) + query,
        headers: {'content-type': 'application/apply-patch+yaml'},
        body: JSON.stringify(object),
        wanted: isKubeObject,
      };
      return await requestJson(transport, callOf('apply', ref), outgoing, oneCall(options));
    },
    replace: async (object, {subresource, ...options} = {}) => {
      const ref = refOf(object);
      const query = queryString({fieldManager, dryRun: dryRunOf(options)});
      const path = (await locate(ref, options, subresource)) + query;
      const outgoing = {method: 'PUT', path, body: JSON.stringify(object), wanted: isKubeObject};
      return await requestJson(transport, callOf('replace', ref), outgoing, oneCall(options));
    },
    patch: async (ref, patch, {type, subresource, ...options}) => {
      const query = queryString({fieldManager, dryRun: dryRunOf(options)});
      const outgoing = {
        method: 'PATCH',
        path: (await locate(ref, options, subresource)) + query,
        headers: {'content-type': patchTypes[type]},
        body: JSON.stringify(patch),
        wanted: isKubeObject,
      };
      return await requestJson(transport, callOf('patch', ref), outgoing, oneCall(options));
    },
    delete: async (ref, options = {}) => {
      const body = JSON.stringify({apiVersion: 'v1', kind: 'DeleteOptions', ...deleteBody(options)});
      const outgoing = {method: 'DELETE', path: await locate(ref, options), body, wanted: isOfKind()};
      return await requestJson(transport, callOf('delete', ref), outgoing, oneCall(options));
    },
    evict: async ({namespace, name, uid}, options = {}) => {
      const ref = {apiVersion: 'v1', kind: 'Pod', namespace, name};
      const deleteOptions = deleteBody({...options, ...(uid === undefined ? {} : {uid})});
      const eviction = {apiVersion: 'policy/v1', kind: 'Eviction', metadata: {namespace, name}, deleteOptions};
      const path = (await locate(ref, options, 'eviction')) + queryString({dryRun: dryRunOf(options)});
      const outgoing = {method: 'POST', path, body: JSON.stringify(eviction), wanted: isOfKind()};
      return await requestJson(transport, callOf('evict', ref), outgoing, oneCall(options));
    },
  };
}

/** The name of an object that is sent. */
function refOf({apiVersion, kind, metadata: {name, namespace}}: KubeObject): ObjectRef {
  return {apiVersion, kind, name, ...(namespace === undefined ? {} : {namespace})};
}

/** DeleteOptions. A DELETE with a body ignores the query, so that a dry run must be asked for in here. */
function deleteBody({uid, resourceVersion, gracePeriodSeconds, propagationPolicy, dryRun}: DeleteOptions): JsonObject {
  return {
    ...(uid === undefined && resourceVersion === undefined ? {} : {preconditions: {uid, resourceVersion}}),
    gracePeriodSeconds,
    propagationPolicy,
    ...(dryRun ? {dryRun: ['All']} : {}),
  };
}
