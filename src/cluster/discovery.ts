import {closest} from '../io/closest.ts';
import {isJsonObject, type Json, type JsonObject} from '../io/json.ts';
import {ClusterError, isClusterError} from './errors.ts';
import {groupOf} from './names.ts';
import {groupPath} from './paths.ts';
import type {ApiResource, CallOptions} from './types.ts';

/** Finds out under which path a kind lives. Rejects with a ClusterError `notFound` when the API server does not serve it. */
export interface Discovery {
  find(apiVersion: string, kind: string, options?: CallOptions): Promise<ApiResource>;
  /** As `find`, whatever is kept: the kind may have gone with its CRD. */
  again(apiVersion: string, kind: string, options?: CallOptions): Promise<ApiResource>;
}

/** The `detail` of a ClusterError for a kind that the API server does not serve. */
export const noSuchKind = 'no such kind';

/** What discovery reads: the document at a path, which must be of a kind. */
interface DiscoveryDocument {
  path: string;
  kind: string;
  what: string;
}

/**
 * Discovery one group version at a time, as objects are named: a broken aggregated API elsewhere does not matter.
 * What was found is kept; a kind that is missing is looked for again, since a CRD may have come meanwhile.
 * `fetch` gets a document of that kind or rejects with a ClusterError.
 */
export function createDiscovery(
  fetch: (document: DiscoveryDocument, options: CallOptions) => Promise<JsonObject>,
): Discovery {
  const known = new Map<string, ApiResource>();

  const kindsOf = async (apiVersion: string, options: CallOptions): Promise<ApiResource[]> => {
    const what = `find the kinds of ${apiVersion}`;
    try {
      return resources(apiVersion, await fetch({path: groupPath(apiVersion), kind: 'APIResourceList', what}, options));
    } catch (error) {
      // For a group that it does not serve the API server has a page in plain text, as anything in between has.
      if (isPlain404(error) && !(await isInIndex(apiVersion, options).catch(() => true))) return [];
      throw error;
    }
  };
  const isInIndex = async (apiVersion: string, options: CallOptions): Promise<boolean> => {
    const what = `find whether ${apiVersion} is served`;
    if (groupOf(apiVersion) === '') {
      const {versions} = await fetch({path: '/api', kind: 'APIVersions', what}, options);
      return !Array.isArray(versions) || versions.includes(apiVersion);
    }
    const {groups} = await fetch({path: '/apis', kind: 'APIGroupList', what}, options);
    return !Array.isArray(groups) || groups.some((group) => versionsOf(group).includes(apiVersion));
  };

  const again: Discovery['again'] = async (apiVersion, kind, options = {}) => {
    const key = `${apiVersion} ${kind}`;
    const served = await kindsOf(apiVersion, options);
    known.delete(key);
    for (const resource of served) known.set(`${apiVersion} ${resource.kind}`, resource);
    const found = known.get(key);
    if (found !== undefined) return found;
    const kinds = served.map((resource) => resource.kind);
    const near = closest(kind, kinds);
    throw new ClusterError(`kind ${kind} in ${apiVersion}: the API server does not serve it`, {
      reason: 'notFound',
      detail: noSuchKind,
      hint: near === undefined ? 'List the kinds with: kubectl api-resources' : `Did you mean ${near}?`,
    });
  };
  const find: Discovery['find'] = async (apiVersion, kind, options = {}) =>
    known.get(`${apiVersion} ${kind}`) ?? (await again(apiVersion, kind, options));
  return {find, again};
}

/** A 404 that is not the API server's word on an object: either its page for a path that is not served, or anybody's. */
export const isPlain404 = (error: unknown): boolean => isClusterError(error, 'badAnswer') && error.status === 404;

/** The versions of an entry of the APIGroupList: `apps/v1`. */
function versionsOf(group: Json): string[] {
  const versions = isJsonObject(group) && Array.isArray(group.versions) ? group.versions : [];
  return versions.flatMap((version) => (isJsonObject(version) ? [String(version.groupVersion)] : []));
}

/** The kinds of an APIResourceList; subresources (`pods/log`) are left out. */
function resources(apiVersion: string, list: JsonObject): ApiResource[] {
  const entries = Array.isArray(list.resources) ? list.resources : [];
  const group = groupOf(apiVersion);
  const version = apiVersion.slice(group === '' ? 0 : group.length + 1);
  return entries.flatMap((entry) => {
    if (!isJsonObject(entry)) return [];
    const {name, kind, namespaced} = entry;
    if (typeof name !== 'string' || typeof kind !== 'string' || name.includes('/')) return [];
    return [{group, version, kind, resource: name, namespaced: namespaced === true}];
  });
}
