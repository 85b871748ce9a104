import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {definitions} from './definitions.ts';

/** The fields of each type, with the type of each. */
const types: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  definitions
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', fields = ''] = line.split(': ');
      return [name, new Map(fields.split(' ').map((field) => field.split('=') as [string, string]))];
    }),
);

/** A value that does not fit into its field. */
export class DecodeError extends Error {
  /** Where it stands, as `.spec.replicas`. */
  readonly at: string;

  constructor(message: string, path: readonly (string | number)[]) {
    super(message);
    this.name = 'DecodeError';
    this.at = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  }
}

export interface Decoded {
  object: JsonObject;
  /** Fields that the kind does not have, as `spec.containers[0].colour`; they are not in the object. */
  unknown: string[];
}

/**
 * An object of a type as Kubernetes reads it: what the type does not have is left out and told, and so are nulls, empty
 * lists and empty maps. Throws a {@link DecodeError} for a value of a wrong type, in the words of Go where they are plain.
 */
export function decode(type: string, input: JsonObject): Decoded {
  const unknown: string[] = [];
  const {apiVersion, kind, ...rest} = input;
  const object = struct({type, path: [], unknown}, rest);
  return {object: {...pick({apiVersion, kind}), ...object}, unknown};
}

interface Place {
  type: string;
  path: readonly (string | number)[];
  unknown: string[];
  /** The struct that has the field, as Go names it in its errors. */
  owner?: string;
}

function struct(place: Place, input: JsonObject): JsonObject {
  const fields = types.get(place.type);
  const object: JsonObject = {};
  for (const [key, value] of Object.entries(input)) {
    const path = [...place.path, key];
    const type = fields?.get(key);
    if (type === undefined) place.unknown.push(textOf(path));
    else if (value !== null && value !== undefined) {
      const inner = read({...place, type, path, owner: place.type}, value);
      if (!isEmptyCollection(type, inner)) object[key] = inner;
    }
  }
  return object;
}

/** Lists and maps that are empty are as good as absent; an empty struct says something. */
const isEmptyCollection = (type: string, value: Json): boolean =>
  (type.startsWith('[') && Array.isArray(value) && value.length === 0) ||
  (type.startsWith('{') && isJsonObject(value) && Object.keys(value).length === 0);

function read(place: Place, value: Json): Json {
  const {type, path} = place;
  const inner = type.slice(1, -1);
  if (type.startsWith('[')) {
    if (!Array.isArray(value)) throw wrongType(place, value, `[]${goType(inner)}`);
    return value.map((item, index) =>
      item === null ? item : read({...place, type: inner, path: [...path, index]}, item),
    );
  }
  if (type.startsWith('{')) {
    if (!isJsonObject(value)) throw wrongType(place, value, `map[string]${goType(inner)}`);
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(
      entries.map(([key, item]) => [
        key,
        item === null ? emptyOf(inner) : read({...place, type: inner, path: [...path, key]}, item ?? null),
      ]),
    );
  }
  const plain = plainTypes[type];
  if (plain) return plain(place, value);
  if (!isJsonObject(value)) throw wrongType(place, value, goType(type));
  return struct(place, value);
}

const emptyOf = (type: string): Json => (type === 'string' || type === 'bytes' ? '' : {});

const quantity = /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/;

/** Reads plain values. */
const plainTypes: Readonly<Record<string, (place: Place, value: Json) => Json>> = {
  any: (_, value) => value,
  string: (place, value) => expected(place, value, typeof value === 'string'),
  bool: (place, value) => expected(place, value, typeof value === 'boolean'),
  int32: (place, value) => expected(place, value, Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31),
  int64: (place, value) =>
    expected(
      place,
      value,
      Number.isInteger(value) || (typeof value === 'bigint' && BigInt.asIntN(64, value) === value),
    ),
  intOrString: (place, value) =>
    expected({...place, type: 'int32'}, value, typeof value === 'string' || Number.isInteger(value)),
  bytes: (place, value) => {
    const text = expected({...place, type: '[]uint8'}, value, typeof value === 'string') as string;
    const wrong =
      /[^A-Za-z0-9+/=\r\n]/.exec(text)?.index ?? (text.replace(/\s/g, '').length % 4 === 0 ? undefined : text.length);
    if (wrong !== undefined) throw new DecodeError(`illegal base64 data at input byte ${wrong}`, place.path);
    return text;
  },
  quantity: (place, value) => {
    if ((typeof value === 'string' || typeof value === 'number') && quantity.test(String(value))) return String(value);
    throw new DecodeError(`quantities must match the regular expression '${quantity.source}'`, place.path);
  },
  time: (place, value) => {
    const text = expected({...place, type: 'string'}, value, typeof value === 'string') as string;
    if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text) && !Number.isNaN(Date.parse(text))) return text;
    throw new DecodeError(`parsing time "${text}": it is no RFC 3339 time`, place.path);
  },
};

function expected(place: Place, value: Json, fits: boolean): Json {
  if (!fits) throw wrongType(place, value, place.type);
  return value;
}

const goType = (type: string) => (type === 'bytes' ? '[]uint8' : types.has(type) ? `v1.${type}` : type);

function wrongType({owner = '', path}: Place, value: Json, type: string): DecodeError {
  // A value of a map or list is told of by the field that holds it.
  const field = path.filter((step) => typeof step === 'string');
  const holder =
    type === 'string' && field.length > 1 && types.get(owner)?.get(String(field.at(-1))) === undefined
      ? field.slice(0, -1)
      : field;
  const what = Array.isArray(value)
    ? 'array'
    : isJsonObject(value)
      ? 'object'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value;
  const shown = typeof value === 'number' && !Number.isInteger(value) ? `number ${value}` : what;
  return new DecodeError(
    `json: cannot unmarshal ${shown} into Go struct field ${owner}.${holder.join('.')} of type ${type}`,
    path,
  );
}

function textOf(path: readonly (string | number)[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

const pick = (fields: Record<string, Json | undefined>): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;
