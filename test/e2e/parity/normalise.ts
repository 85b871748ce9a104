import {isDeepStrictEqual} from 'node:util';
import type {Loose} from '../../support/practice.ts';

const texts: readonly [RegExp, string][] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uid>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  // Names that the server completes; cases call them so.
  [/\b([Gg]enerated[-_])[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '$1<suffix>'],
  // ReplicaSets are named after their template.
  [/(ReplicaSet "[a-z0-9-]+-)[bcdfghjklmnpqrstvwxz2456789]{8,10}(?=")/g, '$1<hash>'],
  // Patches tell of the whole object, its revision included.
  [/(patch: Invalid value: |^Invalid value: )"\{.*\}":/g, '$1<object>:'],
  [/\bcurrent: \d+/g, 'current: <rv>'],
  [/resource version: (\d+) \(\d+\)/g, 'resource version: $1 (<rv>)'],
  [/(ResourceVersion in (?:the precondition|record) \()\d+/g, '$1<rv>'],
  [/\b(10\.244|172\.\d+)\.\d+\.\d+\b/g, '<ip>'],
];
/** Fields of metadata whose value differs between any two clusters, and which are there or not. */
const opaque = new Set(['uid', 'resourceVersion', 'continue', 'observedGeneration', 'pod-template-hash']);
/** Who owns which field is compared where a case asks for it. */
const dropped = new Set(['managedFields']);

/** Takes away what differs between any two clusters: identities, times, revisions, the names of nodes. */
export function normaliser(nodes: string): (value: Loose) => Loose {
  const replace = (text: string): string =>
    texts
      .reduce((so, [pattern, by]) => so.replace(pattern, by), text)
      .replaceAll(`${nodes}-control-plane`, '<node>')
      .replaceAll(new RegExp(`${nodes}-worker\\d*`, 'g'), '<node>');
  const plain = (value: Loose): Loose => {
    if (typeof value === 'string') return replace(value);
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key, inner]) => !dropped.has(key) && inner !== undefined)
        .map(([key, inner]) => [replace(key), opaque.has(key) && inner ? `<${key}>` : sorted(key, plain(inner))]),
    );
  };
  return plain;
}

/** Several causes come in any order. */
const sorted = (key: string, value: Loose): Loose =>
  key === 'causes' ? value.toSorted((a: Loose, b: Loose) => `${a.field}`.localeCompare(`${b.field}`)) : value;

/** Where two answers differ, as `2.body.message`, each with both values. */
export function differences(practice: Loose, kind: Loose, path = ''): {at: string; practice: unknown; kind: unknown}[] {
  if (isDeepStrictEqual(practice, kind)) return [];
  const both = [practice, kind];
  const areLists = both.every(Array.isArray);
  const areMaps = both.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
  if (!areMaps && !(areLists && practice.length === kind.length)) return [{at: path, practice, kind}];
  const keys = [...new Set([...Object.keys(practice), ...Object.keys(kind)])].sort();
  return keys.flatMap((key) => differences(practice[key], kind[key], path === '' ? key : `${path}.${key}`));
}
