import type {JsonObject} from '../../io/json.ts';
import type {ApiCore} from '../core.ts';
import {scales} from '../kinds.ts';
import type {KubeObject} from '../objects.ts';
import {badRequest, methodNotAllowed} from '../status.ts';
import type {Deployment, ReplicaSet} from '../workloads.ts';
import {knownFields} from './fieldValidation.ts';
import {applyPatch} from './patch.ts';
import type {ApiRequest, Target} from './request.ts';
import {requireRevision, writeOptions} from './writes.ts';

/** The `scale` subresource: get, update and patch of an `autoscaling/v1` Scale. */
export function serveScale(core: ApiCore, request: ApiRequest, {resource, namespace}: Target, name: string): object {
  const live = core.registry.read(resource, namespace, name) as Deployment | ReplicaSet;
  if (request.method === 'GET') return scaleOf(live);
  if (request.method !== 'PUT' && request.method !== 'PATCH') throw methodNotAllowed();
  const wanted =
    request.method === 'PUT'
      ? knownFields(request, scales, request.body, {as: 'object'})
      : knownFields(
          request,
          scales,
          applyPatch(scaleOf(live) as unknown as JsonObject, request.body, request.contentType),
          {as: 'patch'},
        );
  const {spec, metadata} = (wanted ?? {}) as {spec?: {replicas?: unknown}; metadata?: {resourceVersion?: string}};
  requireRevision(resource, live, metadata?.resourceVersion);
  const replicas = spec?.replicas ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas))
    throw badRequest('spec.replicas must be a whole number');
  const draft = structuredClone(live);
  draft.spec.replicas = replicas;
  return scaleOf(core.registry.replace(resource, draft, {name, namespace}, writeOptions(request)) as Deployment);
}

function scaleOf(
  object: KubeObject & {
    spec: {replicas: number; selector: {matchLabels?: Record<string, string>}};
    status: {replicas?: number};
  },
) {
  const {name, namespace, uid, resourceVersion, creationTimestamp} = object.metadata;
  const selector = Object.entries(object.spec.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {name, namespace, uid, resourceVersion, creationTimestamp},
    spec: {replicas: object.spec.replicas},
    status: {replicas: object.status.replicas ?? 0, selector: selector.join(',')},
  };
}
