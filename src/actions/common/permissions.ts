import {groupOf, guessResource} from '../../cluster/names.ts';
import type {ApiResource, Permission} from '../../cluster/types.ts';

/**
 * One permission per verb on a kind that is named in the scenario; its resource name is guessed as Kubernetes does, until
 * discovery is asked.
 */
export function permit(
  verbs: readonly string[],
  {apiVersion, kind, namespace, name}: {apiVersion: string; kind: string; namespace?: string; name?: string},
  subresource?: string,
): Permission[] {
  return verbs.map((verb) => ({
    verb,
    group: groupOf(apiVersion),
    resource: guessResource(kind),
    ...(subresource === undefined ? {} : {subresource}),
    ...(namespace === undefined ? {} : {namespace}),
    ...(name === undefined ? {} : {name}),
    of: {apiVersion, kind},
  }));
}

/** What it takes to change an object, and to give its fields back to their owners: no subresource takes that. */
export const patchPermissions = (on: Parameters<typeof permit>[1], subresource?: string): Permission[] => [
  ...permit(['get', 'patch'], on),
  ...(subresource === undefined ? [] : permit(['patch'], on, subresource)),
];

/** One permission per verb on a kind that discovery has described. */
export function permitExactly(
  verbs: readonly string[],
  {group, version, kind, resource, namespaced}: ApiResource,
  namespace: string | undefined,
): Permission[] {
  const place = namespaced && namespace !== undefined ? {namespace} : {};
  // Where a cluster is only imagined, its discovery is as well.
  const of = {apiVersion: group === '' ? version : `${group}/${version}`, kind};
  return verbs.map((verb) => ({verb, group, resource, ...place, of}));
}
