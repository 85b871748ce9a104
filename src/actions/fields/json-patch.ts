import {RefusedError} from '../../io/errors.ts';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {applyJsonPatch, JsonPatchError} from '../../io/json-patch.ts';

/**
 * A JSON patch (RFC 6902), applied here to foresee what it changes. Throws a RefusedError naming the operation that
 * does not fit the object.
 */
export function foreseeJsonPatch(target: JsonObject, operations: readonly Json[]): JsonObject {
  // Allowed by the RFC, but no change of fields that could be named and put back.
  const whole = operations.findIndex((each) => isJsonObject(each) && (each.path === '' || each.from === ''));
  if (whole >= 0) throw unfit(whole, noPointer);
  try {
    return applyJsonPatch(target, operations) as JsonObject;
  } catch (error) {
    if (error instanceof JsonPatchError) throw unfit(error.index, inWords(error));
    throw error;
  }
}

const noPointer = 'has no path such as /spec/replicas';

function inWords({fault, subject}: JsonPatchError): string {
  switch (fault) {
    case 'no object':
      return 'is no object';
    case 'no pointer':
      return noPointer;
    case 'unknown op':
      return `has the unknown op ${subject}`;
    case 'other value':
      return `tests ${subject}, which holds something else`;
    default:
      return `names ${subject}, which is not there`;
  }
}

const unfit = (index: number, why: string) =>
  new RefusedError(`object/patch: operation ${index + 1} of the patch ${why}`, {
    code: 'E_PATCH',
    hint: 'JSON patch operations are those of RFC 6902; see kubedrill explain object/patch',
  });
