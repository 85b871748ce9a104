import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';

const imageReasons = new Set(['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull', 'ImageInspectError']);
const hopelessReasons = new Set([
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

/** Whether a pod is ready and not on its way out. */
export function podReady(pod: KubeObject): boolean {
  return pod.metadata.deletionTimestamp === undefined && condition(pod, 'Ready')?.status === 'True';
}

/** The node that a pod is on. */
export function nodeOf(pod: KubeObject): string | undefined {
  const {nodeName} = object(pod.spec);
  return typeof nodeName === 'string' ? nodeName : undefined;
}

/**
 * What keeps a pod from getting ready and will not pass by waiting; once `late`, also what might have.
 * `image`: the image cannot be had.
 */
export function describeTrouble(pod: KubeObject, late: boolean): {kind: 'image' | 'other'; detail: string} | undefined {
  const on = nodeOf(pod) === undefined ? '' : ` on node ${nodeOf(pod)}`;
  const status = object(pod.status);
  for (const container of [...list(status.initContainerStatuses), ...list(status.containerStatuses)]) {
    const waiting = object(object(container.state).waiting);
    const reason = String(waiting.reason ?? '');
    const detail = `${reason}${on}${waiting.message ? `: ${waiting.message}` : ''}`;
    if (imageReasons.has(reason) || (late && reason === 'ErrImagePull')) return {kind: 'image', detail};
    if (hopelessReasons.has(reason) || (late && reason !== ''))
      return {kind: 'other', detail: `${detail}${ended(container)}`};
  }
  if (status.phase === 'Failed')
    return {kind: 'other', detail: `the pod failed${on}: ${status.message ?? status.reason ?? ''}`};
  const scheduled = condition(pod, 'PodScheduled');
  if (late && scheduled?.status === 'False')
    return {kind: 'other', detail: String(scheduled.message ?? 'no node takes it')};
  return undefined;
}

/** How the container's last run ended. */
function ended(container: JsonObject): string {
  const {reason, exitCode} = object(object(container.lastState).terminated);
  return exitCode === undefined ? '' : `; its last run ended with exit code ${exitCode} (${reason})`;
}

const condition = (pod: KubeObject, type: string) =>
  list(object(pod.status).conditions).find((one) => one.type === type);
const object = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
const list = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);
