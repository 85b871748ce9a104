import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject, type Json} from '../../io/json.ts';
import {isControllersNote} from '../common/controllers-notes.ts';
import {valueAt} from '../fields/compare.ts';
import {describeFields, type TouchedField, touchedBy} from '../fields/touched.ts';
import {type Looking, withLiveOwners} from './owners.ts';

/** What of the metadata somebody wrote, and wants to have again. */
const written = new Set(['labels', 'annotations', 'finalizers', 'ownerReferences']);

/** What controllers keep for themselves, and what kubectl writes again with the next apply. */
const isNote = (name: string): boolean =>
  isControllersNote(name) || name === 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Where an object that is there again differs from the saved one, in anything that somebody wrote: its content, labels,
 * annotations, finalizers, and owners, as far as there are any left. What it has beside that is no difference.
 */
export async function difference(looking: Looking, live: KubeObject, saved: KubeObject): Promise<string | undefined> {
  const wanted = await withLiveOwners(looking, saved);
  const fields = touchedBy(wanted, live).filter((field) => counts(field) && !hasAll(live, field));
  return fields.length === 0 ? undefined : describeFields(fields, live);
}

function counts({path: [first, second = '', third = '']}: TouchedField): boolean {
  if (first !== 'metadata') return true;
  if (typeof second !== 'string') return false;
  // An item of a list.
  if (typeof third !== 'string') return written.has(second);
  return written.has(second) && !(second === 'annotations' && isNote(third));
}

/** Finalizers and owners are sets: others may have added theirs. */
function hasAll(live: KubeObject, {path, after}: TouchedField): boolean {
  const [first, second] = path;
  if (first !== 'metadata' || (second !== 'finalizers' && second !== 'ownerReferences')) return false;
  const there = valueAt(live, path);
  return Array.isArray(after) && Array.isArray(there) && after.every((one) => there.some((other) => isOne(one, other)));
}

const isOne = (one: Json, other: Json): boolean =>
  isJsonObject(one) && isJsonObject(other) ? one.uid === other.uid : one === other;
