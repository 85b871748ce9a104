import type {KubeObject} from '../../cluster/types.ts';
import {valueAt} from '../fields/compare.ts';

/**
 * Whether a StatefulSet has its claims deleted, and with them what is on their volumes, when it is deleted or when it is
 * scaled down (`persistentVolumeClaimRetentionPolicy`; the default keeps them).
 */
export function losesClaims(workload: KubeObject, occasion: 'whenDeleted' | 'whenScaled'): boolean {
  return valueAt(workload, ['spec', 'persistentVolumeClaimRetentionPolicy', occasion]) === 'Delete';
}

/** What is on the volumes of an object does not come back with it. */
export const volumeData = ({kind}: KubeObject): {loss: string; of: string} => ({loss: 'volumeData', of: kind});
