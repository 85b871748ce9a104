import * as z from 'zod';
import type {JsonObject} from '../../io/json.ts';
import type {Meta} from './walk.ts';

/**
 * Adds to what is known about a schema that nobody else holds yet. zod's own `meta` and `describe` copy the schema, and
 * to make one takes longer than to check a value with it.
 */
function noted<Schema extends z.ZodType>(schema: Schema, meta: Meta): Schema {
  z.globalRegistry.add(schema, {...schema.meta(), ...meta});
  return schema;
}

/**
 * Marks a field that belongs to the drill's structure: it takes no `${{ }}`, because environments change values and
 * never what is proven. The schema must be of its own.
 */
export const structural = <Schema extends z.ZodType>(schema: Schema, description?: string): Schema =>
  noted(schema, {structural: true, ...(description === undefined ? {} : {description})});

/** A strict object with a description. */
export const object = <Shape extends z.ZodRawShape>(description: string, shape: Shape) =>
  noted(z.strictObject(shape), {description});

/** A field that may be absent, with a description. */
export const optional = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  noted(z.optional(schema), {description});

// Each of the following is one schema, copied once for each field with its description.

const identifierText = z.string().regex(/^[a-z][A-Za-z0-9]*$/, {
  error: 'a name here begins with a lower-case letter and goes on with letters and digits, such as dnsUdp',
});
const filledText = z.string().check(z.trim(), z.minLength(1, {error: 'must not be empty'}));
const expressionText = z.string().min(1, {error: 'must not be empty'});
const kindText = z.string().min(1);

/** Name of a step, var, probe, service or canary: also an identifier in expressions. */
export const identifier = (description: string) => structural(identifierText.clone(), description);

/** Text that must say something. */
export const text = (description: string) => noted(filledText.clone(), {description});

/** Text that takes no `${{ }}`. */
export const fixedText = (description: string) => structural(text(description));

/** A CEL expression in which names stand directly. */
export const expression = (description: string) =>
  noted(expressionText.clone(), {structural: true, cel: true, description});

/** The input of an action or probe: its own schema checks it, per kind. */
export const inputObject = (description: string) =>
  // What comes out of YAML is JSON already; to check it again for every `with` would cost more than the parsing.
  noted(z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonObject, JsonObject>, {description});

/** A kind of action, probe… by name. */
export const kind = (description: string) => structural(kindText.clone(), description);

/** A class of clusters. */
export const environmentName = () =>
  structural(
    z.string().regex(/^[a-z][a-z0-9-]*$/, {error: 'an environment class has lower-case letters, digits and dashes'}),
    'Class of a cluster: practice, ephemeral, production, or one that the config gives to a cluster',
  );

/** A whole number of at least `minimum`. */
export const wholeNumber = (minimum: number, description: string) =>
  noted(z.number().check(z.int(), z.gte(minimum)), {description});
