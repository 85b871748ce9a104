import {parseAllDocuments} from 'yaml';
import type {JsonObject} from '../../src/io/json.ts';
import type {PracticeOptions} from '../../src/practice/index.ts';

type Deny = NonNullable<PracticeOptions['deny']>;

/** One line of a rule: the smallest thing that can be taken away. */
export interface Grant {
  verb: string;
  group: string;
  /** `deployments/scale`. */
  resource: string;
  namespace?: string;
  name?: string;
}

interface Role {
  kind: string;
  metadata: {namespace?: string};
  rules: {apiGroups: string[]; resources: string[]; resourceNames?: string[]; verbs: string[]}[];
}

/** The objects of a YAML text. */
export const objectsOf = (yaml: string): JsonObject[] =>
  parseAllDocuments(yaml).map((document) => document.toJS() as JsonObject);

/** Everything that the roles among the objects grant. */
export function grantsOf(objects: readonly JsonObject[]): Grant[] {
  const roles = objects.filter(({kind}) => kind === 'Role' || kind === 'ClusterRole') as unknown as Role[];
  return roles.flatMap(({kind, metadata, rules}) =>
    rules.flatMap(({apiGroups, resources, resourceNames = [undefined], verbs}) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          resourceNames.flatMap((name) =>
            verbs.map((verb) => ({
              verb,
              group,
              resource,
              ...(kind === 'Role' && metadata.namespace !== undefined ? {namespace: metadata.namespace} : {}),
              ...(name === undefined ? {} : {name}),
            })),
          ),
        ),
      ),
    ),
  );
}

/** Denies everything that the grants do not allow, as Kubernetes' own authorizer would. */
export function onlyGranted(grants: readonly Grant[]): Deny {
  return ({verb, group, resource, subresource, namespace, name}) => {
    const full = subresource === '' ? resource : `${resource}/${subresource}`;
    return !grants.some(
      (grant) =>
        grant.verb === verb &&
        grant.group === group &&
        grant.resource === full &&
        (grant.namespace === undefined || grant.namespace === namespace) &&
        (grant.name === undefined || grant.name === name),
    );
  };
}
