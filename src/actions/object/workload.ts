import {describeRef} from '../../cluster/names.ts';
import type {ClusterReader, KubeObject, Permission} from '../../cluster/types.ts';
import type {JsonObject} from '../../io/json.ts';
import {numberAt, refOf} from '../common/objects.ts';
import {autoscalerOf, autoscalerPermissions, autoscalingNote} from '../deployment/autoscalers.ts';
import {claimPermissions, noteClaims} from '../deployment/claims.ts';
import type {TouchedField} from '../fields/touched.ts';
import {noteRollout, rolloutPermissions} from './rollout.ts';

/** What the undo of a change to a workload has to know beside its fields: members of its data. */
export async function noteWorkload(
  looking: {cluster: ClusterReader; signal: AbortSignal},
  live: KubeObject,
  fields: readonly TouchedField[],
): Promise<JsonObject> {
  const rollout = await noteRollout(looking, live, fields);
  const replicas = fields.find(({path}) => path.join('.') === 'spec.replicas');
  const before = numberAt(live, ['spec', 'replicas'], 1);
  const isMore = typeof replicas?.after === 'number' && replicas.after > before;
  const claims = isMore ? await noteClaims(looking, live, before) : undefined;
  const autoscaler = replicas === undefined ? undefined : await autoscalerOf(looking.cluster, live, looking);
  return {
    ...(rollout === undefined ? {} : {rollout}),
    ...(claims === undefined ? {} : {claims}),
    ...(autoscaler === undefined ? {} : {autoscaler: describeRef(refOf(autoscaler))}),
  };
}

/** What that, and the undo by it, asks of the API server. */
export const workloadPermissions = (of: {
  apiVersion: string;
  kind: string;
  namespace?: string | undefined;
}): Permission[] => [...rolloutPermissions(of), ...claimPermissions(of), ...autoscalerPermissions(of)];

/** What a plan says of a change to a workload's replicas. */
export async function replicasNotes(
  {cluster, signal}: {cluster: ClusterReader; signal: AbortSignal},
  live: KubeObject,
  fields: readonly TouchedField[],
): Promise<string[]> {
  const after = fields.find(({path}) => path.join('.') === 'spec.replicas')?.after;
  const autoscaler = typeof after === 'number' ? await autoscalerOf(cluster, live, {signal}) : undefined;
  return typeof after === 'number' && autoscaler !== undefined ? [autoscalingNote(autoscaler, after)] : [];
}
