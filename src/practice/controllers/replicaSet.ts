import type {Client} from '../core.ts';
import {pods, replicaSets} from '../kinds.ts';
import {controllerOf, keyOf} from '../objects.ts';
import {nameOf} from '../registry/registry.ts';
import type {Pod, ReplicaSet} from '../workloads.ts';
import {startLoop} from './loop.ts';
import {claim, createPod, isActive, isReady, untilAvailable} from './podOwners.ts';

/** Keeps as many pods as each ReplicaSet asks for. */
export function startReplicaSetController(core: Client): void {
  startLoop(core, {
    name: 'replicaset',
    keysOf: ({resource, object, previous}) => {
      if (resource === replicaSets) return [keyOf(object)];
      if (resource !== pods) return [];
      return [object, previous].flatMap((pod) => {
        const owner = pod && controllerOf(pod);
        if (owner?.kind === 'ReplicaSet') return [`${pod?.metadata.namespace}/${owner.name}`];
        // A pod without a controller may be adopted by any of its namespace.
        return owner || !pod ? [] : core.view.list(replicaSets, pod.metadata.namespace).map(keyOf);
      });
    },
    reconcile: (key, loop) => {
      const set = core.view.byKey(replicaSets, key);
      if (!set) return;
      const active = claim(core, pods, set, replicaSets).filter(isActive);
      if (!set.metadata.deletionTimestamp) scale(core, set, active);
      const soon = writeStatus(core, set, active);
      if (soon !== undefined) loop.enqueue(key, soon);
    },
  });
}

function scale(core: Client, set: ReplicaSet, active: readonly Pod[]): void {
  const missing = set.spec.replicas - active.length;
  const note = (reason: string, message: string) =>
    core.recorder.record(set, {type: 'Normal', reason, message, component: 'replicaset-controller'});
  for (let count = 0; count < missing; count += 1) {
    const pod = createPod(core, replicaSets, set, set.spec.template);
    if (!pod) return;
    note('SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
  }
  for (const pod of [...active].sort(expendableFirst).slice(0, Math.max(0, -missing))) {
    core.registry.delete(pods, nameOf(pod));
    note('SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
  }
}

/** Which pod goes first when there are too many: unbound, then unready, then the youngest. */
function expendableFirst(a: Pod, b: Pod): number {
  const rank = (pod: Pod) => (pod.spec.nodeName ? 2 : 0) + (isReady(pod) ? 1 : 0);
  const age = Date.parse(b.metadata.creationTimestamp) - Date.parse(a.metadata.creationTimestamp);
  return rank(a) - rank(b) || age;
}

/** Writes the counts; returns in how many milliseconds they may change by themselves. */
function writeStatus(core: Client, set: ReplicaSet, active: readonly Pod[]): number | undefined {
  const waits = active.map((pod) => untilAvailable(pod, set.spec.minReadySeconds ?? 0, core.scope.clock.wall()));
  const counts = {
    readyReplicas: active.filter(isReady).length,
    availableReplicas: waits.filter((wait) => wait === 0).length,
    fullyLabeledReplicas: active.length,
  };
  const labels = Object.entries(set.spec.template.metadata?.labels ?? {});
  counts.fullyLabeledReplicas = active.filter((pod) =>
    labels.every(([key, value]) => pod.metadata.labels?.[key] === value),
  ).length;
  // Zero counts are absent in the API, as Go's omitempty has it.
  const nonZero = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  core.registry.change(
    replicaSets,
    nameOf(set),
    (draft) => {
      draft.status = {replicas: active.length, ...nonZero, observedGeneration: set.metadata.generation ?? 1};
    },
    'status',
  );
  const pending = waits.filter((wait) => wait !== undefined && wait > 0) as number[];
  return pending.length > 0 ? Math.min(...pending) : undefined;
}
