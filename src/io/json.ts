/** What JSON can hold. A `bigint` is an integer that a `number` cannot hold exactly: {@link parseJson} makes them. */
export type Json = null | boolean | number | bigint | string | Json[] | JsonObject;
/** A JSON object. `undefined` members are dropped when it is written. */
export interface JsonObject {
  [key: string]: Json | undefined;
}

/**
 * An integer beyond 2^53 is written as it is, wherever a value is written: `JSON.stringify` would throw. Kubernetes has
 * 64-bit integers, and a place that has been forgotten must neither round them nor fail.
 */
Object.defineProperty(BigInt.prototype, 'toJSON', {
  value(this: bigint) {
    return (JSON as unknown as {rawJSON: (text: string) => unknown}).rawJSON(String(this));
  },
  configurable: true,
  writable: true,
});

/** A number that may be too long for a `number`: digits on their own, in a text or not. */
const long = /(?:^|[^\w.])\d{16,}\s*(?:[,}\]]|$)/;

/**
 * As `JSON.parse`, but integers that a `number` cannot hold exactly become a `bigint`. For whatever may hold a part of
 * a Kubernetes object. Fractions stay a `number`.
 */
export function parseJson(text: string): unknown {
  // Looking at each number takes six times as long as parsing.
  return long.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
}

function exactly(_key: string, value: unknown, context?: {source?: string}): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return /^-?\d+$/.test(source) ? BigInt(source) : value;
}

/** Whether two numbers are the same one, whichever way each is kept. */
export function isSameNumber(one: unknown, other: unknown): boolean {
  const [left, right] = [integer(one), integer(other)];
  return left !== undefined && left === right;
}

/** The integer that a text of digits stands for, exactly. */
export function exactInteger(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text.replace(/^\+/, ''));
}

/** A value whose integers are all `bigint`s, as a YAML parser can be told to give them, in the form of {@link parseJson}. */
export function withPlainIntegers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(withPlainIntegers);
  if (!isJsonObject(value)) return value;
  const copy: JsonObject = {};
  for (const [key, member] of Object.entries(value)) setMember(copy, key, withPlainIntegers(member) as Json);
  return copy;
}

const integer = (value: unknown): bigint | undefined => {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined;
};

/** Whether a value is an object with string keys: neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sets a member as JSON has it: `__proto__` is a name like any other, no prototype. */
export function setMember(object: JsonObject, key: string, value: Json): void {
  Object.defineProperty(object, key, {value, enumerable: true, writable: true, configurable: true});
}
