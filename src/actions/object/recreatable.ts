import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';

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
 * things that are gone. A Service keeps its addresses, which are free again.
 */
export function recreatable({status: _status, ...saved}: KubeObject): KubeObject {
  const object = {...saved, metadata: without(saved.metadata, serversMetadata)} as KubeObject;
  const {spec} = object;
  if (!isJsonObject(spec)) return object;
  if (object.kind === 'PersistentVolumeClaim') return claim(object, spec);
  if (object.kind === 'Job') return job(object, spec);
  return object;
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
