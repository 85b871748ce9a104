import {describeRef, kubectl} from '../../cluster/names.ts';
import type {KubeObject} from '../../cluster/types.ts';
import type {Target} from '../../io/target.ts';
import type {UndoContext, UndoOutcome} from '../define.ts';
import {find, pollEvery} from './objects.ts';

/** What is still to come; `rested` when nothing is, or when it is not the drill's to wait for. */
export type Rest = {rested: true} | {waiting: string};

/**
 * Looks at a workload until it has come to rest. One that is gone, or on its way out, has. `back`: what is as before
 * although the workload is not yet, for the failure at the deadline: a sentence without a full stop.
 */
export async function untilRested(
  {cluster, clock, signal}: UndoContext,
  target: Target,
  {back, look}: {back: string; look: (live: KubeObject) => Rest | Promise<Rest>},
): Promise<(UndoOutcome & {state: 'failed'}) | undefined> {
  let seen = 'its pods were not looked at in time';
  while (!signal.aborted) {
    try {
      const live = await find(cluster, target, {signal});
      // What became of the object itself is not the question here.
      if (live === undefined || live.metadata.deletionTimestamp !== undefined) return undefined;
      const rest = await look(live);
      if ('rested' in rest) return undefined;
      seen = rest.waiting;
      await clock.sleep(pollEvery, signal);
    } catch (error) {
      // The deadline: what was seen last says more than the abort.
      if (!signal.aborted) throw error;
    }
  }
  const detail = `${back}, but ${describeRef(target)} is not: ${seen}`;
  return {state: 'failed', detail, command: kubectl('rollout status', target)};
}
