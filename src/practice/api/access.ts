import {qualified, type Resource} from '../kinds.ts';
import {StatusError} from '../status.ts';
import type {User} from './request.ts';

/** What a request wants to do, as in a SelfSubjectAccessReview. */
export interface AccessAttributes {
  verb: string;
  group: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
}

/** Takes permissions away: true denies. Without one, everybody may do everything. */
export type Deny = (attributes: AccessAttributes, user: User) => boolean;

/** Throws a 403 in Kubernetes' words when the user may not do it. */
export function authorize(deny: Deny, attributes: AccessAttributes, user: User, resource: Resource): void {
  if (!deny(attributes, user)) return;
  const {verb, group, namespace, name, subresource} = attributes;
  const plural = subresource ? `${attributes.resource}/${subresource}` : attributes.resource;
  const scope = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
  const object = name ? `${qualified(resource)} "${name}"` : qualified(resource);
  const why = `User "${user.name}" cannot ${verb} resource "${plural}" in API group "${group}" ${scope}`;
  const details = {kind: resource.plural, ...(group ? {group} : {}), ...(name ? {name} : {})};
  throw new StatusError(403, 'Forbidden', `${object} is forbidden: ${why}`, details);
}

/** Answers a SelfSubjectAccessReview. */
export function reviewAccess(deny: Deny, body: unknown, user: User): object {
  const review = (body ?? {}) as {
    spec?: {resourceAttributes?: Partial<AccessAttributes>; nonResourceAttributes?: object};
  };
  const {resourceAttributes, nonResourceAttributes} = review.spec ?? {};
  if ((resourceAttributes === undefined) === (nonResourceAttributes === undefined)) {
    const message = 'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';
    const causes = [{reason: 'FieldValueInvalid', message, field: 'spec.resourceAttributes'}];
    const group = 'authorization.k8s.io';
    throw new StatusError(422, 'Invalid', `.${group} "" is invalid: spec.resourceAttributes: ${message}`, {
      group,
      causes,
    });
  }
  const asked = resourceAttributes ?? {};
  const [plural = '', sub] = (asked.resource ?? '').split('/');
  const attributes: AccessAttributes = {
    verb: asked.verb ?? '',
    group: asked.group ?? '',
    resource: plural,
    subresource: asked.subresource ?? sub ?? '',
    namespace: asked.namespace ?? '',
    name: asked.name ?? '',
  };
  const denied = deny(attributes, user);
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: review.spec ?? {},
    status: denied ? {allowed: false, reason: 'denied by the practice cluster'} : {allowed: true},
  };
}
