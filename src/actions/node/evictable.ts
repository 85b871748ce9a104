import {describeRef} from '../../cluster/names.ts';
import type {KubeObject} from '../../cluster/types.ts';
import type {Json} from '../../io/json.ts';
import {refused} from '../common/absent.ts';
import {hasEmptyDir} from '../common/empty-dir.ts';
import {type Healer, isMirror} from '../common/heals.ts';
import {controllerOf, freeze} from '../common/objects.ts';
import {valueAt} from '../fields/compare.ts';

/** What a drain may do that loses something; the names are kubectl's. */
export interface Consent {
  ignoreDaemonSets: boolean;
  force: boolean;
  deleteEmptyDirData: boolean;
}

/** Why a drain leaves a pod where it is; undefined for one that has to go. */
export function reasonToStay(pod: KubeObject): string | undefined {
  const {labels = {}, deletionTimestamp} = pod.metadata;
  if (isMirror(pod)) return 'a static pod of the node itself';
  if (deletionTimestamp !== undefined) return 'on its way out';
  const phase = valueAt(pod, ['status', 'phase']);
  if (phase === 'Succeeded' || phase === 'Failed') return 'has ended';
  if (labels['app.kubernetes.io/name'] === 'kubedrill-prober') return "kubedrill's own prober";
  return controllerOf(pod)?.kind === 'DaemonSet' ? 'belongs to a DaemonSet' : undefined;
}

/** Throws one RefusedError with every reason, `others` included, why the pods of a node must not all be evicted. */
export function checkConsent(
  kind: string,
  pods: readonly {pod: KubeObject; healer: Healer | undefined; budgets: readonly KubeObject[]}[],
  staying: readonly KubeObject[],
  {others, ...consent}: Consent & {others: readonly string[]},
): void {
  const owned = staying.filter((pod) => reasonToStay(pod) === 'belongs to a DaemonSet');
  const reasons = [
    ...others,
    ...(consent.ignoreDaemonSets ? [] : owned.map((pod) => `${nameOf(pod)} belongs to a DaemonSet (ignoreDaemonSets)`)),
    ...pods.flatMap(({pod, healer, budgets}) => [
      ...(isRunner(pod) ? [`${nameOf(pod)} is kubedrill itself, which would end the drill`] : []),
      ...(hasEmptyDir(pod) && !consent.deleteEmptyDirData
        ? [`${nameOf(pod)} has data in an emptyDir, which are lost (deleteEmptyDirData)`]
        : []),
      ...(healer === undefined ? unhealed(pod, consent) : []),
      ...(budgets.length > 1 ? [`${nameOf(pod)} has ${budgets.length} disruption budgets, and may have one only`] : []),
    ]),
  ];
  if (reasons.length === 0) return;
  const hint = 'Where a consent stands in brackets, give it in `with`; else choose another node.';
  throw refused(kind, reasons.join('; '), hint);
}

function unhealed(pod: KubeObject, {force}: Consent): string[] {
  if (force) return [];
  const owner = controllerOf(pod);
  const why =
    owner === undefined ? 'has no controller that would' : `belongs to a ${owner.kind} that is gone and cannot`;
  return [`${nameOf(pod)} ${why} replace it (force)`];
}

/** Whether a kubedrill lives in a pod: by its label, or by the last part of an image's name. */
function isRunner(pod: KubeObject): boolean {
  const containers = valueAt(pod, ['spec', 'containers']);
  const images = Array.isArray(containers) ? containers.map((container: Json) => valueAt(container, ['image'])) : [];
  return (
    pod.metadata.labels?.['app.kubernetes.io/name'] === 'kubedrill' ||
    images.some((image) => typeof image === 'string' && /(?:^|\/)kubedrill(?:[:@]|$)/.test(image))
  );
}

const nameOf = (pod: KubeObject): string => describeRef(freeze(pod));
