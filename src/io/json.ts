/** What JSON can hold. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
/** A JSON object. `undefined` members are dropped when it is written. */
export interface JsonObject {
  [key: string]: Json | undefined;
}

/** Whether a value is an object with string keys: neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sets a member as JSON has it: `__proto__` is a name like any other, no prototype. */
export function setMember(object: JsonObject, key: string, value: Json): void {
  Object.defineProperty(object, key, {value, enumerable: true, writable: true, configurable: true});
}
