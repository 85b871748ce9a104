import {isJsonObject, type JsonObject} from '../../io/json.ts';
import {apiVersionOf, eventsV1, isResource, type Resource} from '../kinds.ts';
import {type Decoded, DecodeError, decode} from '../schema/decode.ts';
import {badRequest, invalidPatch, unexpected} from '../status.ts';
import {isApply} from './options.ts';
import type {ApiRequest} from './request.ts';

/** The body of a create or update, as an object of the kind. Throws a 400 for one that is none. */
export function decodeBody(request: ApiRequest, resource: Pick<Resource, 'kind' | 'version' | 'group'>): JsonObject {
  const body = request.parse((why) => {
    const found = `couldn't get version/kind; json parse error: ${why}`;
    return badRequest(`the object provided is unrecognized (must be of type ${resource.kind}): ${found}`);
  });
  if (body === undefined || !isJsonObject(body)) {
    const why = body === undefined ? 'unexpected end of JSON input (<empty>)' : 'the body is no object';
    const found = `couldn't get version/kind; json parse error: ${why}`;
    throw badRequest(`the object provided is unrecognized (must be of type ${resource.kind}): ${found}`);
  }
  const {kind} = body;
  const as = `${String(kind ?? resource.kind)} in version "${resource.version}" cannot be handled as a ${resource.kind}`;
  // What it is comes first: an object of another kind has other fields.
  if (kind !== undefined && kind !== resource.kind) {
    const group = resource.kind === 'Scale' ? 'autoscaling' : resource.group;
    throw badRequest(`${as}: converting (v1.${kind}) to (${group}.${resource.kind}): unknown conversion`);
  }
  return checked(request, () => decode(typeOf(resource), body), {
    wrong: (why) => badRequest(`${as}: ${why}`),
    strict: (why) => badRequest(`${as}: strict decoding error: ${why}`),
  });
}

/** What a patch made of an object, as an object of the kind. Throws a 422 when it is none. */
export function decodePatched(
  request: ApiRequest,
  resource: Pick<Resource, 'kind' | 'version' | 'group'>,
  patched: unknown,
): JsonObject {
  const refuse = (why: string) => invalidPatch(JSON.stringify(patched), why);
  if (!isJsonObject(patched)) throw refuse('it is no object');
  if (patched.kind !== resource.kind) throw refuse(`it is another kind: ${String(patched.kind)}`);
  return checked(request, () => decode(typeOf(resource), patched), {
    wrong: refuse,
    strict: (why) => refuse(`strict decoding error: ${why}`),
  });
}

/** An applied configuration. Throws a 500 for fields that the kind does not have, whatever is asked for. */
export function decodeApplied(request: ApiRequest, resource: Resource, name: string): JsonObject {
  const body = request.parse((why) => badRequest(`error decoding YAML: error converting YAML to JSON: ${why}`));
  if (!isJsonObject(body)) throw badRequest('error decoding YAML: it is no object');
  const version = apiVersionOf(resource);
  const wanted = `${resource.group ? version : `/${version}`}, Kind=${resource.kind}`;
  const refuse = (why: string) => unexpected(`failed to create typed patch object (/${name}; ${wanted}): ${why}`);
  const {unknown} = decodeOr(
    () => decode(typeOf(resource), body),
    (error) => refuse(`${error.at}: ${error.message}`),
  );
  if (unknown[0] !== undefined) throw refuse(`.${unknown[0]}: field not declared in schema`);
  // As it came: an empty map or list that is applied is owned.
  return body;
}

const typeOf = (resource: Pick<Resource, 'kind'>) =>
  isResource(resource as Resource, eventsV1) ? 'EventsEvent' : resource.kind;

function decodeOr(read: () => Decoded, refuse: (error: DecodeError) => Error): Decoded {
  try {
    return read();
  } catch (error) {
    throw error instanceof DecodeError ? refuse(error) : error;
  }
}

interface Refusals {
  wrong: (why: string) => Error;
  strict: (why: string) => Error;
}

/** Tells unknown fields as the request wants it: not at all, as warnings, or as an error. */
function checked(request: ApiRequest, read: () => Decoded, {wrong, strict}: Refusals): JsonObject {
  const {object, unknown} = decodeOr(read, (error) => wrong(error.message));
  const told = unknown.map((field) => `unknown field "${field}"`);
  const validation = request.query.get('fieldValidation') || 'Warn';
  if (validation === 'Strict' && told.length > 0) throw strict(told.join(', '));
  if (validation === 'Warn' && !isApply(request)) request.warnings.push(...told);
  return object;
}
