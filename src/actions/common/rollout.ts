import type {KubeObject} from '../../cluster/types.ts';
import {valueAt} from '../fields/compare.ts';
import {numberAt} from './objects.ts';

/**
 * Whether a rollout leaves a pod as it is by design: one of a workload that is paused or updates on delete only, or of a
 * StatefulSet below its partition.
 */
export function isKeptByDesign(workload: KubeObject, pod: KubeObject): boolean {
  if (workload.kind === 'Deployment') return valueAt(workload, ['spec', 'paused']) === true;
  if (valueAt(workload, ['spec', 'updateStrategy', 'type']) === 'OnDelete') return true;
  if (workload.kind !== 'StatefulSet') return false;
  const partition = numberAt(workload, ['spec', 'updateStrategy', 'rollingUpdate', 'partition'], 0);
  return ordinalOf(pod) - numberAt(workload, ['spec', 'ordinals', 'start'], 0) < partition;
}

/** The number at the end of a StatefulSet's pod's name. */
const ordinalOf = ({metadata}: KubeObject): number => Number(/-(\d+)$/.exec(metadata.name)?.[1] ?? 0);
