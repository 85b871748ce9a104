import {describeRef} from '../../cluster/names.ts';
import {matchesSelector} from '../../cluster/selector.ts';
import type {CallOptions, ClusterReader, KubeObject} from '../../cluster/types.ts';
import {isJsonObject} from '../../io/json.ts';
import {numberAt, refOf, selectorText} from '../common/objects.ts';
import {valueAt} from '../fields/compare.ts';

export const budgetKind = {apiVersion: 'policy/v1', kind: 'PodDisruptionBudget'} as const;

/** The disruption budgets that cover a pod. More than one, and the API server evicts it never. */
export async function budgetsOf(
  cluster: ClusterReader,
  {metadata: {namespace, labels = {}}}: KubeObject,
  options: CallOptions,
): Promise<KubeObject[]> {
  const query = {...budgetKind, ...(namespace === undefined ? {} : {namespace})};
  const budgets = await cluster.list(query, options);
  return budgets.filter((budget) => {
    const selector = valueAt(budget, ['spec', 'selector']);
    const text = selectorText(selector);
    // In policy/v1 an empty selector means all pods, an absent one none.
    return isJsonObject(selector) && (text === '' || matchesSelector(labels, text));
  });
}

/** `PodDisruptionBudget shop/web (2 healthy pods, 2 needed, 0 may go)`. */
export function describeBudget(budget: KubeObject): string {
  const count = (name: string) => numberAt(budget, ['status', name], 0);
  const state = `${count('currentHealthy')} healthy pods, ${count('desiredHealthy')} needed, ${count('disruptionsAllowed')} may go`;
  return `${describeRef(refOf(budget))} (${state})`;
}
