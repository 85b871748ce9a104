import {countsOf, covers} from '../controllers/disruption.ts';
import {isActive, isReady} from '../controllers/podOwners.ts';
import type {ApiCore} from '../core.ts';
import {podDisruptionBudgets, pods} from '../kinds.ts';
import type {DeleteOptions} from '../registry/deletion.ts';
import {badRequest, StatusError, unexpected} from '../status.ts';
import type {Pod, PodDisruptionBudget} from '../workloads.ts';
import {decodeBody} from './decoding.ts';
import type {ApiRequest, Target} from './request.ts';
import {writeOptions} from './writes.ts';

/** The `eviction` subresource: a deletion that asks the disruption budgets first. Throws a 429 when one says no. */
export function serveEviction(core: ApiCore, request: ApiRequest, {namespace}: Target, name: string): object {
  const body = decodeBody(request, {kind: 'Eviction', group: 'policy', version: 'v1'}) as Eviction;
  if (body.metadata?.name !== name) throw badRequest('name in URL does not match name in Eviction object');
  const pod = core.registry.read(pods, namespace, name);
  const budgets = core.store.list(podDisruptionBudgets, namespace).filter((budget) => covers(budget, pod));
  if (budgets.length > 1) {
    throw unexpected(
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

interface Eviction {
  metadata?: {name?: string};
  deleteOptions?: DeleteOptions & {dryRun?: string[]};
}

function askBudget(core: ApiCore, budget: PodDisruptionBudget, pod: Pod): void {
  const {currentHealthy, desiredHealthy, disruptionsAllowed} = countsOf(core.store, budget);
  const allowed = isReady(pod) ? disruptionsAllowed > 0 : currentHealthy >= desiredHealthy;
  if (allowed) return;
  const {name} = budget.metadata;
  const message = `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  throw new StatusError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{reason: 'DisruptionBudget', message}],
  });
}
