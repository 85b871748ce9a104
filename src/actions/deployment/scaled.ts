import type {KubeObject} from '../../cluster/types.ts';
import type {JsonObject} from '../../io/json.ts';
import {numberAt} from '../common/objects.ts';

/**
 * The merge patch of the `scale` subresource that gives a workload so many replicas, if it is still as it was looked at:
 * the API server answers 409 when somebody else, an autoscaler say, has changed it since.
 */
export function scaled({metadata}: KubeObject, replicas: number): JsonObject {
  return {metadata: {resourceVersion: metadata.resourceVersion ?? ''}, spec: {replicas}};
}

/** How many pods of a workload are ready, as its controller counts them. */
export const readyPods = (workload: KubeObject): number => numberAt(workload, ['status', 'readyReplicas'], 0);
