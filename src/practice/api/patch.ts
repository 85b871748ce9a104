import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {applyJsonPatch, JsonPatchError} from '../../io/json-patch.ts';
import {applyMergePatch} from '../../io/merge-patch.ts';
import {badRequest, StatusError} from '../status.ts';
import type {ApiRequest} from './request.ts';
import {strategicMerge} from './strategic.ts';

const patchTypes = ['json-patch+json', 'merge-patch+json', 'strategic-merge-patch+json'].map(
  (each) => `application/${each}`,
);

/** What the patch of a request makes of an object. Throws a 400, 415 or 422 when it cannot be. */
export function applyPatch(live: JsonObject, request: Pick<ApiRequest, 'contentType' | 'parse'>): Json {
  const {contentType} = request;
  if (!patchTypes.includes(contentType)) {
    throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  }
  const patch = request.parse((why) => badRequest(`error decoding patch: ${why}`));
  switch (contentType) {
    case 'application/json-patch+json':
      return jsonPatch(live, patch);
    case 'application/merge-patch+json':
      return applyMergePatch(live, objectOf(patch));
    default:
      return strategicMerge(structuredClone(live), objectOf(patch));
  }
}

function objectOf(patch: unknown): JsonObject {
  if (!isJsonObject(patch)) throw badRequest('error decoding patch: the patch is no object');
  return patch;
}

/**
 * RFC 6902, but for one thing, as in Kubernetes: a member of an object that is not there can be replaced. Throws a 422 when
 * an operation does not apply or is none, a 400 when the patch is no list.
 */
export function jsonPatch(live: Json, patch: unknown): Json {
  if (!Array.isArray(patch)) throw badRequest('error decoding patch: a JSON patch is a list of operations');
  try {
    return patch.reduce<Json>((object, operation) => applyJsonPatch(object, [asAdd(object, operation)]), live);
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error;
    throw new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
}

/** A replacement as an addition, where the two are the same but for what is there before. */
function asAdd(object: Json, operation: unknown): Json {
  const {op, path} = (operation ?? {}) as {op?: unknown; path?: unknown};
  if (op !== 'replace' || typeof path !== 'string') return operation as Json;
  const steps = path.split('/').slice(1, -1);
  const parent = steps.reduce<Json | undefined>((at, step) => {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return Array.isArray(at) ? at[Number(key)] : isJsonObject(at) ? at[key] : undefined;
  }, object);
  return isJsonObject(parent) && path !== '' ? ({...(operation as object), op: 'add'} as Json) : (operation as Json);
}
