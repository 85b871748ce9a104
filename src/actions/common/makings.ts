import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {valueAt} from '../fields/compare.ts';
import {recreatable} from '../object/recreatable.ts';
import type {Making} from '../planned.ts';
import {controllerOf} from './objects.ts';

/** The name under which a pod is tried out that its controller would name. */
const trialName = 'kubedrill-trial';

/** A pod as the controller of a workload makes it, to be tried out; nothing for what makes no pods. */
export function podsToMake(workload: KubeObject, why: Pick<Making, 'replaces'> = {}): Making[] {
  const template = valueAt(workload, ['spec', 'template']);
  if (!isJsonObject(template) || !isJsonObject(template.spec)) return [];
  const {metadata, spec} = template;
  const {labels, annotations} = isJsonObject(metadata) ? metadata : {};
  const {namespace, name, uid = ''} = workload.metadata;
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: trialName,
      ...(namespace === undefined ? {} : {namespace}),
      ...(labels === undefined ? {} : {labels}),
      ...(annotations === undefined ? {} : {annotations}),
      ownerReferences: [
        {apiVersion: workload.apiVersion, kind: workload.kind, name, uid: uid || trialName, controller: true},
      ],
    },
    spec: {...spec, ...withClaims(workload, spec)},
  } as unknown as KubeObject;
  return [{object: pod, by: 'controller', of: workload, ...why}];
}

/** Pods of which a controller makes others; of those with one owner, one stands for all. */
export function podsToReplace(pods: readonly KubeObject[]): Making[] {
  const ownerOf = (pod: KubeObject) => controllerOf(pod)?.uid ?? pod.metadata.uid;
  const distinct = new Map(pods.map((pod) => [ownerOf(pod), pod]));
  return [...distinct.values()].map((pod) => {
    const {metadata, spec, ...copy} = recreatable(pod);
    const {nodeName: _, ...anywhere} = isJsonObject(spec) ? spec : {};
    const object = {...copy, metadata: {...metadata, name: trialName}, spec: anywhere} as KubeObject;
    return {object, by: 'controller', of: pod, replaces: true};
  });
}

/** The volumes that a StatefulSet's controller gives its pods for its claims. */
function withClaims(workload: KubeObject, spec: JsonObject): {volumes?: Json[]} {
  const templates = valueAt(workload, ['spec', 'volumeClaimTemplates']);
  if (!Array.isArray(templates) || templates.length === 0) return {};
  const own = Array.isArray(spec.volumes) ? spec.volumes : [];
  const names = templates.flatMap((claim) => valueAt(claim as JsonObject, ['metadata', 'name']) ?? []);
  return {volumes: [...own, ...names.map((name) => ({name, persistentVolumeClaim: {claimName: name}}))]};
}
