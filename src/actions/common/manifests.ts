import {parseAllDocuments, type Tags} from 'yaml';
import type {KubeObject} from '../../cluster/types.ts';
import {DrillError, ExitCode} from '../../io/errors.ts';
import {isJsonObject, type Json, type JsonObject, withPlainIntegers} from '../../io/json.ts';

/**
 * Manifests of a file: YAML documents as kubectl reads them (YAML 1.1 scalars, so that `0644` is octal), Lists taken
 * apart. Throws a DrillError with the line of what is wrong.
 */
export function parseManifests(file: string, source: string): KubeObject[] {
  const documents = parseAllDocuments(source, {
    version: '1.1',
    customTags: kubernetesTags,
    intAsBigInt: true,
    maxAliasCount: 100,
  } as object);
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) {
      const line = problem.linePos?.[0].line;
      throw wrong(`${file}${line === undefined ? '' : `:${line}`}: ${problem.message.split('\n', 1)[0]}`);
    }
    const value = withPlainIntegers(document.toJS({maxAliasCount: 100})) as Json;
    return value === null ? [] : takeApart(file, value);
  });
}

/** The objects of a manifest given in the scenario: one object, a List, or a list of objects. */
export function takeApart(origin: string, value: Json): KubeObject[] {
  if (Array.isArray(value)) return value.flatMap((item) => takeApart(origin, item));
  if (!isJsonObject(value))
    throw wrong(`${origin}: a manifest must be an object with apiVersion, kind and metadata.name`);
  if (String(value.kind).endsWith('List') && Array.isArray(value.items)) return takeApart(origin, value.items);
  return [checked(origin, value)];
}

function checked(origin: string, value: JsonObject): KubeObject {
  const {apiVersion, kind, metadata} = value;
  const name = isJsonObject(metadata) ? metadata.name : undefined;
  const missing = Object.entries({apiVersion, kind, 'metadata.name': name})
    .filter(([, member]) => typeof member !== 'string' || member === '')
    .map(([key]) => key);
  if (missing.length === 0) return asSent(value as KubeObject);
  const what = typeof kind === 'string' ? `${kind} ${typeof name === 'string' ? name : ''}`.trim() : 'a manifest';
  throw wrong(`${origin}: ${what} has no ${missing.join(', ')}`);
}

/** What the API server would make of it, so that it can be compared later: no `status`, `stringData` as `data`. */
const asSent = ({status: _status, ...object}: KubeObject): KubeObject => withEncodedData(object as KubeObject);

/** A Secret with its `stringData` as `data`, as the API server keeps it; anything else as it is. */
export function withEncodedData<T extends JsonObject>(object: T, kind = object.kind): T {
  const {stringData, ...rest} = object;
  if (kind !== 'Secret' || !isJsonObject(stringData)) return object;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')]);
  const data = isJsonObject(rest.data) ? rest.data : {};
  return {...rest, data: {...data, ...Object.fromEntries(encoded)}} as unknown as T;
}

/** YAML 1.1 has more types than Kubernetes' parser knows: dates and base-60 numbers stay text there. */
const kubernetesTags = (tags: Tags): Tags =>
  tags.filter((tag) => {
    if (typeof tag === 'string')
      return !['timestamp', 'binary', 'omap', 'pairs', 'set', 'intTime', 'floatTime'].includes(tag);
    const name = tag.tag.replace('tag:yaml.org,2002:', '');
    return !['timestamp', 'binary', 'omap', 'pairs', 'set'].includes(name) && tag.format !== 'TIME';
  });

const wrong = (message: string) =>
  new DrillError(message, ExitCode.usage, {
    code: 'E_MANIFEST',
    hint: 'Try the manifests with: kubectl apply --dry-run=server -f FILE',
  });

/** Kinds that others need first. Within a rank the order of the files stays. */
export function inOrder(objects: readonly KubeObject[]): KubeObject[] {
  return objects.toSorted((one, other) => rankOf(one) - rankOf(other));
}

function rankOf({kind}: KubeObject): number {
  const rank = ['Namespace', 'CustomResourceDefinition', 'ServiceAccount', 'Secret', 'ConfigMap'].indexOf(kind);
  return rank < 0 ? Number.MAX_SAFE_INTEGER : rank;
}
