import type * as z from 'zod';
import type {Path} from '../diagnostics.ts';

/** The parts of zod's definitions that walking needs; zod's own types tell them apart by class only. */
interface Definition {
  type: string;
  shape?: Record<string, z.ZodType>;
  element?: z.ZodType;
  valueType?: z.ZodType;
  innerType?: z.ZodType;
  in?: z.ZodType;
  out?: z.ZodType;
  options?: readonly z.ZodType[];
  values?: readonly unknown[];
  entries?: Readonly<Record<string, string | number>>;
  defaultValue?: unknown;
}

/** A schema's definition. */
export const definitionOf = (schema: z.ZodType): Definition => schema._zod.def as unknown as Definition;

/** What zod knows about a schema beside its shape. */
export interface Meta {
  description?: string;
  structural?: boolean;
  cel?: boolean;
  examples?: unknown[];
}

/** The schema's own description and marks, or those of what it wraps. */
export function metaOf(schema: z.ZodType): Meta {
  const own = (schema.meta() ?? {}) as Meta;
  const {innerType, in: input} = definitionOf(schema);
  const inner = innerType ?? input;
  return inner ? {...metaOf(inner), ...own} : own;
}

/** What stands behind optional, default and transform: one schema, or the options of a union. */
export function coreSchemas(schema: z.ZodType): z.ZodType[] {
  const {innerType, in: input, options} = definitionOf(schema);
  if (innerType) return coreSchemas(innerType);
  if (input) return coreSchemas(input);
  return options ? options.flatMap(coreSchemas) : [schema];
}

/** The schemas that a member of a value may have; empty when there is no such member. */
function memberSchemas(schema: z.ZodType, part: string | number): z.ZodType[] {
  return coreSchemas(schema).flatMap((core) => {
    const {type, shape, element, valueType} = definitionOf(core);
    if (type === 'object') {
      const member = shape && Object.hasOwn(shape, part) ? shape[part] : undefined;
      return member ? [member] : [];
    }
    if (type === 'array') return element && typeof part === 'number' ? [element] : [];
    return type === 'record' && valueType ? [valueType] : [];
  });
}

/** The schemas at a path, all options of unions included. */
export function schemasAt(root: z.ZodType, path: Path): z.ZodType[] {
  return path.reduce<z.ZodType[]>((schemas, part) => schemas.flatMap((schema) => memberSchemas(schema, part)), [root]);
}

/** The keys known to an object schema. */
export function knownKeys(schemas: readonly z.ZodType[]): string[] {
  const keys = schemas.flatMap(coreSchemas).flatMap((core) => Object.keys(definitionOf(core).shape ?? {}));
  return [...new Set(keys)];
}

/** Whether a path leads to or through a field that belongs to the structure and takes no `${{ }}`. */
export function isStructural(root: z.ZodType, path: Path): boolean {
  let schemas = [root];
  for (const part of path) {
    schemas = schemas.flatMap((schema) => memberSchemas(schema, part));
    if (schemas.some((schema) => [schema, ...coreSchemas(schema)].some((candidate) => metaOf(candidate).structural)))
      return true;
  }
  return false;
}
