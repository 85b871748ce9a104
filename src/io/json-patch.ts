import {isDeepStrictEqual} from 'node:util';
import {isJsonObject, type Json, setMember} from './json.ts';

/*
 * RFC 6902 by hand, because what is foreseen here goes into an undo record, and a wrong patch must be refused, never
 * played in some other way. The library of the field, rfc6902 5.4.0, reports success for a `replace` of `/list/-` or
 * `/list/01` (which sets a member of the array that JSON drops), a `remove` of `/list/length` (the first item goes), a
 * `copy` to `/list/99` (it lands at the end), a `test` of a path that is not there and a `remove` of `/toString`; it
 * reads `/data/constructor` as `/data`, looks a `move`'s target up before the removal, cannot replace the document, and
 * throws TypeErrors for a path through a scalar. The conformance suite of the field holds this file:
 * test/unit/io/json-patch.test.ts.
 */

/** Why an operation does not apply: what it is, or what its pointer names. */
type Fault = 'no object' | 'no pointer' | 'unknown op' | 'absent' | 'no index' | 'other value';

/** An operation of a JSON patch that does not apply. Who applies it says so in words of their own. */
export class JsonPatchError extends Error {
  readonly fault: Fault;
  /** Place of the operation in the patch, from 0. */
  readonly index: number;
  /** The op, where that is unknown; else the pointer that is at fault. */
  readonly subject: string;

  constructor(fault: Fault, index: number, subject: string) {
    super(`operation ${index + 1} of the JSON patch: ${fault} ${subject}`);
    this.name = 'JsonPatchError';
    this.fault = fault;
    this.index = index;
    this.subject = subject;
  }
}

/**
 * A copy of a document with a JSON patch (RFC 6902) applied. A `value` that is missing counts as null, as in the API
 * server. Throws a {@link JsonPatchError} for the first operation that does not apply.
 */
export function applyJsonPatch(target: Json, operations: readonly unknown[]): Json {
  // The document is the one member of an object: so it can be replaced as any other value can.
  const root: {document: Json} = {document: structuredClone(target)};
  for (const [index, operation] of operations.entries()) {
    if (!isJsonObject(operation)) throw new JsonPatchError('no object', index, JSON.stringify(operation));
    const {op, path, from} = operation;
    const value = structuredClone(operation.value ?? null);
    const at = (pointer: unknown) => locate(root, pointer, index);
    switch (op) {
      case 'add':
        at(path).add(value);
        break;
      case 'remove':
        at(path).remove();
        break;
      case 'replace':
        at(path).replace(value);
        break;
      case 'copy':
        at(path).add(structuredClone(at(from).get()));
        break;
      case 'move': {
        const moved = at(from).remove();
        // Located only now: the places of a list have moved up.
        at(path).add(moved);
        break;
      }
      case 'test':
        if (!isDeepStrictEqual(at(path).get(), value)) throw new JsonPatchError('other value', index, String(path));
        break;
      default:
        throw new JsonPatchError('unknown op', index, JSON.stringify(op) ?? 'undefined');
    }
  }
  return root.document;
}

/** What a pointer names. All but `add` throw when it is not there. */
interface Place {
  get(): Json;
  add(value: Json): void;
  replace(value: Json): void;
  remove(): Json;
}

/** The place that a JSON pointer (RFC 6901) names. */
function locate(root: {document: Json}, pointer: unknown, index: number): Place {
  if (typeof pointer !== 'string' || !/^(\/|$)/.test(pointer)) {
    throw new JsonPatchError('no pointer', index, JSON.stringify(pointer) ?? 'undefined');
  }
  const fault = (kind: Fault) => new JsonPatchError(kind, index, pointer);
  const keys = ['document', ...pointer.split('/').slice(1).map(unescaped)];
  const last = keys.pop() ?? '';
  let parent: Json | undefined = root;
  for (const key of keys) {
    if (Array.isArray(parent)) parent = parent[indexOf(key)];
    else parent = isJsonObject(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
  }
  if (Array.isArray(parent)) return inList(parent, last === '-' ? parent.length : indexOf(last), fault);
  if (isJsonObject(parent)) return inObject(parent, last, fault);
  throw fault('absent');
}

const unescaped = (key: string) => key.replaceAll('~1', '/').replaceAll('~0', '~');

/** The index that a key names: digits without a leading zero. NaN, which is no place of any list, for all others. */
const indexOf = (key: string) => (/^(?:0|[1-9]\d*)$/.test(key) ? Number(key) : Number.NaN);

function inList(list: Json[], position: number, fault: (kind: Fault) => Error): Place {
  const get = () => {
    const value = list[position];
    if (value === undefined) throw fault('absent');
    return value;
  };
  return {
    get,
    add: (value) => {
      if (!(position <= list.length)) throw fault('no index');
      list.splice(position, 0, value);
    },
    replace: (value) => {
      get();
      list[position] = value;
    },
    remove: () => {
      const value = get();
      list.splice(position, 1);
      return value;
    },
  };
}

function inObject(object: {[key: string]: Json | undefined}, key: string, fault: (kind: Fault) => Error): Place {
  const get = () => {
    const value = Object.hasOwn(object, key) ? object[key] : undefined;
    if (value === undefined) throw fault('absent');
    return value;
  };
  return {
    get,
    add: (value) => setMember(object, key, value),
    replace: (value) => {
      get();
      setMember(object, key, value);
    },
    remove: () => {
      const value = get();
      delete object[key];
      return value;
    },
  };
}
