import type * as z from 'zod';
import {formatDuration} from '../../io/duration.ts';
import {durationField} from '../../io/fields.ts';
import {coreSchemas, definitionOf, metaOf} from '../schema/walk.ts';

/** What is known about one field, for `explain` and the reference pages. */
export interface FieldDoc {
  name: string;
  /** `duration`, `list of text`, `required | possible | none`. */
  type: string;
  required: boolean;
  default?: string;
  description: string;
  /** The schema of the value; of an entry, when it is a list or a map. */
  schema: z.ZodType;
}

/** The fields of an object, of the entries of a list, or of the values of a map. Empty for scalars. */
export function fieldsOf(schema: z.ZodType): FieldDoc[] {
  const objects = coreSchemas(entryOf(schema)).filter((core) => definitionOf(core).type === 'object');
  return objects.flatMap((core) =>
    Object.entries(definitionOf(core).shape ?? {}).map(([name, member]) => fieldDoc(name, member)),
  );
}

function fieldDoc(name: string, schema: z.ZodType): FieldDoc {
  const {type, defaultValue} = definitionOf(schema);
  const optional = type === 'optional' || type === 'default' || type === 'prefault';
  const fallback = type === 'optional' ? undefined : defaultText(defaultValue, isDuration(schema));
  const description = sentence(metaOf(schema).description ?? metaOf(entryOf(schema)).description ?? '');
  return {
    name,
    type: typeText(schema),
    required: !optional,
    ...(fallback === undefined ? {} : {default: fallback}),
    description,
    schema,
  };
}

function defaultText(value: unknown, duration: boolean): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) return undefined;
  if (duration && typeof value === 'number') return formatDuration(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a list or map holds; the schema itself when it is neither. */
export function entryOf(schema: z.ZodType): z.ZodType {
  const [core = schema] = coreSchemas(schema);
  const {type, element, valueType} = definitionOf(core);
  if (type === 'array' && element) return entryOf(element);
  if (type === 'record' && valueType && !isFree(valueType)) return entryOf(valueType);
  return schema;
}

const durationDescription = metaOf(durationField()).description;

/** The type of a value in a few words. */
export function typeText(schema: z.ZodType): string {
  if (isDuration(schema)) return 'duration';
  const texts = coreSchemas(schema).map((core) => {
    const {type, element, valueType, entries, values} = definitionOf(core);
    switch (type) {
      case 'string':
        return 'text';
      case 'boolean':
        return 'true | false';
      case 'number':
        return 'number';
      case 'enum':
        return Object.values(entries ?? {}).join(' | ');
      case 'literal':
        return (values ?? []).map(String).join(' | ');
      case 'array':
        return element ? `list of ${typeText(element)}` : 'list';
      case 'record':
        return valueType && !isFree(valueType) ? `map of ${typeText(valueType)}` : 'object';
      default:
        return isFree(core) ? 'anything' : type;
    }
  });
  return [...new Set(texts)].join(' | ');
}

/** A duration is the one text that becomes a number of milliseconds; its field carries a description of its own inside. */
function isDuration(schema: z.ZodType): boolean {
  const {innerType, in: input} = definitionOf(schema);
  const inner = innerType ?? input;
  if (!inner) return false;
  return input ? metaOf(input).description === durationDescription : isDuration(inner);
}

/** JSON of any shape. */
const isFree = (schema: z.ZodType): boolean => ['unknown', 'any', 'lazy'].includes(definitionOf(schema).type);

const sentence = (text: string): string => (text === '' || /[.!?]$/.test(text) ? text : `${text}.`);
