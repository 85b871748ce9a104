import type {JsonObject} from '../../io/json.ts';
import type {ApiCore} from '../core.ts';
import {deployments, type Resource} from '../kinds.ts';
import type {KubeObject} from '../objects.ts';
import {wrong} from '../registry/problems.ts';
import {badRequest, invalid, methodNotAllowed} from '../status.ts';
import type {Deployment, ReplicaSet} from '../workloads.ts';
import {decodeBody, decodePatched} from './decoding.ts';
import {checkWriteOptions} from './options.ts';
import {applyPatch} from './patch.ts';
import type {ApiRequest, Target} from './request.ts';
import {requireRevision, writeOptions} from './writes.ts';

const scales: Resource = {
  ...deployments,
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  plural: 'scales',
} as Resource;

/** The `scale` subresource: get, update and patch of an `autoscaling/v1` Scale. */
export function serveScale(core: ApiCore, request: ApiRequest, {resource, namespace}: Target, name: string): object {
  const live = core.registry.read(resource, namespace, name) as Deployment | ReplicaSet;
  if (request.method === 'GET') return scaleOf(live);
  if (request.method !== 'PUT' && request.method !== 'PATCH') throw methodNotAllowed();
  checkWriteOptions(request);
  const wanted =
    request.method === 'PUT'
      ? decodeBody(request, scales)
      : decodePatched(request, scales, applyPatch(scaleOf(live) as unknown as JsonObject, request));
  const {spec, metadata} = wanted as {spec?: {replicas?: number}; metadata?: {name?: string; resourceVersion?: string}};
  if (metadata?.name !== name) {
    throw badRequest(`the name of the object (${metadata?.name ?? ''}) does not match the name on the URL (${name})`);
  }
  requireRevision(resource, live, metadata.resourceVersion);
  const replicas = spec?.replicas ?? 0;
  if (replicas < 0) {
    throw invalid(scales, name, [wrong('spec.replicas', replicas, 'must be greater than or equal to 0')]);
  }
  const draft = structuredClone(live);
  draft.spec.replicas = replicas;
  const options = writeOptions(request, 'scale');
  return scaleOf(core.registry.replace(resource, draft, {name, namespace}, options) as Deployment);
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
    // Nought is left out, as everywhere in Kubernetes where it is the default.
    spec: object.spec.replicas === 0 ? {} : {replicas: object.spec.replicas},
    status: {replicas: object.status.replicas ?? 0, selector: selector.join(',')},
  };
}
