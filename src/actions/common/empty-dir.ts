import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject} from '../../io/json.ts';
import {valueAt} from '../fields/compare.ts';

/** Whether a pod has data that go with it. */
export function hasEmptyDir(pod: KubeObject): boolean {
  const volumes = valueAt(pod, ['spec', 'volumes']);
  return Array.isArray(volumes) && volumes.some((volume) => isJsonObject(volume) && volume.emptyDir !== undefined);
}

/**
 * What a plan says of pods that a controller replaces: an emptyDir lives as long as its pod, which may go at any time, so
 * that nobody has to accept its loss; but it is told.
 */
export function emptyDirNotes(pods: readonly KubeObject[]): string[] {
  const losing = pods.filter((pod) => pod.kind === 'Pod' && hasEmptyDir(pod)).length;
  if (losing === 0) return [];
  return [`what ${losing === 1 ? '1 pod has' : `${losing} pods have`} in an emptyDir is lost for good`];
}
