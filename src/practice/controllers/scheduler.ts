import type {Client, Core} from '../core.ts';
import {nodes, pods} from '../kinds.ts';
import {controllerOf, keyOf, type Node, setCondition} from '../objects.ts';
import {nameOf} from '../registry/registry.ts';
import type {Pod} from '../workloads.ts';
import {startLoop} from './loop.ts';
import {fitsNode} from './nodeFit.ts';
import {isActive} from './podOwners.ts';

const ours = 'default-scheduler';

/**
 * Binds pods to nodes: of those that fit, the one with the fewest pods of the same owner, then the fewest pods.
 * Resource requests are not counted.
 */
export function startScheduler(core: Client): void {
  startLoop(core, {
    name: 'scheduler',
    latency: 'schedule',
    keysOf: ({type, resource, object}) => {
      if (resource === pods && type !== 'DELETED') return (object as Pod).spec.nodeName ? [] : [keyOf(object)];
      if (resource !== nodes) return [];
      return core.view.list(pods).flatMap((pod) => (pod.spec.nodeName ? [] : [keyOf(pod)]));
    },
    reconcile: (key) => {
      const pod = core.view.byKey(pods, key);
      if (!pod || pod.spec.nodeName || pod.metadata.deletionTimestamp) return;
      // Others are for a scheduler of somebody else's.
      if ((pod.spec.schedulerName ?? ours) !== ours) return;
      const all = core.view.list(nodes);
      const reasons = all.map((node) => ({node, reason: fitsNode(pod.spec, node)}));
      const fitting = reasons.filter(({reason}) => reason === undefined).map(({node}) => node);
      const best = fitting.sort((a, b) => load(core, pod, a) - load(core, pod, b))[0];
      if (best) bind(core, pod, best.metadata.name);
      else
        refuse(
          core,
          pod,
          explain(
            reasons.flatMap(({reason}) => reason ?? []),
            all.length,
          ),
        );
    },
  });
}

function load(core: Client, pod: Pod, node: Node): number {
  const owner = controllerOf(pod)?.uid;
  const here = core.view.list(pods).filter((each) => each.spec.nodeName === node.metadata.name && isActive(each));
  const siblings = owner ? here.filter((each) => controllerOf(each)?.uid === owner).length : 0;
  return siblings * 1000 + here.length;
}

/** Sets the node of a pod; used by the `binding` subresource too. */
export function bind(core: Core, pod: Pod, node: string): void {
  const now = core.scope.now();
  const name = nameOf(pod);
  core.registry.change(pods, name, (draft) => {
    draft.spec.nodeName = node;
  });
  core.registry.change(
    pods,
    name,
    (draft) => {
      draft.status.conditions = setCondition(draft.status.conditions, {type: 'PodScheduled', status: 'True'}, now);
    },
    'status',
  );
  const message = `Successfully assigned ${keyOf(pod)} to ${node}`;
  core.recorder.record(pod, {type: 'Normal', reason: 'Scheduled', message, component: 'default-scheduler'});
}

function refuse(core: Client, pod: Pod, message: string): void {
  const condition = {type: 'PodScheduled', status: 'False' as const, reason: 'Unschedulable', message};
  core.registry.change(
    pods,
    nameOf(pod),
    (draft) => {
      draft.status.conditions = setCondition(draft.status.conditions, condition, core.scope.now());
    },
    'status',
  );
  core.recorder.record(pod, {type: 'Warning', reason: 'FailedScheduling', message, component: 'default-scheduler'});
}

function explain(reasons: readonly string[], total: number): string {
  const counts = Map.groupBy(reasons, (reason) => reason);
  const parts = [...counts].map(([reason, each]) => `${each.length} ${reason}`);
  return `0/${total} nodes are available: ${parts.join(', ') || 'there are none'}.`;
}
