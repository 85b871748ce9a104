import type {Client} from '../core.ts';
import {deployments} from '../kinds.ts';
import {type Condition, conditionOf, setCondition} from '../objects.ts';
import {nameOf} from '../registry/registry.ts';
import type {Deployment, ReplicaSet} from '../workloads.ts';

const total = (sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number | undefined) =>
  sets.reduce((sum, set) => sum + (count(set) ?? 0), 0);

/** Writes the counts and the conditions Available and Progressing, which `kubectl rollout status` reads. */
export function writeDeploymentStatus(
  core: Client,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  current: ReplicaSet | undefined,
): void {
  const newest = sets.filter((set) => set.metadata.uid === current?.metadata.uid);
  const wanted = deployment.spec.replicas;
  const replicas = total(sets, (set) => set.status.replicas);
  const available = total(sets, (set) => set.status.availableReplicas);
  const updated = total(newest, (set) => set.status.replicas);
  const counts = {
    replicas,
    updatedReplicas: updated,
    readyReplicas: total(sets, (set) => set.status.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, Math.max(wanted, replicas) - available),
  };
  const complete = updated === wanted && replicas === wanted && available >= wanted;
  core.registry.change(
    deployments,
    nameOf(deployment),
    (draft) => {
      const now = core.scope.now();
      const before = draft.status;
      // Conditions move when something moved: progress is measured from the last movement.
      const moved = Object.entries(counts).some(([key, count]) => count !== (before[key as keyof typeof counts] ?? 0));
      const stale = before.observedGeneration !== draft.metadata.generation;
      const progressing = progress(draft, {complete, moved: moved || stale, current, now});
      const conditions = setCondition(
        setCondition(before.conditions, availability(draft, available, now), now),
        progressing,
        now,
      );
      draft.status = {
        observedGeneration: draft.metadata.generation ?? 1,
        ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
        conditions,
      };
    },
    'status',
  );
}

/** Milliseconds until a rollout that stands still must be declared stuck; undefined when none does. */
export function progressWait(core: Client, deployment: Deployment): number | undefined {
  const live = core.view.get(deployments, deployment.metadata.namespace, deployment.metadata.name);
  const condition = conditionOf(live?.status.conditions, 'Progressing');
  if (condition?.status !== 'True' || condition.reason === 'NewReplicaSetAvailable') return undefined;
  const since = Date.parse(condition.lastUpdateTime ?? core.scope.now());
  const wait = since + deployment.spec.progressDeadlineSeconds * 1000 - core.scope.clock.wall().getTime();
  return Math.max(1000, wait);
}

function availability(deployment: Deployment, available: number, now: string): Condition {
  const condition = availabilityOf(deployment, available);
  const before = conditionOf(deployment.status.conditions, condition.type);
  return {...condition, lastUpdateTime: before?.status === condition.status ? (before.lastUpdateTime ?? now) : now};
}

function availabilityOf(deployment: Deployment, available: number): Condition {
  const {maxUnavailable = '25%'} = deployment.spec.strategy.rollingUpdate ?? {};
  const part =
    typeof maxUnavailable === 'number'
      ? maxUnavailable
      : Math.floor((Number.parseFloat(maxUnavailable) / 100) * deployment.spec.replicas);
  const enough = available >= deployment.spec.replicas - (deployment.spec.strategy.type === 'Recreate' ? 0 : part);
  return enough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

interface Movement {
  complete: boolean;
  moved: boolean;
  current: ReplicaSet | undefined;
  now: string;
}

function progress(deployment: Deployment, {complete, moved, current, now}: Movement): Condition {
  const before = conditionOf(deployment.status.conditions, 'Progressing');
  const name = current?.metadata.name ?? '';
  if (complete) {
    const message = `ReplicaSet "${name}" has successfully progressed.`;
    const kept = before?.reason === 'NewReplicaSetAvailable' && before.message === message;
    const lastUpdateTime = kept ? (before?.lastUpdateTime ?? now) : now;
    return {type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message, lastUpdateTime};
  }
  // A finished rollout that loses pods is no new rollout: the condition stays.
  if (before?.reason === 'NewReplicaSetAvailable' && before.message?.includes(`"${name}"`)) return before;
  const since = before?.lastUpdateTime ?? now;
  const late = (Date.parse(now) - Date.parse(since)) / 1000 >= deployment.spec.progressDeadlineSeconds;
  if (late && !moved && before) {
    const message = `ReplicaSet "${name}" has timed out progressing.`;
    return {type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message, lastUpdateTime: since};
  }
  const message = `ReplicaSet "${name}" is progressing.`;
  return {
    type: 'Progressing',
    status: 'True',
    reason: 'ReplicaSetUpdated',
    message,
    lastUpdateTime: moved ? now : since,
  };
}
