import {isActive, isReady} from '../controllers/podOwners.ts';
import type {Core} from '../core.ts';
import {podDisruptionBudgets, pods, replicaSets} from '../kinds.ts';
import {controllerOf, type KubeObject, type LabelSelector} from '../objects.ts';
import type {DeleteOptions} from '../registry/deletion.ts';
import {labelSelector} from '../selectors.ts';
import {StatusError} from '../status.ts';
import type {Pod, ReplicaSet} from '../workloads.ts';
import type {ApiRequest, Target} from './request.ts';
import {writeOptions} from './writes.ts';

type Budget = KubeObject & {
  spec?: {selector?: LabelSelector; minAvailable?: number | string; maxUnavailable?: number | string};
};

/** The `eviction` subresource: a deletion that asks the disruption budgets first. Throws a 429 when one says no. */
export function serveEviction(core: Core, request: ApiRequest, {namespace}: Target, name: string): object {
  const pod = core.registry.read(pods, namespace, name);
  const body = (request.body ?? {}) as {deleteOptions?: DeleteOptions & {dryRun?: string[]}};
  const budgets = (core.store.list(podDisruptionBudgets, namespace) as Budget[]).filter((budget) =>
    labelSelector(budget.spec?.selector)(pod.metadata.labels),
  );
  if (budgets.length > 1) {
    throw new StatusError(
      500,
      'InternalError',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  const [budget] = budgets;
  // A pod that does not serve may always go when the budget is met without it; one that never ran holds nothing up.
  if (budget && pod.spec.nodeName && isActive(pod)) askBudget(core, budget, pod);
  const dryRun = writeOptions(request).dryRun === true || (body.deleteOptions?.dryRun?.length ?? 0) > 0;
  core.registry.delete(pods, {name, namespace}, {...body.deleteOptions, dryRun});
  return {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201};
}

function askBudget(core: Core, budget: Budget, pod: Pod): void {
  const {selector, minAvailable, maxUnavailable} = budget.spec ?? {};
  const covered = core.store
    .list(pods, pod.metadata.namespace)
    .filter((each) => labelSelector(selector)(each.metadata.labels) && isActive(each));
  const healthy = covered.filter(isReady).length;
  const expected = Math.max(covered.length, expectedPods(core, covered));
  const part = (value: number | string) =>
    typeof value === 'number' ? value : Math.ceil((Number.parseFloat(value) / 100) * expected);
  const desired = minAvailable !== undefined ? part(minAvailable) : expected - part(maxUnavailable ?? 0);
  const allowed = isReady(pod) ? healthy - desired > 0 : healthy >= desired;
  if (allowed) return;
  const message = `The disruption budget ${budget.metadata.name} needs ${desired} healthy pods and has ${healthy} currently`;
  throw new StatusError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{reason: 'DisruptionBudget', message}],
  });
}

/** As many pods as their ReplicaSets ask for. */
function expectedPods(core: Core, covered: readonly Pod[]): number {
  const sets = new Set(
    covered
      .map(controllerOf)
      .filter((each) => each?.kind === 'ReplicaSet')
      .map((each) => each?.name ?? ''),
  );
  const namespace = covered[0]?.metadata.namespace;
  return [...sets].reduce(
    (sum, name) => sum + ((core.store.get(replicaSets, namespace, name) as ReplicaSet | undefined)?.spec.replicas ?? 0),
    0,
  );
}
