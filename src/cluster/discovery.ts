import {closest} from '../io/closest.ts';
import {isJsonObject, type JsonObject} from '../io/json.ts';
import {ClusterError} from './errors.ts';
import {groupOf} from './names.ts';
import type {ApiResource, CallOptions} from './types.ts';

/** Finds out under which path a kind lives. */
export type Discovery = (apiVersion: string, kind: string, options?: CallOptions) => Promise<ApiResource>;

/**
 * Discovery one group version at a time, as objects are named: a broken aggregated API elsewhere does not matter.
 * What was found is kept; a kind that is missing is looked for again, since a CRD may have come meanwhile.
 * `fetchGroup` gets an APIResourceList and rejects with a ClusterError (notFound: the group version is not served).
 */
export function createDiscovery(
  fetchGroup: (apiVersion: string, options: CallOptions) => Promise<JsonObject>,
): Discovery {
  const known = new Map<string, ApiResource>();
  return async (apiVersion, kind, options = {}) => {
    const key = `${apiVersion} ${kind}`;
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const served = resources(apiVersion, await fetchGroup(apiVersion, options));
    for (const resource of served) known.set(`${apiVersion} ${resource.kind}`, resource);
    const found = known.get(key);
    if (found !== undefined) return found;
    const kinds = served.map((resource) => resource.kind);
    const near = closest(kind, kinds);
    throw new ClusterError(`kind ${kind} in ${apiVersion}: the API server does not serve it`, {
      reason: 'notFound',
      detail: 'no such kind',
      hint: near === undefined ? 'List the kinds with: kubectl api-resources' : `Did you mean ${near}?`,
    });
  };
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
