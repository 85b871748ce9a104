import type {JsonObject} from '../io/json.ts';
import {isKubeObject, isOfKind, requestJson} from './calls.ts';
import type {Call} from './classify.ts';
import type {Discovery} from './discovery.ts';
import {ClusterError, isClusterError} from './errors.ts';
import {describeRef, kubectl} from './names.ts';
import {pathOf, queryString} from './paths.ts';
import type {Outgoing, Transport} from './transport.ts';
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
  const queryOf = (options: WriteOptions, more: {fieldManager: string; force?: boolean | undefined}) =>
    queryString({...more, dryRun: dryRunOf(options), fieldValidation: options.lenient ? undefined : 'Strict'});

  const sendObject = async (call: Call, outgoing: Outgoing, options: WriteOptions) => {
    try {
      return await requestJson(transport, call, {...outgoing, wanted: isKubeObject}, oneCall(options));
    } catch (error) {
      throw withUnknownFields(call, error);
    }
  };

  return {
    create: async (object, options = {}) => {
      const ref = refOf(object);
      const resource = await discovery.find(ref.apiVersion, ref.kind, options);
      const path = pathOf(resource, {namespace: ref.namespace}) + queryOf(options, {fieldManager});
      const outgoing = {method: 'POST', path, body: JSON.stringify(object)};
      return await sendObject(callOf('create', ref), outgoing, options);
    },
    apply: async (object, {fieldManager: manager, force, ...options}) => {
      const ref = refOf(object);
      const query = queryOf(options, {fieldManager: manager, force});
      const outgoing = {
        method: 'PATCH',
        path: (await locate(ref, options)) + query,
        headers: {'content-type': 'application/apply-patch+yaml'},
        body: JSON.stringify(object),
      };
      return await sendObject(callOf('apply', ref), outgoing, options);
    },
    replace: async (object, {subresource, ...options} = {}) => {
      const ref = refOf(object);
      const query = queryOf(options, {fieldManager});
      const path = (await locate(ref, options, subresource)) + query;
      const outgoing = {method: 'PUT', path, body: JSON.stringify(object)};
      return await sendObject(callOf('replace', ref), outgoing, options);
    },
    patch: async (ref, patch, {type, subresource, ...options}) => {
      const query = queryOf(options, {fieldManager});
      const outgoing = {
        method: 'PATCH',
        path: (await locate(ref, options, subresource)) + query,
        headers: {'content-type': patchTypes[type]},
        body: JSON.stringify(patch),
      };
      return await sendObject(callOf('patch', ref), outgoing, options);
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

/** The same writer, with more options in every call. */
export function withOptions(writer: ClusterWriter, more: WriteOptions): ClusterWriter {
  return {
    create: (object, options) => writer.create(object, {...options, ...more}),
    apply: (object, options) => writer.apply(object, {...options, ...more}),
    replace: (object, options) => writer.replace(object, {...options, ...more}),
    patch: (ref, patch, options) => writer.patch(ref, patch, {...options, ...more}),
    delete: (ref, options) => writer.delete(ref, {...options, ...more}),
    evict: (pod, options) => writer.evict(pod, {...options, ...more}),
  };
}

/**
 * A refusal for fields that the kind does not have, in few words: the API server repeats the whole object in front of
 * them. To an apply it says 500, although it has refused it before it did anything.
 */
function withUnknownFields(call: Call, error: unknown): unknown {
  if (!isClusterError(error, 'invalid', 'serverError')) return error;
  const [, strict] = /strict decoding error: (.+)$/.exec(error.apiMessage ?? '') ?? [];
  const undeclared = [...(error.apiMessage ?? '').matchAll(/\.(\S+): field not declared in schema/g)];
  const said = strict ?? undeclared.map(([, field]) => `unknown field "${field}"`).join(', ');
  if (said === '') return error;
  return new ClusterError(`${call.what}: ${said}`, {
    reason: 'invalid',
    status: 400,
    apiMessage: said,
    hint: `Correct its name; the fields that there are: kubectl explain ${call.what.split(' ')[1]?.toLowerCase()} --recursive`,
  });
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
