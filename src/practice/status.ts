import {qualified, type Resource} from './kinds.ts';

/** A machine-readable detail of a failure, as in a Kubernetes Status. */
export interface Cause {
  reason?: string;
  message: string;
  field?: string;
}

interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: Cause[];
  retryAfterSeconds?: number;
}

/** An answer that the API server gives instead of the object: it becomes a Kubernetes `Status` on the wire. */
export class StatusError extends Error {
  readonly code: number;
  /** Empty where Kubernetes gives none: errors that it did not expect. */
  readonly reason: string;
  readonly details: StatusDetails | undefined;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.name = 'StatusError';
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  /** The body of the answer. */
  toStatus() {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason ? {reason: this.reason} : {}),
      ...(this.details ? {details: this.details} : {}),
      code: this.code,
    };
  }
}

const about = (resource: Resource, name: string, causes?: Cause[]): StatusDetails => ({
  ...(name ? {name} : {}),
  ...(resource.group ? {group: resource.group} : {}),
  kind: resource.plural,
  ...(causes ? {causes} : {}),
});

/** 404: no such object. */
export function notFound(resource: Resource, name: string): StatusError {
  return new StatusError(404, 'NotFound', `${qualified(resource)} "${name}" not found`, about(resource, name));
}

/** 404: no such path. */
export function noSuchPath(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

/** 404: no such path, and nothing that would answer with a Status. */
export class NoSuchPage extends Error {}

/** 409: an object of that name is there already. */
export function alreadyExists(resource: Resource, name: string, isGoing = false): StatusError {
  const message = `${isGoing ? 'object is being deleted: ' : ''}${qualified(resource)} "${name}" already exists`;
  return new StatusError(409, 'AlreadyExists', message, about(resource, name));
}

/** 409: the object is not as the writer believes. */
export function conflict(resource: Resource, name: string, why?: string): StatusError {
  const text = why ?? 'the object has been modified; please apply your changes to the latest version and try again';
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${text}`;
  return new StatusError(409, 'Conflict', message, about(resource, name));
}

/** 422: the object breaks rules of its kind; one cause per rule. */
export function invalid(resource: Resource, name: string, causes: readonly Required<Cause>[]): StatusError {
  const kind = resource.group ? `${resource.kind}.${resource.group}` : resource.kind;
  const details = {...about(resource, name, [...causes]), kind: resource.kind};
  return new StatusError(422, 'Invalid', `${kind} "${name ?? ''}" is invalid: ${listed(causes)}`, details);
}

/** What is wrong, each once. */
function listed(causes: readonly Required<Cause>[]): string {
  const texts = [...new Set(causes.map(({field, message}) => `${field}: ${message}`))];
  return texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
}

/** 422: the options of a call are wrong. */
export function invalidOptions(kind: string, causes: readonly Required<Cause>[]): StatusError {
  const group = 'meta.k8s.io';
  const message = `${kind}.${group} "" is invalid: ${listed(causes)}`;
  return new StatusError(422, 'Invalid', message, {group, kind, causes: [...causes]});
}

/** 422: a patch gives something that is no object of the kind. */
export function invalidPatch(value: string, why: string): StatusError {
  const message = `Invalid value: ${JSON.stringify(value)}: ${why}`;
  const causes = [{reason: 'FieldValueInvalid', message, field: 'patch'}];
  return new StatusError(422, 'Invalid', ` "" is invalid: patch: ${message}`, {causes});
}

/** 500: what Kubernetes itself did not expect, and tells without a reason. */
export function unexpected(message: string): StatusError {
  return new StatusError(500, '', message);
}

/** 403: the user may not, or the state of the cluster does not allow it. */
export function forbidden(resource: Resource, name: string, why: string, causes?: Cause[]): StatusError {
  const object = name ? `${qualified(resource)} "${name}"` : qualified(resource);
  return new StatusError(403, 'Forbidden', `${object} is forbidden: ${why}`, about(resource, name, causes));
}

/** 400: the request itself is wrong. */
export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

/** 410: the asked revision is no longer kept. */
export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

/** 405: the verb does not exist for this path. */
export function methodNotAllowed(): StatusError {
  return new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}
