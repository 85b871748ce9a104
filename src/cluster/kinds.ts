import {isJsonObject, type Json} from '../io/json.ts';
import type {CallOptions, ClusterReader} from './types.ts';

/** A kind that can be listed and deleted. */
export interface ListedKind {
  apiVersion: string;
  kind: string;
  /** Plural name in paths. */
  resource: string;
  namespaced: boolean;
}

/**
 * Every kind that the API server serves and lets be listed and deleted, each in its group's preferred version. Groups
 * whose server does not answer (a broken aggregated API) are left out.
 */
export async function listKinds(cluster: Pick<ClusterReader, 'raw'>, options: CallOptions = {}): Promise<ListedKind[]> {
  const versions = ['v1', ...preferred(await fetchJson(cluster, '/apis', options))];
  const lists = await Promise.all(
    versions.map(async (apiVersion) => {
      const path = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
      const list = await fetchJson(cluster, path, options).catch(() => undefined);
      return kindsOf(apiVersion, list);
    }),
  );
  return lists.flat();
}

async function fetchJson(cluster: Pick<ClusterReader, 'raw'>, path: string, options: CallOptions): Promise<Json> {
  const {status, body} = await cluster.raw(path, options);
  return status === 200 ? (JSON.parse(body) as Json) : null;
}

function preferred(groups: Json): string[] {
  if (!isJsonObject(groups) || !Array.isArray(groups.groups)) return [];
  return groups.groups.flatMap((group) => {
    const version = isJsonObject(group) ? group.preferredVersion : undefined;
    const name = isJsonObject(version) ? version.groupVersion : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}

function kindsOf(apiVersion: string, list: Json | undefined): ListedKind[] {
  if (!isJsonObject(list) || !Array.isArray(list.resources)) return [];
  return list.resources.flatMap((resource) => {
    if (!isJsonObject(resource)) return [];
    const {name, kind, namespaced, verbs} = resource;
    const able = Array.isArray(verbs) && verbs.includes('list') && verbs.includes('delete');
    if (typeof name !== 'string' || name.includes('/') || typeof kind !== 'string' || !able) return [];
    return [{apiVersion, kind, resource: name, namespaced: namespaced === true}];
  });
}
