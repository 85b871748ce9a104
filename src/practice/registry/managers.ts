import {isDeepStrictEqual} from 'node:util';
import type {JsonObject} from '../../io/json.ts';
import {apiVersionOf, type Resource} from '../kinds.ts';
import type {KubeObject, ManagedFields} from '../objects.ts';
import {StatusError} from '../status.ts';
import {type FieldSet, fieldsOf, fromFieldsV1, overlay, printPath, removeField, toFieldsV1} from './fields.ts';

/** Who writes, and through what. */
export interface Writer {
  manager: string;
  subresource?: string | undefined;
  /** Timestamp for the manager's entry. */
  now: string;
}

const json = (object: KubeObject) => object as unknown as JsonObject;
const isSame = (entry: ManagedFields, writer: Writer, operation: string) =>
  entry.manager === writer.manager && entry.operation === operation && entry.subresource === writer.subresource;

/**
 * Field ownership after a create, update or patch: what the writer changed becomes its own, and nobody else's; what is
 * gone belongs to nobody.
 */
export function recordUpdate(
  resource: Resource,
  before: KubeObject | undefined,
  after: KubeObject,
  writer: Writer,
): void {
  const old: FieldSet = before ? fieldsOf(json(before)) : new Map();
  const next = fieldsOf(json(after));
  const changed = new Set(
    [...next].filter(([key, value]) => !isDeepStrictEqual(old.get(key), value)).map(([key]) => key),
  );
  const entries = after.metadata.managedFields?.length ? after.metadata.managedFields : before?.metadata.managedFields;
  const kept = (entries ?? []).map((entry) => {
    const mine = isSame(entry, writer, 'Update');
    const fields = [...fromFieldsV1(entry.fieldsV1)].filter((key) => next.has(key) && (mine || !changed.has(key)));
    return {entry, fields: new Set(fields)};
  });
  if (changed.size > 0) {
    const own = kept.find(({entry}) => isSame(entry, writer, 'Update'));
    if (own) {
      for (const key of changed) own.fields.add(key);
      own.entry = {...own.entry, time: writer.now};
    } else kept.push({entry: newEntry(resource, writer, 'Update'), fields: changed});
  }
  store(after, kept);
}

/**
 * Server-side apply. Returns the new object.
 * Throws a 409 with one cause per field that another manager set to something else, unless forced.
 */
export function applyConfiguration(
  resource: Resource,
  live: KubeObject | undefined,
  applied: KubeObject,
  {writer, force}: {writer: Writer; force: boolean},
): KubeObject {
  const wanted = fieldsOf(json(applied));
  const current: FieldSet = live ? fieldsOf(json(live)) : new Map();
  const entries = (live?.metadata.managedFields ?? []).map((entry) => ({entry, fields: fromFieldsV1(entry.fieldsV1)}));
  const others = entries.filter(({entry}) => !isSame(entry, writer, 'Apply'));
  const own = entries.find(({entry}) => isSame(entry, writer, 'Apply'));
  const differing = [...wanted]
    .filter(([key, value]) => !isDeepStrictEqual(current.get(key), value))
    .map(([key]) => key);
  const conflicts = others.flatMap(({entry, fields}) =>
    differing.filter((key) => fields.has(key)).map((key) => ({entry, key})),
  );
  if (conflicts.length > 0 && !force) throw applyConflict(conflicts);
  const merged = structuredClone(live ? overlay(json(live), json(applied)) : json(applied)) as unknown as KubeObject;
  const dropped = [...(own?.fields ?? [])].filter(
    (key) => !wanted.has(key) && !others.some(({fields}) => fields.has(key)),
  );
  // An item of a list goes last: its fields are found through it.
  for (const key of dropped.sort((a, b) => Number(a.endsWith('"."]')) - Number(b.endsWith('"."]')))) {
    removeField(json(merged), key);
  }
  for (const {fields} of others) for (const key of differing) fields.delete(key);
  const mine = {entry: newEntry(resource, writer, 'Apply'), fields: new Set(wanted.keys())};
  const unchanged = own && isDeepStrictEqual(own.fields, mine.fields) && differing.length === 0;
  store(merged, [...others, unchanged ? own : mine]);
  return merged;
}

function newEntry(resource: Resource, writer: Writer, operation: 'Apply' | 'Update'): ManagedFields {
  return {
    manager: writer.manager,
    operation,
    apiVersion: apiVersionOf(resource),
    time: writer.now,
    fieldsType: 'FieldsV1',
    fieldsV1: {},
    ...(writer.subresource ? {subresource: writer.subresource} : {}),
  };
}

function store(object: KubeObject, entries: readonly {entry: ManagedFields; fields: ReadonlySet<string>}[]): void {
  const written = entries.filter(({fields}) => fields.size > 0);
  object.metadata.managedFields = written.map(({entry, fields}) => ({...entry, fieldsV1: toFieldsV1(fields)}));
}

function applyConflict(conflicts: readonly {entry: ManagedFields; key: string}[]): StatusError {
  const causes = conflicts.map(({entry, key}) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${described(entry)}`,
    field: printPath(key),
  }));
  const [first] = causes;
  if (causes.length === 1 && first) {
    return new StatusError(409, 'Conflict', `Apply failed with 1 conflict: ${first.message}: ${first.field}`, {causes});
  }
  const groups = [...Map.groupBy(causes, ({message}) => message)].map(
    ([message, each]) =>
      `${message.replace('conflict', 'conflicts')}:${each.map(({field}) => `\n- ${field}`).join('')}`,
  );
  return new StatusError(409, 'Conflict', `Apply failed with ${causes.length} conflicts: ${groups.join('\n')}`, {
    causes,
  });
}

/** Who owns a field, as conflicts name them. */
function described({manager, subresource, operation, apiVersion}: ManagedFields): string {
  const through = subresource ? ` with subresource "${subresource}"` : '';
  return `"${manager}"${through}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}
