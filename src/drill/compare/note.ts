import {createHmac} from 'node:crypto';
import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {ownersNote} from './owners.ts';
import {usersPart} from './users-part.ts';

/** An object as the comparison keeps it: hashes of what its users want of it, never a value. */
export interface Note {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  uid?: string;
  /** Its controller, by kind and name: a recreated one has another UID. */
  owner?: {kind: string; name: string};
  /** Of all leaves together. */
  hash: string;
  /** Lines of path and hash, sorted by path. */
  leaves: string;
  /** Who owns fields of it, as {@link ownersNote} has it. Absent in notes of earlier versions. */
  owners?: string;
  /** Of a Pod: whether it runs, and whether it is ready. */
  pod?: {runs: boolean; ready: boolean};
  /** Of a kind that no part of Kubernetes itself fills in: whether it has a status. */
  status?: boolean;
}

/** Digits of a leaf's hash: enough for a change not to go unseen, few enough for ten thousand objects. */
const digits = 16;

/** Notes an object. `key`: of the run, so that nobody finds out a Secret's short value by trying. */
export function note(object: KubeObject, key: Uint8Array): Note {
  const {apiVersion, kind, metadata} = object;
  const hash = (text: string) => createHmac('sha256', key).update(text).digest('base64').slice(0, digits);
  const lines: string[] = [];
  walk(usersPart(object), '', (path, value) => lines.push(`${path}\t${hash(JSON.stringify(value))}`));
  const leaves = lines.sort().join('\n');
  const owner = controllerOf(object);
  return {
    apiVersion,
    kind,
    ...(metadata.namespace === undefined ? {} : {namespace: metadata.namespace}),
    name: metadata.name,
    ...(metadata.uid === undefined ? {} : {uid: metadata.uid}),
    ...(owner === undefined ? {} : {owner}),
    hash: hash(leaves),
    leaves,
    owners: ownersNote(object, hash),
    ...(apiVersion === 'v1' && kind === 'Pod' ? {pod: podState(object)} : {}),
    ...(isCustom(apiVersion) ? {status: isJsonObject(object.status) && Object.keys(object.status).length > 0} : {}),
  };
}

/** Names an object among all. */
export const keyOf = ({
  apiVersion,
  kind,
  namespace = '',
  name,
}: Pick<Note, 'apiVersion' | 'kind' | 'namespace' | 'name'>): string => `${apiVersion} ${kind} ${namespace}/${name}`;

/** The paths in which two notes differ, `data.mode`; sorted. */
export function differingPaths(before: Note, after: Note): string[] {
  if (before.hash === after.hash) return [];
  const [was, is] = [linesOf(before.leaves), linesOf(after.leaves)];
  const paths = [...new Set([...was.keys(), ...is.keys()])];
  return paths.filter((path) => was.get(path) !== is.get(path)).sort();
}

/** What stands in lines of a name and its hash. */
function linesOf(text: string): Map<string, string> {
  if (text === '') return new Map();
  return new Map(text.split('\n').map((line) => line.split('\t', 2) as [string, string]));
}

/** Every scalar and every empty list or map with its path. */
function walk(value: Json | undefined, path: string, leaf: (path: string, value: Json) => void): void {
  if (value === undefined) return;
  if (Array.isArray(value) && value.length > 0) {
    for (const [index, item] of value.entries()) walk(item, `${path}[${index}]`, leaf);
  } else if (isJsonObject(value) && Object.keys(value).length > 0) {
    for (const [member, item] of Object.entries(value)) {
      const name = /[\s"]/.test(member) ? JSON.stringify(member) : member;
      walk(item, path === '' ? name : `${path}.${name}`, leaf);
    }
  } else leaf(path, value);
}

function controllerOf({metadata}: KubeObject): Note['owner'] {
  const references = Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences : [];
  const found = references.find((reference) => isJsonObject(reference) && reference.controller === true);
  if (!isJsonObject(found)) return undefined;
  const {kind, name} = found;
  return typeof kind === 'string' && typeof name === 'string' ? {kind, name} : undefined;
}

function podState({metadata, status}: KubeObject): {runs: boolean; ready: boolean} {
  const {phase, conditions} = isJsonObject(status) ? status : ({} as JsonObject);
  const runs = metadata.deletionTimestamp === undefined && phase !== 'Failed' && phase !== 'Succeeded';
  const ready =
    Array.isArray(conditions) &&
    conditions.some((one) => isJsonObject(one) && one.type === 'Ready' && one.status === 'True');
  return {runs, ready: runs && ready};
}

/** A kind of a group with a dot of its own, outside of Kubernetes' (`*.k8s.io`, `apps`, `batch`). */
const isCustom = (apiVersion: string): boolean => {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  return group.includes('.') && !group.endsWith('.k8s.io');
};
