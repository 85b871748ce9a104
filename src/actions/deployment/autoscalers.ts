import {isClusterError} from '../../cluster/errors.ts';
import {describeRef, groupOf} from '../../cluster/names.ts';
import type {CallOptions, ClusterReader, KubeObject, Permission} from '../../cluster/types.ts';
import {isJsonObject} from '../../io/json.ts';
import {numberAt, refOf} from '../common/objects.ts';
import {permit} from '../common/permissions.ts';
import {valueAt} from '../fields/compare.ts';
import type {TouchedField} from '../fields/touched.ts';
import type {Leaving} from '../own-work.ts';

const kind = {apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler'} as const;
const scalable = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet']);

/** What looking for autoscalers of a kind asks of the API server. */
export const autoscalerPermissions = (of: {kind: string; namespace?: string | undefined}): Permission[] =>
  scalable.has(of.kind)
    ? permit(['list'], {...kind, ...(of.namespace === undefined ? {} : {namespace: of.namespace})})
    : [];

/** The autoscaler that decides how many replicas a workload has; those of KEDA are HorizontalPodAutoscalers, too. */
export async function autoscalerOf(
  cluster: ClusterReader,
  workload: KubeObject,
  options: CallOptions,
): Promise<KubeObject | undefined> {
  const {namespace, name} = workload.metadata;
  if (!scalable.has(workload.kind) || namespace === undefined) return undefined;
  const all = await cluster.list({...kind, namespace}, options).catch((error: unknown) => {
    // A cluster without autoscaling has none.
    if (isClusterError(error, 'notFound')) return [];
    throw error;
  });
  return all.find((autoscaler) => {
    const ref = valueAt(autoscaler, ['spec', 'scaleTargetRef']);
    if (!isJsonObject(ref) || ref.kind !== workload.kind || ref.name !== name) return false;
    return ref.apiVersion === undefined || groupOf(String(ref.apiVersion)) === groupOf(workload.apiVersion);
  });
}

/** What an autoscaler makes of a number of replicas, as a note of the plan. */
export function autoscalingNote(autoscaler: KubeObject, replicas: number): string {
  const name = describeRef(refOf(autoscaler));
  const [min, max] = [
    numberAt(autoscaler, ['spec', 'minReplicas'], 1),
    numberAt(autoscaler, ['spec', 'maxReplicas'], 0),
  ];
  const owners = valueAt(autoscaler, ['metadata', 'ownerReferences']);
  const isKeda = Array.isArray(owners) && owners.some((owner) => isJsonObject(owner) && owner.kind === 'ScaledObject');
  if (replicas === 0 && min > 0) {
    return `${name} does not act while there are no replicas${isKeda ? ', but KEDA does: it scales up from none' : ''}`;
  }
  const outside = replicas < min ? `, so that it does not stay at ${replicas}` : '';
  return `${name} scales it by itself, between ${min} and ${max} replicas${outside}`;
}

const replicasPath = 'spec.replicas';

/** What stays with an autoscaler, once it has had a say. */
export const leftToAutoscaler = (autoscaler: string | undefined): Leaving | undefined =>
  autoscaler === undefined
    ? undefined
    : {path: replicasPath, because: `${autoscaler} decides how many replicas there are`};

/**
 * The fields that are the drill's to put back, where an autoscaler has a say in the replicas as well: what it has made of
 * the drill's number is what the drill has caused, unless it wants more than there were before.
 */
export function lessAutoscaled(
  fields: readonly TouchedField[],
  live: KubeObject,
  autoscaler: string | undefined,
): TouchedField[] {
  if (autoscaler === undefined) return [...fields];
  const now = valueAt(live, ['spec', 'replicas']);
  return fields.flatMap((field) => {
    if (field.path.join('.') !== replicasPath || now === field.after || now === field.before) return [field];
    return Number(now) > Number(field.before) ? [] : [{...field, after: now ?? null}];
  });
}
