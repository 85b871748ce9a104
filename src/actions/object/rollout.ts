import * as z from 'zod';
import type {ClusterReader, KubeObject, Permission} from '../../cluster/types.ts';
import type {Target} from '../../io/target.ts';
import {desiredOf} from '../common/heals.ts';
import {freeze, isReady, numberAt} from '../common/objects.ts';
import {podsOf} from '../common/owned-pods.ts';
import {permit} from '../common/permissions.ts';
import {untilRested} from '../common/rest.ts';
import type {UndoContext, UndoOutcome} from '../define.ts';
import {valueAt} from '../fields/compare.ts';
import type {TouchedField} from '../fields/touched.ts';

/** How a workload's pods were before a drill changed what they are made from. */
export const rolloutBefore = () =>
  z.strictObject({
    /** Pods that were ready. */
    ready: z.int().min(0),
    /** Whether all of them were made from the template. */
    complete: z.boolean(),
    /** UIDs of all. */
    pods: z.array(z.string()),
  });
export type RolloutBefore = z.infer<ReturnType<typeof rolloutBefore>>;

interface Looking {
  cluster: ClusterReader;
  signal: AbortSignal;
}

const workloads = ['Deployment', 'StatefulSet', 'DaemonSet'];
const isWorkload = ({apiVersion, kind}: {apiVersion: string; kind: string}): boolean =>
  apiVersion === 'apps/v1' && workloads.includes(kind);

/** What to note before fields are changed: undefined when no pod is made from them. */
export async function noteRollout(
  looking: Looking,
  live: KubeObject,
  fields: readonly Pick<TouchedField, 'path'>[],
): Promise<RolloutBefore | undefined> {
  const isTouched = fields.some(({path}) => path[0] === 'spec' && (path[1] === 'template' || path.length === 1));
  if (!isWorkload(live) || !isTouched) return undefined;
  const pods = await podsOf(looking.cluster, live, {signal: looking.signal});
  return {
    ready: pods.filter(isReady).length,
    complete: isComplete(live),
    pods: pods.map(({metadata}) => metadata.uid ?? '').sort(),
  };
}

/** What noting and waiting asks of the API server. */
export function rolloutPermissions(of: {
  apiVersion: string;
  kind: string;
  namespace?: string | undefined;
}): Permission[] {
  if (!isWorkload(of)) return [];
  const place = of.namespace === undefined ? {} : {namespace: of.namespace};
  return [
    ...permit(['list', ...(of.kind === 'StatefulSet' ? ['delete'] : [])], {apiVersion: 'v1', kind: 'Pod', ...place}),
    ...(of.kind === 'Deployment' ? permit(['get'], {apiVersion: 'apps/v1', kind: 'ReplicaSet', ...place}) : []),
  ];
}

/**
 * Waits until a workload whose template was put back has its pods by it, as many ready as before. A pod of a StatefulSet
 * that never became ready is not replaced by its controller (Kubernetes: "Forced rollback"): it is deleted, when it was
 * made from what the drill wrote.
 */
export async function rolledBack(
  ctx: UndoContext,
  before: RolloutBefore,
  target: Target,
): Promise<(UndoOutcome & {state: 'failed'}) | undefined> {
  const {signal} = ctx;
  const deleted = new Set<string>();
  return await untilRested(ctx, target, {
    back: 'the template is put back',
    look: async (live) => {
      const pods = await podsOf(ctx.cluster, live, {signal});
      const waiting = waitsFor(live, pods, before);
      if (waiting === undefined) return {rested: true};
      for (const pod of pods.filter((one) => isStuck(live, one, before))) {
        const ref = freeze(pod);
        if (deleted.has(ref.uid)) continue;
        deleted.add(ref.uid);
        await ctx.write.cluster.delete(ref, {signal, uid: ref.uid}).catch(() => undefined);
      }
      return {waiting};
    },
  });
}

/** What is still to come; undefined when all is as before. */
function waitsFor(live: KubeObject, pods: readonly KubeObject[], before: RolloutBefore): string | undefined {
  if (numberAt(live, ['status', 'observedGeneration'], 0) < numberAt(live, ['metadata', 'generation'], 0)) {
    return 'its controller has not seen the change';
  }
  const ready = pods.filter(isReady).length;
  const wanted = Math.min(before.ready, wantedBy(live));
  if (ready < wanted) return `${ready} of ${wanted} pods are ready`;
  return before.complete && !isComplete(live) ? 'pods of another template are left' : undefined;
}

/** How many pods a workload wants; one that does not say so is none of these. */
const wantedBy = (live: KubeObject): number => desiredOf(live) ?? 0;

/** Whether all pods are made from the template, as far as the workload replaces them by itself. */
function isComplete(live: KubeObject): boolean {
  if (valueAt(live, ['spec', 'paused']) === true) return true;
  if (valueAt(live, ['spec', 'updateStrategy', 'type']) === 'OnDelete' || partitionOf(live) > 0) return true;
  const updated = numberAt(live, ['status', 'updatedReplicas'], 0);
  if (live.kind === 'DaemonSet') return numberAt(live, ['status', 'updatedNumberScheduled'], 0) >= wantedBy(live);
  return updated >= wantedBy(live) && numberAt(live, ['status', 'replicas'], 0) <= updated;
}

const partitionOf = (live: KubeObject): number =>
  numberAt(live, ['spec', 'updateStrategy', 'rollingUpdate', 'partition'], 0);

/** A pod of a StatefulSet that came after the drill's change, is not of the template, and keeps the controller waiting. */
function isStuck(live: KubeObject, pod: KubeObject, before: RolloutBefore): boolean {
  const {uid = '', name, labels = {}, deletionTimestamp} = pod.metadata;
  if (live.kind !== 'StatefulSet' || deletionTimestamp !== undefined || isReady(pod)) return false;
  const wanted = valueAt(live, ['status', 'updateRevision']);
  const isOther = wanted !== undefined && labels['controller-revision-hash'] !== wanted;
  return isOther && !before.pods.includes(uid) && Number(/\d+$/.exec(name)?.[0] ?? 0) >= partitionOf(live);
}
