import {isClusterError} from '../../cluster/errors.ts';
import {describeRef, kubectlList} from '../../cluster/names.ts';
import {StepError} from '../../io/errors.ts';
import type {Target} from '../../io/target.ts';
import {find} from '../common/objects.ts';
import type {ActionContext, UndoRecord} from '../define.ts';
import {budgetKind, budgetsOf, describeBudget} from './budgets.ts';

/** Milliseconds between two attempts where a budget says no and the API server does not say when to come back. */
const retryEvery = 1000;

interface Evictions {
  kind: string;
  pods: readonly Target[];
  gracePeriodSeconds: number | undefined;
  /** Makes the undo record of one eviction; asked right before each attempt. */
  undoOf: (pod: Target) => Promise<UndoRecord>;
}

/** How often the API server said that a pod may not go yet, and which budgets were the reason. */
export interface Refusals {
  refusals: number;
  blockedBy: string[];
}

/**
 * Evicts pods, each attempt as a mutation of its own. A pod that a disruption budget keeps does not hold up the others,
 * and is tried again until the signal aborts: then it rejects with a StepError that names the budgets. Resolves when
 * all evictions are accepted; the pods may still be ending.
 */
export async function evictAll(ctx: ActionContext, evictions: Evictions): Promise<Refusals> {
  const blockers = new Map<string, string>();
  let refusals = 0;
  let left = [...evictions.pods];
  try {
    for (;;) {
      const kept: Target[] = [];
      let pause = retryEvery;
      for (const pod of left) {
        const wait = await evictOne(ctx, evictions, pod);
        if (wait === undefined) continue;
        kept.push(pod);
        refusals += 1;
        pause = Math.max(pause, wait);
        for (const [name, state] of await blockersOf(ctx, pod)) blockers.set(name, state);
      }
      left = kept;
      if (left.length === 0) return {refusals, blockedBy: [...blockers.keys()]};
      await ctx.clock.sleep(pause, ctx.signal);
    }
  } catch (error) {
    if (!ctx.signal.aborted || refusals === 0) throw error;
    throw blocked(evictions, left, [...blockers.values()]);
  }
}

/** One attempt. Undefined when the pod is evicted or gone, else the milliseconds that the API server asks to wait. */
async function evictOne(
  ctx: ActionContext,
  {undoOf, gracePeriodSeconds}: Evictions,
  pod: Target,
): Promise<number | undefined> {
  const {signal} = ctx;
  const {name, namespace = '', uid} = pod;
  const undo = await undoOf(pod);
  try {
    await ctx.mutate({undo, target: pod}, ({cluster}) =>
      cluster.evict(
        {name, namespace, ...(uid === undefined ? {} : {uid})},
        {signal, ...(gracePeriodSeconds === undefined ? {} : {gracePeriodSeconds})},
      ),
    );
    return undefined;
  } catch (error) {
    if (isClusterError(error, 'tooManyRequests')) return (error.retryAfter ?? 0) * 1000;
    if (!isClusterError(error, 'notFound', 'conflict')) throw error;
    // Somebody else was faster: the pod of this UID is gone, and that is all that was wanted.
    const live = await find(ctx.cluster, pod, {signal});
    return live?.metadata.uid === uid ? 0 : undefined;
  }
}

/** The budgets that cover a pod, by name, with what they say of themselves. */
async function blockersOf({cluster, signal}: ActionContext, pod: Target): Promise<[string, string][]> {
  const live = await find(cluster, pod, {signal});
  const budgets = live === undefined ? [] : await budgetsOf(cluster, live, {signal});
  return budgets.map((budget) => [`${budget.metadata.namespace}/${budget.metadata.name}`, describeBudget(budget)]);
}

function blocked({kind, pods}: Evictions, left: readonly Target[], budgets: readonly string[]): StepError {
  const names = left.map(describeRef).join(', ');
  const why = budgets.length === 0 ? 'the API server asked to wait' : `kept by ${budgets.join(', ')}`;
  return new StepError(
    `${kind}: ${left.length} of ${pods.length} pods could not be evicted in time: ${names}, ${why}`,
    {
      code: 'E_EVICTION_BLOCKED',
      hint: `Look at the budgets with: ${kubectlList({...budgetKind, namespace: left[0]?.namespace ?? 'default'})}`,
    },
  );
}
