import {ClusterError} from '../../cluster/errors.ts';
import {groupOf, isKubernetesGroup} from '../../cluster/names.ts';
import type {ApiResource, ClusterReader, Permission} from '../../cluster/types.ts';

/** A kind whose resource name nobody could be asked for. */
export interface Assumed {
  apiVersion: string;
  kind: string;
  /** What it is taken to be called. */
  resource: string;
}

/** What is known of kinds without guessing. */
interface Known {
  /** The kinds that CustomResourceDefinitions of the scenario itself bring. */
  brought: readonly ApiResource[];
  /** Discovery, where there is a cluster to ask. */
  cluster?: Pick<ClusterReader, 'resource'>;
}

/**
 * Permissions with the resource names that discovery gives, or a CustomResourceDefinition of the scenario: a kind's plural
 * need not follow from it (`PodChaos` is called `podchaos`). What lies in no namespace is permitted in none. A name that
 * nobody could be asked for stays as it was guessed, and is told as assumed, but for Kubernetes' own kinds.
 */
export async function called(
  permissions: readonly Permission[],
  {brought, cluster}: Known,
): Promise<{permissions: Permission[]; assumed: Assumed[]}> {
  const found = new Map<string, Promise<ApiResource | undefined>>();
  const find = (of: {apiVersion: string; kind: string}) => {
    const key = `${of.apiVersion} ${of.kind}`;
    const asked = found.get(key) ?? describedBy(of, brought, cluster);
    found.set(key, asked);
    return asked;
  };
  const assumed = new Map<string, Assumed>();
  const named = await Promise.all(
    permissions.map(async (permission): Promise<Permission> => {
      const {of, ...rest} = permission;
      if (of === undefined) return rest;
      const kind = await find(of);
      if (kind === undefined) {
        const guess = {...of, resource: rest.resource};
        if (!isKubernetesGroup(groupOf(of.apiVersion))) assumed.set(JSON.stringify(guess), guess);
        return rest;
      }
      const {namespace, ...everywhere} = rest;
      return {
        ...everywhere,
        ...(kind.namespaced && namespace !== undefined ? {namespace} : {}),
        resource: kind.resource,
      };
    }),
  );
  return {permissions: named, assumed: [...assumed.values()]};
}

async function describedBy(
  {apiVersion, kind}: {apiVersion: string; kind: string},
  brought: readonly ApiResource[],
  cluster: Known['cluster'],
): Promise<ApiResource | undefined> {
  const made = brought.find((one) => one.kind === kind && `${one.group}/${one.version}` === apiVersion);
  if (made !== undefined || cluster === undefined) return made;
  try {
    return await cluster.resource(apiVersion, kind);
  } catch (error) {
    // Not served, or discovery is broken there: who is to be asked later answers for it himself.
    if (error instanceof ClusterError) return undefined;
    throw error;
  }
}
