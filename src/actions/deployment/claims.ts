import * as z from 'zod';
import {isClusterError} from '../../cluster/errors.ts';
import {describeRef, kubectl} from '../../cluster/names.ts';
import type {ClusterReader, KubeObject, Permission} from '../../cluster/types.ts';
import {isJsonObject, type Json} from '../../io/json.ts';
import type {Target} from '../../io/target.ts';
import {find, freeze, numberAt} from '../common/objects.ts';
import {permit} from '../common/permissions.ts';
import type {UndoContext, UndoOutcome} from '../define.ts';
import {valueAt} from '../fields/compare.ts';
import {goneOrHeld} from '../object/held.ts';

/**
 * Whether a StatefulSet has its claims deleted, and with them what is on their volumes, when it is deleted or when it is
 * scaled down (`persistentVolumeClaimRetentionPolicy`; the default keeps them).
 */
export function losesClaims(workload: KubeObject, occasion: 'whenDeleted' | 'whenScaled'): boolean {
  return valueAt(workload, ['spec', 'persistentVolumeClaimRetentionPolicy', occasion]) === 'Delete';
}

/** What is on the volumes of an object does not come back with it. */
export const volumeData = ({kind}: KubeObject): {loss: string; of: string} => ({loss: 'volumeData', of: kind});

/** Which claims a StatefulSet's controller will have made by the drill's doing: they stay when their pods go. */
export const claimsMade = () =>
  z.strictObject({
    /** Names of the volumeClaimTemplates. */
    templates: z.array(z.string()).min(1),
    /** Ordinal of the first pod that the drill has added. */
    from: z.int().min(0),
    /** UIDs of the claims of these names that were there before, and of those that old volumes name. */
    there: z.array(z.string()),
  });
export type ClaimsMade = z.infer<ReturnType<typeof claimsMade>>;

interface Looking {
  cluster: ClusterReader;
  signal: AbortSignal;
}

/** Names of the claims that a StatefulSet has made for each of its pods; none for any other object. */
function templatesOf({apiVersion, kind, spec}: KubeObject): string[] {
  const templates = apiVersion === 'apps/v1' && kind === 'StatefulSet' ? valueAt(spec, ['volumeClaimTemplates']) : [];
  return (Array.isArray(templates) ? templates : []).flatMap((template: Json) => {
    const name = valueAt(template, ['metadata', 'name']);
    return typeof name === 'string' ? [name] : [];
  });
}

/** What to note before a StatefulSet gets more than `replicas` pods; undefined where that makes no claims. */
export async function noteClaims(
  looking: Looking,
  statefulSet: KubeObject,
  replicas: number,
): Promise<ClaimsMade | undefined> {
  const templates = templatesOf(statefulSet);
  if (templates.length === 0) return undefined;
  const made = {templates, from: startOf(statefulSet) + replicas, there: []};
  const [claims, volumes] = [await claimsOf(looking, made, statefulSet), await volumesOf(looking, made, statefulSet)];
  return {...made, there: [...claims.map(({metadata}) => metadata.uid ?? ''), ...volumes.map(claimUid)].sort()};
}

/** What noting and removing claims asks of the API server. */
export function claimPermissions(
  {apiVersion, kind, namespace}: {apiVersion: string; kind: string; namespace?: string | undefined},
  verbs: readonly string[] = ['list', 'delete'],
): Permission[] {
  if (apiVersion !== 'apps/v1' || kind !== 'StatefulSet') return [];
  return permit(verbs, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    ...(namespace === undefined ? {} : {namespace}),
  });
}

/** Takes a change back, and then the claims that came of it, where there are any. */
export async function withClaims(
  ctx: UndoContext,
  {claims, target}: {claims: ClaimsMade | undefined; target: Target},
  takeBack: () => Promise<UndoOutcome>,
): Promise<UndoOutcome> {
  const outcome = await takeBack();
  if (outcome.state === 'conflict' || outcome.state === 'failed' || claims === undefined) return outcome;
  return (await removeClaims(ctx, claims, target)) ?? outcome;
}

/**
 * Removes the claims that were not there before and waits until they are gone. What is left of them in spite of that, and
 * how a person takes it away, is a failure: a claim that something keeps, a volume that is not to go with its claim.
 */
export async function removeClaims(
  ctx: UndoContext,
  made: ClaimsMade,
  target: Target,
): Promise<(UndoOutcome & {state: 'failed'}) | undefined> {
  const {cluster, write, signal} = ctx;
  const live = await find(cluster, target, {signal});
  // A recovery that stays, or somebody else, has pods that use them.
  if (live !== undefined && endOf(live) > made.from) return undefined;
  const isNew = (uid: string | undefined) => uid !== undefined && !made.there.includes(uid);
  const claims = (await claimsOf(ctx, made, {metadata: target})).filter(({metadata}) => isNew(metadata.uid));
  for (const claim of claims) {
    const ref = freeze(claim);
    try {
      if (claim.metadata.deletionTimestamp === undefined) await write.cluster.delete(ref, {signal, uid: ref.uid});
    } catch (error) {
      if (!isClusterError(error, 'notFound')) throw error;
    }
  }
  for (const claim of claims) {
    const held = await goneOrHeld(ctx, freeze(claim), {uid: claim.metadata.uid});
    if (held !== undefined) return held;
  }
  const volumes = (await volumesOf(ctx, made, {metadata: target})).filter((volume) => isNew(claimUid(volume)));
  const kept = volumes.filter((volume) => valueAt(volume, ['spec', 'persistentVolumeReclaimPolicy']) === 'Retain');
  if (kept.length === 0) return undefined;
  return {
    state: 'failed',
    detail: `its claims are gone, but not ${kept.map((one) => describeRef(freeze(one))).join(', ')}, which they had made and whose reclaim policy is Retain`,
    command: kept.map((volume) => kubectl('delete', freeze(volume))).join(' && '),
  };
}

type Named = {metadata: {name: string; namespace?: string}};

/** The claims that are there by the names which the controller gives them, from an ordinal on. */
async function claimsOf({cluster, signal}: Looking, made: ClaimsMade, {metadata}: Named): Promise<KubeObject[]> {
  const {name, namespace} = metadata;
  if (namespace === undefined) return [];
  const all = await cluster.list({apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace}, {signal});
  return all.filter((claim) => isOf(made, name, claim.metadata.name));
}

/** The volumes of such claims, as far as this user may look. */
async function volumesOf({cluster, signal}: Looking, made: ClaimsMade, {metadata}: Named): Promise<KubeObject[]> {
  const {allowed} = await cluster.review({verb: 'list', group: '', resource: 'persistentvolumes'}, {signal});
  if (!allowed) return [];
  const all = await cluster.list({apiVersion: 'v1', kind: 'PersistentVolume'}, {signal}).catch(noneIfNotServed);
  return all.filter(({spec}) => {
    const claim = valueAt(spec, ['claimRef']);
    if (!isJsonObject(claim) || claim.namespace !== metadata.namespace) return false;
    return isOf(made, metadata.name, String(claim.name));
  });
}

function noneIfNotServed(error: unknown): KubeObject[] {
  if (isClusterError(error, 'notFound')) return [];
  throw error;
}

function isOf({templates, from}: ClaimsMade, statefulSet: string, name: string): boolean {
  return templates.some((template) => {
    const ordinal = name.startsWith(`${template}-${statefulSet}-`)
      ? name.slice(template.length + statefulSet.length + 2)
      : '';
    return /^\d+$/.test(ordinal) && Number(ordinal) >= from;
  });
}

const startOf = (statefulSet: KubeObject): number => numberAt(statefulSet, ['spec', 'ordinals', 'start'], 0);
const endOf = (statefulSet: KubeObject): number =>
  startOf(statefulSet) + numberAt(statefulSet, ['spec', 'replicas'], 1);
const claimUid = ({spec}: KubeObject): string => String(valueAt(spec, ['claimRef', 'uid']) ?? '');
