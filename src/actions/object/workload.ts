import type {ClusterReader, KubeObject, Permission} from '../../cluster/types.ts';
import type {JsonObject} from '../../io/json.ts';
import {numberAt} from '../common/objects.ts';
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
  return {...(rollout === undefined ? {} : {rollout}), ...(claims === undefined ? {} : {claims})};
}

/** What that, and the undo by it, asks of the API server. */
export const workloadPermissions = (of: {
  apiVersion: string;
  kind: string;
  namespace?: string | undefined;
}): Permission[] => [...rolloutPermissions(of), ...claimPermissions(of)];
