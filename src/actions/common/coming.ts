import {matchesSelector} from '../../cluster/selector.ts';
import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject} from '../../io/json.ts';
import {valueAt} from '../fields/compare.ts';
import {numberAt} from './objects.ts';

/** What there will be once the earlier steps are done. */
export interface Coming {
  /** Objects that they make. */
  objects: readonly KubeObject[];
  defaultNamespace: string;
}

/** How many pods that match a selector there will be in a namespace, as many as their workloads declare. */
export function podsComing({objects}: Coming, namespace: string, selector: string): number {
  const counts = objects
    .filter(({metadata}) => metadata.namespace === namespace)
    .map((object) => (matchesSelector(labelsOf(object), selector) ? podsDeclared(object) : 0));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Labels of the pods of an object. */
function labelsOf(object: KubeObject): Record<string, string> {
  const path = ['metadata', 'labels'];
  const labels = valueAt(object, object.kind === 'Pod' ? path : ['spec', 'template', ...path]);
  return isJsonObject(labels) ? (labels as Record<string, string>) : {};
}

function podsDeclared(object: KubeObject): number {
  if (object.kind === 'Pod') return 1;
  // On how many nodes it finds room is for its controller to say; on one at least.
  if (object.kind === 'DaemonSet') return 1;
  if (object.kind === 'Job') return numberAt(object, ['spec', 'parallelism'], 1);
  return valueAt(object, ['spec', 'template']) === undefined ? 0 : numberAt(object, ['spec', 'replicas'], 1);
}
