import type {ClusterReader, Permission} from '../../cluster/types.ts';
import type {GuardAnswer} from '../types.ts';

/** A permission and what the API server says of it. */
export interface Reviewed {
  permission: Permission;
  allowed: boolean;
  reason: string;
}

/** How many reviews are under way at once: an API server throttles a client that asks for more. */
const atOnce = 8;

/** The same permission once, in a stable order. */
export function distinct(permissions: readonly Permission[]): Permission[] {
  const seen = new Map(permissions.map((permission) => [describe(permission), permission]));
  return [...seen.keys()].sort().flatMap((key) => seen.get(key) ?? []);
}

/** Asks the API server for each permission (SelfSubjectAccessReview), undo and probe verbs included. */
export async function review(
  cluster: ClusterReader,
  permissions: readonly Permission[],
  signal: AbortSignal,
): Promise<Reviewed[]> {
  const queue = distinct(permissions);
  const reviewed: Reviewed[] = [];
  const worker = async () => {
    for (let permission = queue.shift(); permission !== undefined; permission = queue.shift()) {
      reviewed.push({permission, ...(await cluster.review(permission, {signal}))});
    }
  };
  await Promise.all(Array.from({length: atOnce}, worker));
  return reviewed.sort((left, right) => describe(left.permission).localeCompare(describe(right.permission)));
}

/** One answer a missing permission, or one that all are there. */
export function guardPermissions(reviewed: readonly Reviewed[]): GuardAnswer[] {
  const missing = reviewed.filter(({allowed}) => !allowed);
  if (missing.length === 0) {
    return [{guard: 'permissions', ok: true, message: `all ${reviewed.length} permissions are there`}];
  }
  return missing.map(({permission, reason}) => ({
    guard: 'permissions',
    ok: false,
    message: `missing: ${describe(permission)}${reason ? ` (${reason})` : ''}`,
    hint: `Check with: kubectl auth can-i ${permission.verb} ${qualified(permission)}${
      permission.namespace === undefined ? '' : ` -n ${permission.namespace}`
    }`,
  }));
}

/** `delete pods in kube-system`, `get nodes`. */
function describe(permission: Permission): string {
  const {verb, namespace, name} = permission;
  return `${verb} ${qualified(permission)}${name === undefined ? '' : `/${name}`}${
    namespace === undefined ? '' : ` in ${namespace}`
  }`;
}

/** `deployments.apps/scale` as kubectl writes it. */
function qualified({group, resource, subresource}: Permission): string {
  return `${resource}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
}
