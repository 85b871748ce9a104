import {isDeepStrictEqual} from 'node:util';
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

/** The JSON merge patch that makes one object of another. Members that are `null` cannot be written by one. */
export function mergePatchBetween(from: JsonObject, to: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const before = Object.hasOwn(from, key) ? from[key] : undefined;
    const after = Object.hasOwn(to, key) ? to[key] : undefined;
    if (isDeepStrictEqual(before, after)) continue;
    const inner = isJsonObject(before) && isJsonObject(after) ? mergePatchBetween(before, after) : after;
    setMember(patch, key, inner ?? null);
  }
  return patch;
}
