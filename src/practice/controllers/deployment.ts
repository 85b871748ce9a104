import type {Client} from '../core.ts';
import {deployments, replicaSets} from '../kinds.ts';
import {controllerOf, keyOf} from '../objects.ts';
import {nameOf} from '../registry/registry.ts';
import {StatusError} from '../status.ts';
import type {Deployment, ReplicaSet} from '../workloads.ts';
import {progressWait, writeDeploymentStatus} from './deploymentStatus.ts';
import {startLoop} from './loop.ts';
import {claim, ownedBy, templateHash} from './podOwners.ts';

const hashLabel = 'pod-template-hash';
const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** Turns Deployments into ReplicaSets: rolling updates, recreation, revisions. */
export function startDeploymentController(core: Client): void {
  startLoop(core, {
    name: 'deployment',
    keysOf: ({resource, object, previous}) => {
      if (resource === deployments) return [keyOf(object)];
      if (resource !== replicaSets) return [];
      const owner = controllerOf(object) ?? (previous && controllerOf(previous));
      if (owner) return owner.kind === 'Deployment' ? [`${object.metadata.namespace}/${owner.name}`] : [];
      return core.view.list(deployments, object.metadata.namespace).map(keyOf);
    },
    reconcile: (key, loop) => {
      const deployment = core.view.byKey(deployments, key);
      if (!deployment || deployment.metadata.deletionTimestamp) return;
      const owned = claim(core, replicaSets, deployment, deployments);
      const current = owned.find((set) => sameTemplate(set, deployment));
      const old = owned.filter((set) => set !== current);
      const stopped = deployment.spec.strategy.type === 'Recreate' && old.some((set) => set.status.replicas > 0);
      const next = current ?? (deployment.spec.paused || stopped ? undefined : createSet(core, deployment, owned));
      if (next && current) markRevision(core, deployment, current, old);
      if (stopped) for (const set of old) resize(core, deployment, set, 0);
      else if (next) roll(core, deployment, next, old);
      cleanUp(core, deployment, old);
      const after = claim(core, replicaSets, deployment, deployments);
      writeDeploymentStatus(core, deployment, after, next);
      const wait = progressWait(core, deployment);
      if (wait !== undefined) loop.enqueue(key, wait);
    },
  });
}

function sameTemplate(set: ReplicaSet, deployment: Deployment): boolean {
  return set.metadata.labels?.[hashLabel] === templateHash(deployment.spec.template);
}

const revisionOf = (set: ReplicaSet) => Number(set.metadata.annotations?.[revisionAnnotation] ?? 0);

function createSet(core: Client, deployment: Deployment, owned: readonly ReplicaSet[]): ReplicaSet | undefined {
  const {template, selector, minReadySeconds} = deployment.spec;
  const hash = templateHash(template);
  const labels = {...template.metadata?.labels, [hashLabel]: hash};
  const revision = String(Math.max(0, ...owned.map(revisionOf)) + 1);
  const set = {
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      labels,
      annotations: {[revisionAnnotation]: revision},
      ownerReferences: [ownedBy(deployments, deployment)],
    },
    spec: {
      replicas: 0,
      selector: {...selector, matchLabels: {...selector.matchLabels, [hashLabel]: hash}},
      template: {...template, metadata: {...template.metadata, labels}},
      ...(minReadySeconds ? {minReadySeconds} : {}),
    },
  };
  try {
    const created = core.registry.create(replicaSets, set, deployment.metadata.namespace);
    setRevision(core, deployment, revision);
    return created;
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}

/** A template that was used before comes back as the newest revision. */
function markRevision(core: Client, deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): void {
  const newest = Math.max(0, ...old.map(revisionOf));
  if (revisionOf(current) <= newest) {
    core.registry.change(replicaSets, nameOf(current), (draft) => {
      draft.metadata.annotations = {...draft.metadata.annotations, [revisionAnnotation]: String(newest + 1)};
    });
  }
  setRevision(core, deployment, String(Math.max(revisionOf(current), newest + (revisionOf(current) > newest ? 0 : 1))));
}

function setRevision(core: Client, deployment: Deployment, revision: string): void {
  core.registry.change(deployments, nameOf(deployment), (draft) => {
    draft.metadata.annotations = {...draft.metadata.annotations, [revisionAnnotation]: revision};
  });
}

/** One step of a rolling update: up to `maxSurge` pods too many, at most `maxUnavailable` too few available. */
function roll(core: Client, deployment: Deployment, next: ReplicaSet, old: readonly ReplicaSet[]): void {
  const wanted = deployment.spec.replicas;
  const {surge, unavailable} = limits(deployment);
  const oldTotal = old.reduce((sum, set) => sum + set.spec.replicas, 0);
  if (deployment.spec.paused && oldTotal > 0) return;
  const room = Math.max(0, wanted + surge - oldTotal);
  const target = oldTotal === 0 ? wanted : Math.max(Math.min(wanted, room), Math.min(next.spec.replicas, wanted));
  resize(core, deployment, next, target);
  const available = [next, ...old].reduce((sum, set) => sum + (set.status.availableReplicas ?? 0), 0);
  // Pods of old sets that never became ready stand in no one's way.
  const sickOld = old.map((set) => ({set, sick: set.spec.replicas - (set.status.availableReplicas ?? 0)}));
  let spare = Math.max(0, available - (wanted - unavailable));
  for (const {set, sick} of sickOld) {
    const healthy = Math.min(set.spec.replicas - Math.max(0, sick), spare);
    const fewer = Math.max(0, sick) + Math.max(0, healthy);
    spare -= Math.max(0, healthy);
    if (fewer > 0) resize(core, deployment, set, Math.max(0, set.spec.replicas - fewer));
  }
}

function limits(deployment: Deployment): {surge: number; unavailable: number} {
  const {maxSurge = '25%', maxUnavailable = '25%'} = deployment.spec.strategy.rollingUpdate ?? {};
  const part = (value: number | string, round: (x: number) => number) =>
    typeof value === 'number' ? value : round((Number.parseFloat(value) / 100) * deployment.spec.replicas);
  const surge = part(maxSurge, Math.ceil);
  const unavailable = part(maxUnavailable, Math.floor);
  return surge === 0 && unavailable === 0 ? {surge, unavailable: 1} : {surge, unavailable};
}

function resize(core: Client, deployment: Deployment, set: ReplicaSet, replicas: number): void {
  if (set.spec.replicas === replicas) return;
  core.registry.change(replicaSets, nameOf(set), (draft) => {
    draft.spec.replicas = replicas;
    draft.metadata.annotations = {
      ...draft.metadata.annotations,
      'deployment.kubernetes.io/desired-replicas': String(deployment.spec.replicas),
    };
  });
  const direction = replicas > set.spec.replicas ? 'up' : 'down';
  const message = `Scaled ${direction} replica set ${set.metadata.name} from ${set.spec.replicas} to ${replicas}`;
  core.recorder.record(deployment, {
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message,
    component: 'deployment-controller',
  });
}

/** Old ReplicaSets without pods beyond the history limit go. */
function cleanUp(core: Client, deployment: Deployment, old: readonly ReplicaSet[]): void {
  const empty = old.filter((set) => set.spec.replicas === 0 && set.status.replicas === 0);
  const surplus = empty
    .sort((a, b) => revisionOf(a) - revisionOf(b))
    .slice(0, -deployment.spec.revisionHistoryLimit || undefined);
  if (empty.length <= deployment.spec.revisionHistoryLimit) return;
  for (const set of surplus) core.registry.delete(replicaSets, nameOf(set), {propagationPolicy: 'Background'});
}
