import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {applyJsonPatch, JsonPatchError} from '../../io/json-patch.ts';
import {applyMergePatch} from '../../io/merge-patch.ts';
import {badRequest, StatusError} from '../status.ts';
import {strategicMerge} from './strategic.ts';

/** Applies a patch of the given content type. Throws a 400, 415 or 422 when it cannot be. */
export function applyPatch(live: JsonObject, patch: unknown, contentType: string): Json {
  switch (contentType) {
    case 'application/json-patch+json':
      return jsonPatch(live, patch);
    case 'application/merge-patch+json':
      return applyMergePatch(live, objectOf(patch));
    case 'application/strategic-merge-patch+json':
      return strategicMerge(structuredClone(live), objectOf(patch));
    default:
      throw new StatusError(
        415,
        'UnsupportedMediaType',
        `the body of the request was in an unknown format: ${contentType}`,
      );
  }
}

function objectOf(patch: unknown): JsonObject {
  if (!isJsonObject(patch)) throw badRequest('the patch is no object');
  return patch;
}

/** RFC 6902. Throws a 422 when an operation does not apply, a 400 when it is none. */
export function jsonPatch(live: Json, patch: unknown): Json {
  if (!Array.isArray(patch)) throw badRequest('a JSON patch is a list of operations');
  try {
    return applyJsonPatch(live, patch);
  } catch (error) {
    if (error instanceof JsonPatchError) throw statusOf(error, patch);
    throw error;
  }
}

function statusOf({fault, index, subject}: JsonPatchError, patch: readonly {op?: unknown}[]): StatusError {
  switch (fault) {
    case 'no object':
    case 'no pointer':
      return badRequest('an operation of a JSON patch needs a path');
    case 'unknown op':
      return badRequest(`unexpected kind of operation: ${patch[index]?.op}`);
    case 'absent':
      return unprocessable(`the path ${subject} does not exist`);
    case 'no index':
      return unprocessable(`no index: ${subject}`);
    case 'other value':
      return unprocessable(`testing value ${subject} failed`);
  }
}

function unprocessable(message: string): StatusError {
  return new StatusError(422, 'Invalid', `the server rejected our request due to an error in our request: ${message}`);
}
