import type {Clock} from '../io/clock.ts';
import {isJsonObject, type JsonObject} from '../io/json.ts';
import {isKubeObject, isList, isOfKind, read, requestJson, type Wanted} from './calls.ts';
import type {Call} from './classify.ts';
import {type Discovery, isPlain404} from './discovery.ts';
import {ClusterError, isClusterError} from './errors.ts';
import {createFollowLog} from './follow-log.ts';
import {listAll} from './list.ts';
import {describeQuery, describeRef, kubectlList} from './names.ts';
import {pathOf, queryString} from './paths.ts';
import {defaultTimeout, type Transport} from './transport.ts';
import type {ApiResource, CallOptions, ClusterReader, Permission} from './types.ts';

/** Reads the cluster through a transport. */
export function createReader(transport: Transport, discovery: Discovery, clock: Clock): ClusterReader {
  const {server, context} = transport;
  /** A GET whose path needs discovery; all share one deadline. */
  const get = async <T extends JsonObject>(
    options: CallOptions,
    call: Call,
    wanted: Wanted<T>,
    {apiVersion, kind}: {apiVersion: string; kind: string},
    path: (resource: ApiResource) => string,
  ): Promise<T> => {
    const started = clock.mono();
    const left = () => Math.max(1, (options.timeout ?? defaultTimeout) - (clock.mono() - started));
    const outgoing = {method: 'GET', path: path(await discovery.find(apiVersion, kind, options)), wanted};
    const limits = {...options, timeout: left()};
    try {
      return await read(clock, limits, (limited) => requestJson(transport, call, outgoing, limited));
    } catch (error) {
      if (isPlain404(error)) await discovery.again(apiVersion, kind, {...options, timeout: left()});
      throw error;
    }
  };

  return {
    server,
    resource: discovery.find,
    followLog: createFollowLog(transport),
    get: (ref, options = {}) => {
      const call = {what: `get ${describeRef(ref)}`, server, context, command: kubectlList(ref)};
      return get(options, call, isKubeObject, ref, (resource) => pathOf(resource, ref));
    },
    list: (query, options = {}) => {
      const call = {what: `list ${describeQuery(query)}`, server, context, command: kubectlList(query)};
      return listAll(query, async (page) => {
        const ask = () =>
          get(options, call, isList, query, (resource) => {
            const members = {labelSelector: query.labelSelector, fieldSelector: query.fieldSelector, ...page};
            return pathOf(resource, {namespace: query.namespace}) + queryString(members);
          });
        try {
          return await ask();
        } catch (error) {
          if (!isClusterError(error, 'notFound')) throw error;
          // Without objects the answer is an empty list: only a kind that is not served any more is not found.
          await discovery.again(query.apiVersion, query.kind, options);
          return await ask().catch((later: unknown) => {
            throw isClusterError(later, 'notFound') ? contradicted(later) : later;
          });
        }
      });
    },
    raw: (path, options = {}) => {
      const call = {what: `get ${path}`, server, context, command: `kubectl get --raw ${path}`};
      return read(clock, options, (limited) => transport.request(call, {method: 'GET', path}, limited));
    },
    review: async (permission, options = {}) => {
      const call = {what: `ask whether ${describePermission(permission)} is allowed`, server, context};
      const body = JSON.stringify(reviewOf(permission));
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      const wanted = isOfKind('SelfSubjectAccessReview');
      const answer = await read(clock, options, (limited) =>
        requestJson(transport, call, {method: 'POST', path, body, wanted}, limited),
      );
      const status = isJsonObject(answer.status) ? answer.status : {};
      return {allowed: status.allowed === true, reason: String(status.reason ?? status.evaluationError ?? '')};
    },
  };
}

/** The answer to a list of what discovery says is served: nothing is known of its objects. */
const contradicted = (error: ClusterError): ClusterError =>
  new ClusterError(`${error.message}, and yet it serves this kind`, {
    ...{reason: 'badAnswer', status: 404, detail: 'not found, and yet it serves this kind', cause: error},
  });

/** `delete pods in namespace shop`. */
function describePermission({verb, group, resource, subresource, namespace, name}: Permission): string {
  const what = `${resource}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
  return `${verb} ${what}${name === undefined ? '' : ` ${name}`}${namespace === undefined ? '' : ` in namespace ${namespace}`}`;
}

const reviewOf = ({verb, group, resource, subresource, namespace, name}: Permission) => ({
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SelfSubjectAccessReview',
  spec: {resourceAttributes: {verb, group, resource, subresource, namespace, name}},
});
