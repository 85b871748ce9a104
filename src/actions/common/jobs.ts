import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject} from '../../io/json.ts';
import {valueAt} from '../fields/compare.ts';
import {numberAt} from './objects.ts';

export const isJob = ({apiVersion, kind}: {apiVersion: string; kind: string}): boolean =>
  apiVersion === 'batch/v1' && kind === 'Job';

/** Kubernetes' default of `backoffLimit`. */
const usualRetries = 6;

/** How many pods of a Job may still fail before it fails for good; a pod that somebody deletes has failed. */
export const retriesLeft = (job: KubeObject): number =>
  numberAt(job, ['spec', 'backoffLimit'], usualRetries) - numberAt(job, ['status', 'failed'], 0);

/** Whether a Job has ended, and how. */
export function endOf(job: KubeObject): 'Complete' | 'Failed' | undefined {
  const conditions = valueAt(job, ['status', 'conditions']);
  const holds = (type: string) =>
    Array.isArray(conditions) &&
    conditions.some((one) => isJsonObject(one) && one.type === type && one.status === 'True');
  return holds('Complete') ? 'Complete' : holds('Failed') ? 'Failed' : undefined;
}

/** How many of the pods that a Job had it still needs: others may have done their work meanwhile. */
export function neededBy(job: KubeObject, desired: number): number {
  const done = numberAt(job, ['status', 'succeeded'], 0);
  const completions = valueAt(job, ['spec', 'completions']);
  // Without a number, the first that succeeds says that all work is done.
  const left = typeof completions === 'number' ? completions - done : done > 0 ? 0 : desired;
  return Math.min(desired, left);
}
