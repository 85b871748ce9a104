import type {CanaryContext, ResidentCanary} from '../define.ts';
import {beatEvery, isCountable, minuteOf, residentLabel} from './rule.ts';

/** Where `kubedrill canary install` puts the resident canary. */
export const residentNamespace = 'kubedrill-canary';

/** The resident canary of a namespace, as a drill reads it. Its numbers are minutes since 1970 by its own clock. */
export function openResident({cluster, clock}: CanaryContext, namespace: string): ResidentCanary {
  // One rule for all reads of the run: else what grows too old between two of them would look lost.
  const opened = minuteOf(clock.wall());
  const query = {apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector: `${residentLabel}=beat`};
  return {
    resident: {every: beatEvery},
    read: async ({signal, timeout}) =>
      (await cluster.list(query, {signal, timeout, fresh: true}))
        .map(({metadata}) => Number(/^beat-(\d{1,15})$/.exec(metadata.name)?.[1] ?? Number.NaN))
        .filter((minute) => Number.isFinite(minute) && isCountable(minute, opened)),
  };
}
