import {isDeepStrictEqual} from 'node:util';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {badRequest, StatusError} from '../status.ts';
import {strategicMerge} from './strategic.ts';

/** Applies a patch of the given content type. Throws a 400, 415 or 422 when it cannot be. */
export function applyPatch(live: JsonObject, patch: unknown, contentType: string): Json {
  switch (contentType) {
    case 'application/json-patch+json':
      return jsonPatch(live, patch);
    case 'application/merge-patch+json':
      return mergePatch(live, objectOf(patch));
    case 'application/strategic-merge-patch+json':
      return strategicMerge(structuredClone(live), objectOf(patch));
    default:
      throw new StatusError(
        415,
        'UnsupportedMediaType',
        `the body of the request was in an unknown format: ${contentType}`,
      );
  }
}

function objectOf(patch: unknown): JsonObject {
  if (!isJsonObject(patch)) throw badRequest('the patch is no object');
  return patch;
}

/** RFC 7396. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const result: JsonObject = isJsonObject(target) ? {...target} : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

interface Operation {
  op: string;
  path: string;
  from?: string;
  value?: Json;
}

/** RFC 6902. Throws a 422 when an operation does not apply. */
export function jsonPatch(live: Json, patch: unknown): Json {
  if (!Array.isArray(patch)) throw badRequest('a JSON patch is a list of operations');
  const root = {document: structuredClone(live)};
  for (const operation of patch as Operation[]) {
    if (typeof operation?.path !== 'string') throw badRequest('an operation of a JSON patch needs a path');
    const perform = operations[operation.op];
    if (!perform) throw badRequest(`unexpected kind of operation: ${operation.op}`);
    perform(root, operation);
  }
  return root.document;
}

type Document = {document: Json};

const operations: Readonly<Record<string, (root: Document, operation: Operation) => void>> = {
  add: (root, {path, value = null}) => put(root, path, value, true),
  replace: (root, {path, value = null}) => {
    read(root, path);
    put(root, path, value, false);
  },
  remove: (root, {path}) => remove(root, path),
  move: (root, {path, from = ''}) => {
    const moved = read(root, from);
    remove(root, from);
    put(root, path, moved, true);
  },
  copy: (root, {path, from = ''}) => put(root, path, structuredClone(read(root, from)), true),
  test: (root, {path, value = null}) => {
    if (!isDeepStrictEqual(read(root, path), value)) throw unprocessable(`testing value ${path} failed`);
  },
};

function unprocessable(message: string): StatusError {
  return new StatusError(422, 'Invalid', `the server rejected our request due to an error in our request: ${message}`);
}

const keysOf = (path: string) =>
  path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

function read(root: Document, path: string): Json {
  return keysOf(path).reduce<Json>((at, key) => {
    const value = Array.isArray(at) ? at[Number(key)] : isJsonObject(at) ? at[key] : undefined;
    if (value === undefined) throw unprocessable(`the path ${path} does not exist`);
    return value;
  }, root.document);
}

function parentOf(root: Document, path: string): {parent: Json; key: string} {
  const key = keysOf(path).at(-1) ?? '';
  return {parent: read(root, path.slice(0, path.lastIndexOf('/'))), key};
}

function put(root: Document, path: string, value: Json, insert: boolean): void {
  if (path === '') {
    root.document = value;
    return;
  }
  const {parent, key} = parentOf(root, path);
  if (Array.isArray(parent)) {
    const index = key === '-' ? parent.length : Number(key);
    if (!Number.isInteger(index) || index < 0 || index > parent.length) throw unprocessable(`no index: ${path}`);
    parent.splice(index, insert ? 0 : 1, value);
  } else if (isJsonObject(parent)) parent[key] = value;
  else throw unprocessable(`the path ${path} does not exist`);
}

function remove(root: Document, path: string): void {
  read(root, path);
  const {parent, key} = parentOf(root, path);
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (isJsonObject(parent)) delete parent[key];
}
