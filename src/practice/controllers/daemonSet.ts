import type {Client} from '../core.ts';
import {daemonSets, nodes, pods} from '../kinds.ts';
import {controllerOf, keyOf, type Node} from '../objects.ts';
import {nameOf} from '../registry/registry.ts';
import type {DaemonSet, Pod} from '../workloads.ts';
import {startLoop} from './loop.ts';
import {fitsNode, mayStay} from './nodeFit.ts';
import {claim, createPod, isActive, isReady, templateHash, untilAvailable} from './podOwners.ts';

const hashLabel = 'controller-revision-hash';

/** Keeps one pod of each DaemonSet on every node that its pods fit on. */
export function startDaemonSetController(core: Client): void {
  startLoop(core, {
    name: 'daemonset',
    keysOf: ({resource, object, previous}) => {
      if (resource === daemonSets) return [keyOf(object)];
      if (resource === nodes) return core.view.list(daemonSets).map(keyOf);
      if (resource !== pods) return [];
      const owner = controllerOf(object) ?? (previous && controllerOf(previous));
      return owner?.kind === 'DaemonSet' ? [`${object.metadata.namespace}/${owner.name}`] : [];
    },
    reconcile: (key, loop) => {
      const set = core.view.byKey(daemonSets, key);
      if (!set) return;
      if (!set.metadata.deletionTimestamp) place(core, set);
      const soon = writeStatus(core, set);
      if (soon !== undefined) loop.enqueue(key, soon);
    },
  });
}

/** Tolerations that every DaemonSet pod gets, so that it stays on nodes that are cordoned or in trouble. */
const tolerated = ['not-ready', 'unreachable', 'disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'];

function podTemplate(set: DaemonSet, node?: Node) {
  const {template} = set.spec;
  const tolerations = tolerated.map((key) => ({
    key: `node.kubernetes.io/${key}`,
    operator: 'Exists',
    effect: key === 'not-ready' || key === 'unreachable' ? 'NoExecute' : 'NoSchedule',
  }));
  const terms = [{matchFields: [{key: 'metadata.name', operator: 'In', values: [node?.metadata.name ?? '']}]}];
  const pinned = {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: terms}}};
  return {
    ...template,
    metadata: {...template.metadata, labels: {...template.metadata?.labels, [hashLabel]: templateHash(template)}},
    spec: {
      ...template.spec,
      tolerations: [...(template.spec.tolerations ?? []), ...tolerations],
      ...(node ? {affinity: {...template.spec.affinity, ...pinned}} : {}),
    },
  };
}

const wants = (set: DaemonSet, node: Node) => fitsNode(podTemplate(set).spec, node) === undefined;

/** The node that a pod of a DaemonSet is on, or is meant for. */
function nodeOf(pod: Pod): string | undefined {
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return pod.spec.nodeName ?? terms?.[0]?.matchFields?.[0]?.values?.[0];
}

function place(core: Client, set: DaemonSet): void {
  const own = claim(core, pods, set, daemonSets);
  const note = (reason: string, message: string) =>
    core.recorder.record(set, {type: 'Normal', reason, message, component: 'daemonset-controller'});
  const remove = (pod: Pod) => {
    core.registry.delete(pods, nameOf(pod));
    note('SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
  };
  const outdated: Pod[] = [];
  let unavailable = 0;
  for (const node of core.view.list(nodes)) {
    const here = own.filter((pod) => nodeOf(pod) === node.metadata.name);
    for (const pod of here) if (!isActive(pod) && !pod.metadata.deletionTimestamp) remove(pod);
    const active = here.filter(isActive);
    if (!wants(set, node)) {
      if (!mayStay(podTemplate(set).spec, node)) for (const pod of active) remove(pod);
      continue;
    }
    for (const pod of active.slice(1)) remove(pod);
    const [pod] = active;
    if (!pod?.status || !isReady(pod)) unavailable += 1;
    if (pod && pod.metadata.labels?.[hashLabel] !== templateHash(set.spec.template)) outdated.push(pod);
    if (here.length > 0) continue;
    const created = createPod(core, daemonSets, set, podTemplate(set, node));
    if (created) note('SuccessfulCreate', `Created pod: ${created.metadata.name}`);
  }
  if (set.spec.updateStrategy.type === 'OnDelete') return;
  // Pods that are not ready are replaced at once; of the ready ones as many as may be missing.
  const sick = outdated.filter((pod) => !isReady(pod));
  const spare = Math.max(0, maxUnavailable(core, set) - unavailable);
  for (const pod of [...sick, ...outdated.filter(isReady).slice(0, spare)]) remove(pod);
}

function maxUnavailable(core: Client, set: DaemonSet): number {
  const limit = set.spec.updateStrategy.rollingUpdate?.maxUnavailable ?? 1;
  if (typeof limit === 'number') return limit;
  return Math.max(1, Math.ceil((Number.parseFloat(limit) / 100) * core.view.list(nodes).length));
}

function writeStatus(core: Client, set: DaemonSet): number | undefined {
  const own = claim(core, pods, set, daemonSets).filter(isActive);
  const targets = core.view.list(nodes).filter((node) => wants(set, node));
  const onTarget = own.filter((pod) => targets.some((node) => node.metadata.name === nodeOf(pod)));
  const waits = onTarget.map((pod) => untilAvailable(pod, set.spec.minReadySeconds ?? 0, core.scope.clock.wall()));
  const available = waits.filter((wait) => wait === 0).length;
  const updated = onTarget.filter((pod) => pod.metadata.labels?.[hashLabel] === templateHash(set.spec.template)).length;
  core.registry.change(
    daemonSets,
    nameOf(set),
    (draft) => {
      draft.status = {
        currentNumberScheduled: onTarget.length,
        desiredNumberScheduled: targets.length,
        numberMisscheduled: own.length - onTarget.length,
        numberReady: onTarget.filter(isReady).length,
        observedGeneration: set.metadata.generation ?? 1,
        ...(updated > 0 ? {updatedNumberScheduled: updated} : {}),
        ...(available > 0 ? {numberAvailable: available} : {}),
        ...(targets.length > available ? {numberUnavailable: targets.length - available} : {}),
      };
    },
    'status',
  );
  const pending = waits.filter((wait) => wait !== undefined && wait > 0) as number[];
  return pending.length > 0 ? Math.min(...pending) : undefined;
}
