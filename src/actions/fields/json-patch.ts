import {RefusedError} from '../../io/errors.ts';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {isSame} from './compare.ts';

/** A JSON merge patch (RFC 7386), applied here to foresee what it changes. */
export function applyMergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const result: JsonObject = isJsonObject(target) ? {...target} : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else if (value !== undefined) result[key] = applyMergePatch(result[key], value);
  }
  return result;
}

/**
 * A JSON patch (RFC 6902), applied here to foresee what it changes. Throws a RefusedError naming the operation that
 * does not fit the object.
 */
export function applyJsonPatch(target: JsonObject, operations: readonly Json[]): JsonObject {
  const root: {document: Json} = {document: structuredClone(target)};
  for (const [index, operation] of operations.entries()) {
    if (!isJsonObject(operation)) throw unfit(index, 'is no object');
    play(root, operation, index);
  }
  if (!isJsonObject(root.document)) throw unfit(operations.length - 1, 'replaces the whole object');
  return root.document;
}

function play(root: {document: Json}, operation: JsonObject, index: number): void {
  const {op, path, from, value} = operation;
  const at = (pointer: unknown) => locate(root, pointer, index);
  let moved: Json;
  switch (op) {
    case 'add':
      at(path).add(structuredClone(value ?? null));
      return;
    case 'remove':
      at(path).remove();
      return;
    case 'replace': {
      const place = at(path);
      place.remove();
      place.add(structuredClone(value ?? null));
      return;
    }
    case 'copy':
      at(path).add(structuredClone(at(from).get()));
      return;
    case 'move':
      moved = at(from).remove();
      // Located only now: the places of a list have moved up.
      at(path).add(moved);
      return;
    case 'test':
      if (!isSame(at(path).get(), value)) throw unfit(index, `tests ${String(path)}, which holds something else`);
      return;
    default:
      throw unfit(index, `has the unknown op ${JSON.stringify(op)}`);
  }
}

interface Place {
  get(): Json;
  add(value: Json): void;
  remove(): Json;
}

/** The place that a JSON pointer (RFC 6901) names. */
function locate(root: {document: Json}, pointer: unknown, index: number): Place {
  if (typeof pointer !== 'string' || !pointer.startsWith('/')) throw unfit(index, `has no path such as /spec/replicas`);
  const keys = pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop() ?? '';
  let parent: Json | undefined = root.document;
  for (const key of keys)
    parent = Array.isArray(parent) ? parent[Number(key)] : isJsonObject(parent) ? parent[key] : undefined;
  const missing = () => unfit(index, `names ${pointer}, which is not there`);
  if (Array.isArray(parent)) return inList(parent, last, missing);
  if (isJsonObject(parent)) return inObject(parent, last, missing);
  throw missing();
}

function inList(list: Json[], key: string, missing: () => Error): Place {
  const position = key === '-' ? list.length : /^(?:0|[1-9]\d*)$/.test(key) ? Number(key) : Number.NaN;
  const get = () => {
    const value = list[position];
    if (value === undefined) throw missing();
    return value;
  };
  return {
    get,
    add: (value) => {
      if (!(position <= list.length)) throw missing();
      list.splice(position, 0, value);
    },
    remove: () => {
      const value = get();
      list.splice(position, 1);
      return value;
    },
  };
}

function inObject(object: JsonObject, key: string, missing: () => Error): Place {
  const get = () => {
    const value = Object.hasOwn(object, key) ? object[key] : undefined;
    if (value === undefined) throw missing();
    return value;
  };
  return {
    get,
    add: (value) => {
      object[key] = value;
    },
    remove: () => {
      const value = get();
      delete object[key];
      return value;
    },
  };
}

const unfit = (index: number, why: string) =>
  new RefusedError(`object/patch: operation ${index + 1} of the patch ${why}`, {
    code: 'E_PATCH',
    hint: 'JSON patch operations are those of RFC 6902; see kubedrill explain object/patch',
  });
