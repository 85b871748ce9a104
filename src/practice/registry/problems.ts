import type {Cause} from '../status.ts';

/** One broken rule, as a 422 names it. */
export type Problem = Required<Cause>;

/** A field that must be there. */
export const required = (field: string, message = 'Required value'): Problem => ({
  reason: 'FieldValueRequired',
  message,
  field,
});

/** A value that breaks a rule. */
export const wrong = (field: string, value: unknown, why: string): Problem => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
  field,
});

/** A value that is none of a few. */
export const unknown = (field: string, value: unknown, known: readonly string[]): Problem => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${known.map((each) => `"${each}"`).join(', ')}`,
  field,
});

/** Something that must not be. */
export const forbiddenField = (field: string, why: string): Problem => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${why}`,
  field,
});

/** A value that stays as it was. */
export const immutable = (field: string, value: unknown): Problem => wrong(field, value, 'field is immutable');

/** What is wrong with the number of a port. */
export function inRange(field: string, port: unknown): Problem[] {
  const fits = Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535;
  return fits ? [] : [wrong(field, port, 'must be between 1 and 65535, inclusive')];
}
