import {isClusterError} from '../../cluster/errors.ts';
import type {CallOptions, ClusterReader, Permission} from '../../cluster/types.ts';
import type {JsonObject} from '../../io/json.ts';
import {probeOf} from '../../probes/index.ts';
import {parseInput, resolveLate, type Spec} from '../../scenario/index.ts';
import {questionsOf} from '../guards/questions.ts';
import {ownNamespace} from '../lock/live-lease.ts';
import {lockPermissions} from '../lock/lock.ts';
import {proberPermissions} from '../prober/deploy.ts';
import type {Scope} from '../session.ts';

/** What finding out asks which cluster it is, and whether its nodes are well. */
const identityPermissions: readonly Permission[] = [
  {verb: 'get', group: '', resource: 'namespaces', name: 'kube-system'},
  {verb: 'list', group: '', resource: 'nodes'},
];

/**
 * What every drill asks, whatever its scenario: to know the cluster and to hold the lock. Making and deleting
 * kubedrill's own namespace is asked for only where somebody else has not made it already.
 */
export function ownPermissions({namespaceExists}: {namespaceExists: boolean}): Permission[] {
  const needed = ({verb, resource}: Permission) => !namespaceExists || resource !== 'namespaces' || verb === 'get';
  return [...identityPermissions, ...lockPermissions.filter(needed)];
}

/** Whether kubedrill's own namespace is there; no when that may not be asked. */
export async function hasOwnNamespace(cluster: ClusterReader, options: CallOptions): Promise<boolean> {
  try {
    await cluster.get({apiVersion: 'v1', kind: 'Namespace', name: ownNamespace}, options);
    return true;
  } catch (error) {
    if (isClusterError(error, 'notFound') || isClusterError(error, 'forbidden')) return false;
    throw error;
  }
}

/** What probes and checks ask from the runner, and what the prober's deployment needs. */
export function probePermissions(spec: Spec, scope: Scope, defaultNamespace: string): Permission[] {
  const asked = questionsOf(spec).filter(({from}) => from !== 'cluster');
  const inCluster = (spec.probes ?? []).filter(({from}) => from === 'cluster');
  return [
    ...asked.flatMap(({uses, with: input}) => permissionsOf(uses, input, scope, defaultNamespace)),
    ...(inCluster.length === 0
      ? []
      : proberPermissions(
          ownNamespace,
          inCluster.some(({on = 'oneNode'}) => on !== 'oneNode'),
        )),
  ];
}

/** None for an input that only a later step will complete. */
function permissionsOf(uses: string, input: JsonObject, scope: Scope, defaultNamespace: string): Permission[] {
  const definition = probeOf(uses);
  try {
    return definition.permissions(parseInput(definition.input, resolveLate(input, scope).value, uses), {
      defaultNamespace,
    });
  } catch {
    return [];
  }
}
