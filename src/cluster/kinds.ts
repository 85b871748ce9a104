import {isJsonObject, type JsonObject} from '../io/json.ts';
import {ClusterError} from './errors.ts';
import type {CallOptions, ClusterReader} from './types.ts';

/** A kind that can be listed and deleted. */
export interface ListedKind {
  apiVersion: string;
  kind: string;
  /** Plural name in paths. */
  resource: string;
  namespaced: boolean;
}

/** What discovery says. */
export interface ServedKinds {
  kinds: ListedKind[];
  /** Groups (`metrics.k8s.io/v1beta1`) that are served, and whose kinds nobody tells: a broken aggregated API. */
  silent: string[];
}

/**
 * Every kind that the API server serves and lets be listed and deleted, each in its group's preferred version. Rejects
 * with a ClusterError when the API server does not say which groups it has.
 */
export async function listKinds(cluster: Pick<ClusterReader, 'raw'>, options: CallOptions = {}): Promise<ServedKinds> {
  const [core, index] = await Promise.all([
    fetchKind(cluster, '/api/v1', 'APIResourceList', options),
    fetchKind(cluster, '/apis', 'APIGroupList', options),
  ]);
  const lists = await Promise.all(
    preferred(index).map(async (apiVersion) => {
      const list = await fetchKind(cluster, `/apis/${apiVersion}`, 'APIResourceList', options).catch(() => undefined);
      if (list === undefined) options.signal?.throwIfAborted();
      return list === undefined ? {kinds: [], silent: [apiVersion]} : {kinds: kindsOf(apiVersion, list), silent: []};
    }),
  );
  return {
    kinds: [...kindsOf('v1', core), ...lists.flatMap(({kinds}) => kinds)],
    silent: lists.flatMap(({silent}) => silent),
  };
}

/**
 * The document at a path. Rejects for anything else: what was not seen must not count as not there. Asked twice, as one
 * wrong answer would hide all kinds of a group.
 */
async function fetchKind(...asked: Parameters<typeof fetchOnce>): Promise<JsonObject> {
  const [, , , {signal}] = asked;
  return await fetchOnce(...asked).catch(async () => {
    signal?.throwIfAborted();
    return await fetchOnce(...asked);
  });
}

async function fetchOnce(
  cluster: Pick<ClusterReader, 'raw'>,
  path: string,
  kind: string,
  options: CallOptions,
): Promise<JsonObject> {
  const {status, body} = await cluster.raw(path, options);
  const value: unknown = status === 200 ? parsed(body) : undefined;
  if (isJsonObject(value) && value.kind === kind) return value;
  throw new ClusterError(`get ${path}: the answer (${status}) is no ${kind}`, {
    reason: status >= 500 ? 'serverError' : 'badAnswer',
    status,
    hint: `Try: kubectl get --raw ${path}`,
  });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function preferred({groups}: JsonObject): string[] {
  if (!Array.isArray(groups)) return [];
  return groups.flatMap((group) => {
    const version = isJsonObject(group) ? group.preferredVersion : undefined;
    const name = isJsonObject(version) ? version.groupVersion : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}

function kindsOf(apiVersion: string, list: JsonObject): ListedKind[] {
  if (!Array.isArray(list.resources)) return [];
  return list.resources.flatMap((resource) => {
    if (!isJsonObject(resource)) return [];
    const {name, kind, namespaced, verbs} = resource;
    const able = Array.isArray(verbs) && verbs.includes('list') && verbs.includes('delete');
    if (typeof name !== 'string' || name.includes('/') || typeof kind !== 'string' || !able) return [];
    return [{apiVersion, kind, resource: name, namespaced: namespaced === true}];
  });
}
