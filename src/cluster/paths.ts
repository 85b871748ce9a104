import type {ApiResource} from './types.ts';

/** `/api/v1/namespaces/shop/pods/web-1/status`; without `name` the collection. */
export function pathOf(
  {group, version, resource, namespaced}: ApiResource,
  {namespace, name, subresource}: {namespace?: string | undefined; name?: string; subresource?: string | undefined},
): string {
  const parts = [
    group === '' ? `api/${version}` : `apis/${group}/${version}`,
    ...(namespaced && namespace !== undefined ? ['namespaces', encodeURIComponent(namespace)] : []),
    resource,
    ...(name === undefined ? [] : [encodeURIComponent(name)]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  return `/${parts.join('/')}`;
}

/** The path of a group and version: `/api/v1`, `/apis/apps/v1`. */
export const groupPath = (apiVersion: string): string =>
  apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;

/** `?a=1&b=2` of the members that are set, or nothing. */
export function queryString(members: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const set = new URLSearchParams();
  for (const [key, value] of Object.entries(members)) if (value !== undefined) set.append(key, String(value));
  return set.size === 0 ? '' : `?${set}`;
}
