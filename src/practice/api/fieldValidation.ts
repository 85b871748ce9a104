import kubernetes from '../../../schema/kubernetes-fields.json' with {type: 'json'};
import {isJsonObject, type Json} from '../../io/json.ts';
import {apiVersionOf, type Resource} from '../kinds.ts';
import {badRequest, StatusError} from '../status.ts';
import type {ApiRequest} from './request.ts';

const kinds: Readonly<Record<string, string | undefined>> = kubernetes.kinds;
const types: Readonly<Record<string, Readonly<Record<string, string>> | undefined>> = kubernetes.types;

/** How a kind of write speaks of fields that its kind does not have. */
type Sent = {as: 'object'} | {as: 'patch'} | {as: 'apply'; name: string};

/**
 * The object without the fields that its kind does not have: the API server drops them with a warning.
 * `fieldValidation=Strict` refuses them with a 400 or 422, and `Ignore` says nothing. Server-side apply never takes
 * them, and the API server answers it with a 500.
 */
export function knownFields(request: ApiRequest, resource: Resource, given: unknown, sent: Sent): unknown {
  const unknown: string[] = [];
  const known = prune(kinds[`${apiVersionOf(resource)} ${resource.kind}`] ?? '', given as Json, '', unknown);
  if (unknown.length === 0) return given;
  if (sent.as === 'apply') throw notDeclared(resource, sent.name, unknown);
  const faults = unknown.map((path) => `unknown field "${path}"`);
  const mode = request.query.get('fieldValidation');
  if (mode !== 'Strict') {
    if (mode !== 'Ignore') request.warnings.push(...faults);
    return known;
  }
  const {kind, version} = resource;
  const said = `strict decoding error: ${faults.join(', ')}`;
  if (sent.as === 'object') {
    throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${said}`);
  }
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(given))}: ${said}`;
  throw new StatusError(422, 'Invalid', ` "" is invalid: patch: ${message}`, {
    causes: [{reason: 'FieldValueInvalid', message, field: 'patch'}],
  });
}

/** A value without the fields that its type does not have; `unknown` gets their paths, as the API server writes them. */
function prune(type: string, value: Json, path: string, unknown: string[]): Json {
  const inner = type.slice(2);
  if (type.startsWith('[]') && Array.isArray(value)) {
    return value.map((item, index) => prune(inner, item, `${path}[${index}]`, unknown));
  }
  if (!isJsonObject(value)) return value;
  if (type.startsWith('{}')) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, prune(inner, item ?? null, `${path}.${key}`, unknown)]),
    );
  }
  const fields = types[type];
  if (fields === undefined) return value;
  const kept: [string, Json][] = [];
  for (const [key, item = null] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    const within = fields[key];
    if (within !== undefined) kept.push([key, prune(within, item, at, unknown)]);
    // Directives of a strategic merge patch are no fields.
    else if (key.startsWith('$')) kept.push([key, item]);
    else unknown.push(at);
  }
  return Object.fromEntries(kept);
}

function notDeclared(resource: Resource, name: string, unknown: readonly string[]): StatusError {
  const faults = unknown.map((path) => `.${path}: field not declared in schema`);
  const list = faults.length === 1 ? faults[0] : `errors:\n${faults.map((fault) => `  ${fault}`).join('\n')}`;
  const about = `${name}; ${apiVersionOf(resource)}, Kind=${resource.kind}`;
  return new StatusError(500, 'InternalError', `failed to create typed patch object (${about}): ${list}`);
}
