import {describeRef} from '../../cluster/names.ts';
import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject} from '../../io/json.ts';
import {freeze, numberAt} from '../common/objects.ts';
import {valueAt} from '../fields/compare.ts';
import {isCustom} from './owned-kinds.ts';
import {hasEnded} from './ties.ts';

/** Why the copy of an object would do its work a second time; undefined for what goes on until it is stopped. */
export function runsAgain(object: KubeObject): string | undefined {
  const what = describeRef(freeze(object));
  const isOver =
    (object.apiVersion === 'v1' && object.kind === 'Pod' && hasEnded(object)) ||
    (object.apiVersion === 'batch/v1' && object.kind === 'Job' && isFinished(object));
  return isOver ? `${what} has ended; made again from its copy, it would run a second time` : undefined;
}

function isFinished(job: KubeObject): boolean {
  const conditions = valueAt(job, ['status', 'conditions']);
  return (Array.isArray(conditions) ? conditions : []).some(
    (one) => isJsonObject(one) && (one.type === 'Complete' || one.type === 'Failed') && one.status === 'True',
  );
}

/** What an object has got done and would begin anew: its status is not made again with it. */
export function losesStatus(object: KubeObject): boolean {
  const {apiVersion, kind, status} = object;
  if (!isJsonObject(status) || Object.keys(status).length === 0) return false;
  if (isCustom(apiVersion) || kind === 'CertificateSigningRequest') return true;
  if (apiVersion === 'batch/v1' && kind === 'Job') {
    return ['succeeded', 'failed', 'active'].some((name) => numberAt(object, ['status', name], 0) > 0);
  }
  // One that is to end at some time begins from the start.
  const policy = valueAt(object, ['spec', 'restartPolicy']);
  return apiVersion === 'v1' && kind === 'Pod' && (policy === 'Never' || policy === 'OnFailure');
}
