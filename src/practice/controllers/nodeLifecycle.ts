import {isDeepStrictEqual} from 'node:util';
import type {Client} from '../core.ts';
import {nodes, pods} from '../kinds.ts';
import {type Condition, conditionOf, keyOf, type Node, setCondition, type Taint} from '../objects.ts';
import {nameOf} from '../registry/registry.ts';
import type {Pod} from '../workloads.ts';
import {startLoop} from './loop.ts';
import {tolerationOf} from './nodeFit.ts';
import {isActive} from './podOwners.ts';

const prefix = 'node.kubernetes.io/';
/** The taints that say what is wrong with a node; all others are the business of those who set them. */
const ours = ['unschedulable', 'not-ready', 'unreachable'].map((name) => prefix + name);

/**
 * The node lifecycle controller: turns a cordon and a lost kubelet into taints, and evicts pods that do not tolerate
 * a NoExecute taint, or tolerate it for a time only, when that time is over.
 */
export function startNodeLifecycle(core: Client): void {
  startLoop(core, {
    name: 'node lifecycle',
    keysOf: ({type, resource, object}) => (resource === nodes && type !== 'DELETED' ? [keyOf(object)] : []),
    reconcile: (key) => taint(core, key),
  });
  startLoop(core, {
    name: 'taint eviction',
    keysOf: ({type, resource, object}) => {
      if (type === 'DELETED') return [];
      if (resource === pods) return [keyOf(object)];
      if (resource !== nodes) return [];
      return podsOn(core, object.metadata.name).map(keyOf);
    },
    reconcile: (key, loop) => {
      const pod = core.view.byKey(pods, key);
      const wait = pod && isActive(pod) ? untilEvicted(core, pod) : undefined;
      if (pod === undefined || wait === undefined) return;
      if (wait > 0) return loop.enqueue(key, wait);
      const message = `Marking for deletion Pod ${key}`;
      core.recorder.record(pod, {type: 'Normal', reason: 'TaintManagerEviction', message, component: 'taint-eviction'});
      core.registry.delete(pods, nameOf(pod));
    },
  });
}

/** Nobody has heard of a node for its grace period: it and its pods no longer count as ready. */
export function markUnreachable(core: Client, name: string): void {
  const unknown = (type: string): Condition => ({
    type,
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  });
  setReady(core, name, unknown('Ready'), 'NodeNotReady');
  const failed: Condition = {type: 'Ready', status: 'False', reason: 'NodeNotReady'};
  for (const pod of podsOn(core, name)) {
    core.registry.change(
      pods,
      nameOf(pod),
      (draft) => {
        draft.status.conditions = setCondition(draft.status.conditions, failed, core.scope.now());
      },
      'status',
    );
  }
}

/** The kubelet of a node is back and says so. */
export function markReady(core: Client, name: string): void {
  const message = 'the practice cluster simulates this node';
  setReady(core, name, {type: 'Ready', status: 'True', reason: 'KubeletReady', message}, 'NodeReady');
}

function setReady(core: Client, name: string, condition: Condition, reason: string): void {
  const changed = core.registry.change(
    nodes,
    {name},
    (draft) => {
      draft.status.conditions = setCondition(draft.status.conditions, condition, core.scope.now());
    },
    'status',
  );
  if (!changed) return;
  const message = `Node ${name} status is now: ${reason}`;
  core.recorder.record(changed, {type: 'Normal', reason, message, component: 'node-controller'});
}

const podsOn = (core: Client, node: string) => core.view.list(pods).filter((pod) => pod.spec.nodeName === node);

/** Sets the taints that follow from the node's state; those that are there keep their time. */
function taint(core: Client, name: string): void {
  const node = core.view.get(nodes, undefined, name);
  if (!node) return;
  const now = core.scope.now();
  const present = node.spec.taints ?? [];
  const wanted = taintsFor(node).map((each) => present.find((old) => isSame(old, each)) ?? {...each, timeAdded: now});
  const next = [...present.filter(({key}) => !ours.includes(key)), ...wanted];
  if (isDeepStrictEqual(next, present)) return;
  core.registry.change(nodes, {name}, (draft) => {
    if (next.length > 0) draft.spec.taints = next;
    else delete draft.spec.taints;
  });
}

const isSame = (one: Taint, other: Taint) => one.key === other.key && one.effect === other.effect;

function taintsFor({spec, status}: Node): Taint[] {
  const ready = conditionOf(status.conditions, 'Ready')?.status;
  const trouble = {False: 'not-ready', Unknown: 'unreachable', True: undefined}[ready ?? 'Unknown'];
  return [
    ...(spec.unschedulable ? [{key: `${prefix}unschedulable`, effect: 'NoSchedule'}] : []),
    ...(trouble ? ['NoSchedule', 'NoExecute'].map((effect) => ({key: prefix + trouble, effect})) : []),
  ];
}

/** Milliseconds until a pod must leave its node because of a taint; undefined when it may stay. */
function untilEvicted(core: Client, pod: Pod): number | undefined {
  const node = core.view.get(nodes, undefined, pod.spec.nodeName ?? '');
  const waits = (node?.spec.taints ?? [])
    .filter(({effect}) => effect === 'NoExecute')
    .flatMap((each) => {
      const toleration = tolerationOf(pod.spec, each);
      if (!toleration) return [0];
      if (toleration.tolerationSeconds === undefined) return [];
      const since = Date.parse(each.timeAdded ?? core.scope.now());
      return [Math.max(0, since + toleration.tolerationSeconds * 1000 - core.scope.clock.wall().getTime())];
    });
  return waits.length > 0 ? Math.min(...waits) : undefined;
}
