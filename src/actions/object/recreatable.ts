import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {isCustom} from './owned-kinds.ts';

const serversMetadata = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
];

/**
 * A saved object in a form that the API server creates again: without what it gives itself, and without the ties to
 * things that are gone. A Service keeps its addresses, which are free again. The status of a custom resource is a part
 * of it where its kind has no subresource for it; where it has one, the API server leaves it out.
 */
export function recreatable({status, ...saved}: KubeObject): KubeObject {
  const kept = status !== undefined && isCustom(saved.apiVersion as string) ? {status} : {};
  const object = {...saved, ...kept, metadata: without(saved.metadata, serversMetadata)} as KubeObject;
  const {spec} = object;
  if (!isJsonObject(spec)) return object;
  if (object.kind === 'PersistentVolumeClaim') return claim(object, spec);
  if (object.kind === 'Job') return job(object, spec);
  // Debug containers are put into pods that are there; a Pod cannot be made with them.
  if (object.kind === 'Pod') return {...object, spec: without(spec, ['ephemeralContainers'])};
  return object;
}

/** A copy to keep: what `kubectl create -f` takes, and the status for whoever reads it. */
export function copyOf(live: KubeObject): KubeObject {
  const {status} = live;
  return {...recreatable(live), ...(status === undefined ? {} : {status})};
}

/** A claim that names the volume of its predecessor would be Lost: it is bound anew. */
function claim(object: KubeObject, spec: JsonObject): KubeObject {
  const {annotations = {}} = object.metadata;
  const kept = Object.entries(annotations).filter(([key]) => !key.includes('pv.kubernetes.io/'));
  const metadata = {...object.metadata, annotations: Object.fromEntries(kept)};
  return {...object, metadata, spec: without(spec, ['volumeName'])};
}

/** A Job's selector carries the UID of its predecessor, and the API server makes a new one. */
function job(object: KubeObject, spec: JsonObject): KubeObject {
  if (spec.manualSelector === true) return object;
  const labels = ['controller-uid', 'batch.kubernetes.io/controller-uid'];
  const template = isJsonObject(spec.template) ? spec.template : {};
  const metadata = isJsonObject(template.metadata) ? template.metadata : {};
  const clean = {...template, metadata: {...metadata, labels: without(metadata.labels, labels)}};
  return {...object, spec: {...without(spec, ['selector']), template: clean}};
}

function without(object: Json | undefined, keys: readonly string[]): JsonObject {
  const entries = Object.entries(isJsonObject(object) ? object : {});
  return Object.fromEntries(entries.filter(([key]) => !keys.includes(key)));
}
