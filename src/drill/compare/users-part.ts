import {isControllersNote} from '../../actions/common/controllers-notes.ts';
import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';

/** Labels that name a UID, which a recreated object does not keep. */
const labelsOfUids = new Set(['controller-uid', 'batch.kubernetes.io/controller-uid']);

/** Heartbeats: who leads, and since when. */
const heartbeats = new Set(['acquireTime', 'holderIdentity', 'leaseTransitions', 'renewTime']);

/**
 * What an object is by the will of its users: without what the API server counts (UID, versions, field owners, birth),
 * the status, and the notes of controllers. That it is on its way out is part of it.
 */
export function usersPart({status: _status, metadata, ...rest}: KubeObject): JsonObject {
  const {
    uid: _uid,
    resourceVersion: _version,
    generation: _generation,
    managedFields: _fields,
    creationTimestamp: _born,
    selfLink: _link,
    deletionTimestamp,
    deletionGracePeriodSeconds: _grace,
    annotations,
    labels,
    ownerReferences,
    ...kept
  } = metadata;
  const own: JsonObject = {
    ...kept,
    ...filled('annotations', without(annotations, isControllersNote)),
    ...filled(
      'labels',
      without(labels, (name) => labelsOfUids.has(name)),
    ),
    ...(ownerReferences === undefined ? {} : {ownerReferences: withoutUids(ownerReferences)}),
    ...(deletionTimestamp === undefined ? {} : {deletionTimestamp: 'set'}),
  };
  return {...rest, ...specOf(rest.kind, rest), metadata: own};
}

/** A map without some of its members; undefined when nothing is left: to the API server that is the same. */
function without(map: Json | undefined, isLeftOut: (name: string) => boolean): JsonObject | undefined {
  if (!isJsonObject(map)) return undefined;
  const kept = Object.entries(map).filter(([name]) => !isLeftOut(name));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

const filled = (name: string, value: JsonObject | undefined): JsonObject =>
  value === undefined ? {} : {[name]: value};

const withoutUids = (references: Json): Json =>
  Array.isArray(references) ? references.map((one) => without(one, (name) => name === 'uid') ?? one) : references;

/** Parts of a spec that the platform fills in for this very object. */
function specOf(kind: string, {spec}: JsonObject): JsonObject {
  if (!isJsonObject(spec)) return {};
  if (kind === 'Lease') return {spec: without(spec, (name) => heartbeats.has(name)) ?? {}};
  if (kind === 'Pod') return {spec: podSpec(spec)};
  if (kind === 'PersistentVolume' && isJsonObject(spec.claimRef)) {
    const claimRef = without(spec.claimRef, (name) => name === 'uid' || name === 'resourceVersion') ?? {};
    return {spec: {...spec, claimRef}};
  }
  if (kind === 'Job') {
    const {selector: _selector, template, ...job} = spec;
    return {spec: {...job, ...(template === undefined ? {} : {template: templateOf(template)})}};
  }
  return {};
}

/** A Job's labels of its pods name its UID. */
function templateOf(template: Json): Json {
  if (!isJsonObject(template) || !isJsonObject(template.metadata)) return template;
  const labels = without(template.metadata.labels, (name) => labelsOfUids.has(name));
  return {...template, metadata: {...template.metadata, labels}};
}

/** A pod by itself: without its node, and the token volume whose name is made up for it. */
function podSpec({nodeName: _node, volumes, containers, initContainers, ...spec}: JsonObject): JsonObject {
  const isToken = (one: Json) =>
    isJsonObject(one) && typeof one.name === 'string' && /^kube-api-access-/.test(one.name);
  const listed = (name: string, list: Json | undefined, map: (item: Json) => Json = (item) => item): JsonObject => {
    if (!Array.isArray(list)) return {};
    const kept = list.filter((item) => !isToken(item)).map(map);
    return kept.length === 0 ? {} : {[name]: kept};
  };
  const container = (one: Json): Json => {
    if (!isJsonObject(one)) return one;
    const {volumeMounts, ...rest} = one;
    return {...rest, ...listed('volumeMounts', volumeMounts)};
  };
  return {
    ...spec,
    ...listed('volumes', volumes),
    ...listed('containers', containers, container),
    ...listed('initContainers', initContainers, container),
  };
}
