import {bind} from '../controllers/scheduler.ts';
import type {ApiCore} from '../core.ts';
import {pods} from '../kinds.ts';
import {conflict} from '../status.ts';
import {decodeBody} from './decoding.ts';
import type {ApiRequest, Target} from './request.ts';

/** The `binding` subresource: gives a pod its node, whether there is such a node or not. Throws a 409 when it has one. */
export function serveBinding(core: ApiCore, request: ApiRequest, {namespace}: Target, name: string): object {
  const {target} = decodeBody(request, {kind: 'Binding', group: '', version: 'v1'}) as {target?: {name?: string}};
  const pod = core.registry.read(pods, namespace, name);
  if (pod.spec.nodeName) {
    const why = `pod ${name} is already assigned to node "${pod.spec.nodeName}"`;
    throw conflict({...pods, plural: 'pods/binding'}, name, why);
  }
  bind(core, pod, target?.name ?? '');
  return {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201};
}
