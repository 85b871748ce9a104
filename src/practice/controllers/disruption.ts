import type {Client} from '../core.ts';
import {podDisruptionBudgets, pods, replicaSets} from '../kinds.ts';
import {controllerOf, keyOf, setCondition} from '../objects.ts';
import {nameOf} from '../registry/registry.ts';
import {labelSelector} from '../selectors.ts';
import type {Tables} from '../tables.ts';
import type {Pod, PodDisruptionBudget} from '../workloads.ts';
import {startLoop} from './loop.ts';
import {isActive, isReady} from './podOwners.ts';

/** What a disruption budget counts. */
export interface Counts {
  currentHealthy: number;
  desiredHealthy: number;
  disruptionsAllowed: number;
  expectedPods: number;
}

/** Keeps the status of disruption budgets: how many pods are healthy, and how many may go. */
export function startDisruptionController(core: Client): void {
  const {view} = core;
  startLoop(core, {
    name: 'disruption',
    keysOf: ({resource, object}) => {
      if (resource === podDisruptionBudgets) return [keyOf(object)];
      if (resource !== pods && resource !== replicaSets) return [];
      return view.list(podDisruptionBudgets, object.metadata.namespace).map(keyOf);
    },
    reconcile: (key) => {
      const budget = view.byKey(podDisruptionBudgets, key);
      if (budget) writeStatus(core, budget);
    },
  });
}

/** Whether a budget is about a pod. */
export function covers(budget: PodDisruptionBudget, pod: Pod): boolean {
  return labelSelector(budget.spec.selector)(pod.metadata.labels);
}

/** Counts as they are now; the status follows a moment later, so that two evictions at once must not trust it. */
export function countsOf(known: Tables, budget: PodDisruptionBudget): Counts {
  const {minAvailable, maxUnavailable} = budget.spec;
  const covered = known.list(pods, budget.metadata.namespace).filter((pod) => covers(budget, pod) && isActive(pod));
  const currentHealthy = covered.filter(isReady).length;
  // Of how many something is a share is known from the pods' owners alone; without them nothing may go.
  const needsScale = typeof minAvailable === 'string' || maxUnavailable !== undefined;
  if (needsScale && covered.some((pod) => controllerOf(pod) === undefined)) {
    return {currentHealthy, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0};
  }
  const expectedPods = Math.max(covered.length, scaleOf(known, covered));
  const part = (value: number | string) =>
    typeof value === 'number' ? value : Math.ceil((Number.parseFloat(value) / 100) * expectedPods);
  const desiredHealthy =
    minAvailable === undefined ? Math.max(0, expectedPods - part(maxUnavailable ?? 0)) : part(minAvailable);
  const disruptionsAllowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
  return {currentHealthy, desiredHealthy, disruptionsAllowed, expectedPods};
}

/** As many pods as the ReplicaSets of the covered ones ask for. */
function scaleOf(known: Tables, covered: readonly Pod[]): number {
  const owners = covered.map(controllerOf).filter((owner) => owner?.kind === 'ReplicaSet');
  const names = new Set(owners.map((owner) => owner?.name ?? ''));
  const sets = [...names].map((name) => known.get(replicaSets, covered[0]?.metadata.namespace, name));
  return sets.reduce((sum, set) => sum + (set?.spec.replicas ?? 0), 0);
}

function writeStatus(core: Client, budget: PodDisruptionBudget): void {
  const counts = countsOf(core.view, budget);
  const observedGeneration = budget.metadata.generation ?? 1;
  const allowed = counts.disruptionsAllowed > 0;
  const condition = {
    type: 'DisruptionAllowed',
    status: allowed ? ('True' as const) : ('False' as const),
    reason: allowed ? 'SufficientPods' : 'InsufficientPods',
    message: '',
    observedGeneration,
  };
  core.registry.change(
    podDisruptionBudgets,
    nameOf(budget),
    (draft) => {
      const conditions = setCondition(draft.status?.conditions, condition, core.scope.now());
      draft.status = {...counts, observedGeneration, conditions};
    },
    'status',
  );
}
