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
