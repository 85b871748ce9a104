import type {Permission} from '../../cluster/types.ts';
import type {JsonObject} from '../../io/json.ts';
import {ownNamespace} from '../lock/live-lease.ts';

export interface RbacRequest {
  permissions: readonly Permission[];
  /** Namespaces that a drill makes itself: a Role in one cannot be there before the run. */
  makes: readonly string[];
  serviceAccount: {namespace: string; name: string};
  /** Name of the roles and bindings. */
  name: string;
}

const rbacApi = 'rbac.authorization.k8s.io';
const apiVersion = `${rbacApi}/v1`;

/** The ServiceAccount with exactly these permissions, as objects in the order in which they can be applied. */
export function rbacObjects({permissions, makes, serviceAccount, name}: RbacRequest): JsonObject[] {
  const placed = permissions.map((permission) => {
    const {namespace, ...rest} = permission;
    return namespace !== undefined && makes.includes(namespace) ? rest : permission;
  });
  const needed = withoutCovered(placed);
  const places = [...new Set(needed.map(({namespace}) => namespace))].sort((a = '', b = '') => (a < b ? -1 : 1));
  const subject = {kind: 'ServiceAccount', ...serviceAccount};
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {name: ownNamespace, labels: {'pod-security.kubernetes.io/enforce': 'restricted'}},
    },
    {apiVersion: 'v1', kind: 'ServiceAccount', metadata: {...serviceAccount}},
    ...places.flatMap((namespace): JsonObject[] => {
      const scope = namespace === undefined ? 'Cluster' : '';
      const metadata = {name, ...(namespace === undefined ? {} : {namespace})};
      const rules = rulesOf(needed.filter((one) => one.namespace === namespace));
      return [
        {apiVersion, kind: `${scope}Role`, metadata, rules},
        {
          apiVersion,
          kind: `${scope}RoleBinding`,
          metadata,
          roleRef: {apiGroup: rbacApi, kind: `${scope}Role`, name},
          subjects: [subject],
        },
      ];
    }),
  ];
}

/** Those that no wider one covers: in every namespace beats in one, any name beats one. */
function withoutCovered(permissions: readonly Permission[]): Permission[] {
  const covers = (wide: Permission, narrow: Permission) =>
    wide !== narrow &&
    what(wide) === what(narrow) &&
    wide.verb === narrow.verb &&
    (wide.namespace === undefined || wide.namespace === narrow.namespace) &&
    (wide.name === undefined || wide.name === narrow.name);
  // Equal ones would cover each other; the first stays.
  return permissions.filter(
    (one, index) => !permissions.some((other, at) => covers(other, one) && (!covers(one, other) || at < index)),
  );
}

/** What a rule speaks of, less the verbs. */
const what = ({group, resource, subresource}: Permission): string =>
  JSON.stringify([group, subresource === undefined ? resource : `${resource}/${subresource}`]);

/** As few rules as say it: one for all verbs on a resource, and one for all resources with the same verbs. */
function rulesOf(permissions: readonly Permission[]): JsonObject[] {
  const verbs = new Map<string, {permission: Permission; verbs: string[]}>();
  for (const permission of permissions) {
    const key = `${what(permission)} ${permission.name ?? ''}`;
    const entry = verbs.get(key) ?? {permission, verbs: []};
    entry.verbs.push(permission.verb);
    verbs.set(key, entry);
  }
  const rules = new Map<string, {group: string; resources: string[]; name?: string | undefined; verbs: string[]}>();
  for (const {permission, verbs: asked} of verbs.values()) {
    const {group, resource, subresource, name} = permission;
    const sorted = asked.toSorted();
    const key = JSON.stringify([group, sorted, name]);
    const rule = rules.get(key) ?? {group, resources: [], name, verbs: sorted};
    rule.resources.push(subresource === undefined ? resource : `${resource}/${subresource}`);
    rules.set(key, rule);
  }
  return [...rules.values()].map(({group, resources, name, verbs: asked}) => ({
    apiGroups: [group],
    resources: resources.toSorted(),
    ...(name === undefined ? {} : {resourceNames: [name]}),
    verbs: asked,
  }));
}
