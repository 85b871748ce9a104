import {describeRef, groupOf} from '../../cluster/names.ts';
import type {ClusterReader, KubeObject} from '../../cluster/types.ts';
import {isJsonObject} from '../../io/json.ts';
import {freeze} from '../common/objects.ts';
import type {PlannedLoss} from '../define.ts';
import {volumeData} from '../deployment/claims.ts';
import {valueAt} from '../fields/compare.ts';
import type {Dependents} from './dependents.ts';
import {losesStatus} from './ended.ts';
import {foreignFinalizers} from './holders.ts';
import {isCustom} from './owned-kinds.ts';

interface Looking {
  cluster: ClusterReader;
  signal: AbortSignal;
}

/** What is lost for good when objects are deleted, although they themselves come back. */
export async function lossesOf(
  looking: Looking,
  objects: readonly KubeObject[],
  {found, lost, cut}: Pick<Dependents, 'found' | 'lost' | 'cut'>,
): Promise<PlannedLoss[]> {
  const own = await Promise.all(
    objects.map(async (object) => (losesStatus(object) && (await isApart(looking, object)) ? [statusOf(object)] : [])),
  );
  return [
    ...[...objects, ...found].flatMap((object) => [...dataOf(object), ...finalizedBy(object)]),
    ...own.flat(),
    ...lost.map((object) => ({loss: 'objects', of: object.kind, what: describeRef(freeze(object))})),
    ...cut.map((pod) => ({
      loss: 'credentials',
      of: 'Pod',
      what: `the token of ${describeRef(freeze(pod))}, which is valid for this UID of its account alone`,
    })),
  ];
}

function dataOf(object: KubeObject): PlannedLoss[] {
  if (['PersistentVolumeClaim', 'PersistentVolume'].includes(object.kind)) return [volumeData(object)];
  const isBalanced = object.kind === 'Service' && valueAt(object, ['spec', 'type']) === 'LoadBalancer';
  return isBalanced ? [{loss: 'addresses', of: 'Service'}] : [];
}

/** Whoever has put a finalizer there does something else away before the object goes: what, only they know. */
function finalizedBy(object: KubeObject): PlannedLoss[] {
  const names = foreignFinalizers(object);
  if (names.length === 0) return [];
  const what = `what the controller of ${names.join(', ')} takes away with ${describeRef(freeze(object))}`;
  return [{loss: 'resources', of: object.kind, what}];
}

const statusOf = (object: KubeObject): PlannedLoss => ({
  loss: 'status',
  of: object.kind,
  what: `${describeRef(freeze(object))} begins anew`,
});

/** Whether a status is lost: where a custom kind has no subresource for it, it is a part of the object. */
async function isApart({cluster, signal}: Looking, {apiVersion, kind}: KubeObject): Promise<boolean> {
  if (!isCustom(apiVersion)) return true;
  const {group, version, resource} = await cluster.resource(apiVersion, kind, {signal});
  const {status, body} = await cluster.raw(`/${groupOf(apiVersion) === '' ? 'api' : `apis/${group}`}/${version}`, {
    signal,
  });
  const list: unknown = status === 200 ? JSON.parse(body) : undefined;
  if (!isJsonObject(list) || !Array.isArray(list.resources)) return true;
  return list.resources.some((one) => isJsonObject(one) && one.name === `${resource}/status`);
}
