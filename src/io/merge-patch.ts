import {isJsonObject, type Json, type JsonObject, setMember} from './json.ts';

/** What a JSON merge patch (RFC 7396) makes of a value. The value stays as it is; the result shares parts with both. */
export function applyMergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const result: JsonObject = isJsonObject(target) ? {...target} : {};
  for (const [key, value] of Object.entries(patch)) {
    const before = Object.hasOwn(result, key) ? result[key] : undefined;
    if (value === null) delete result[key];
    else if (value !== undefined) setMember(result, key, applyMergePatch(before, value));
  }
  return result;
}
