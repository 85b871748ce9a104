import {isDeepStrictEqual} from 'node:util';
import {isJsonObject, type Json, type JsonObject, parseJson} from '../../io/json.ts';
import {idOf, type Listed, type Step} from './path.ts';

/** Parts of the sets of field owners (`fieldsV1`) that are about one place of an object. */
export type Owned = readonly JsonObject[];

/** Whatever the API server has noted of field owners in an object: it knows how each list merges, of any kind. */
export function ownedOf(object: JsonObject): Owned {
  const entries = isJsonObject(object.metadata) ? object.metadata.managedFields : undefined;
  return (Array.isArray(entries) ? entries : []).flatMap((entry) =>
    isJsonObject(entry) && isJsonObject(entry.fieldsV1) ? [entry.fieldsV1] : [],
  );
}

/** What the sets have about the place that a step leads to. */
export function ownedBelow(owned: Owned, to: Step): Owned {
  return owned.flatMap((set) => {
    if (typeof to === 'string') return inside(set[`f:${to}`]);
    if ('value' in to) return [];
    return Object.entries(set)
      .filter(([key]) => key.startsWith('k:') && isDeepStrictEqual(parsed(key), to.item))
      .flatMap(([, below]) => inside(below));
  });
}

const inside = (value: Json | undefined): JsonObject[] => (isJsonObject(value) ? [value] : []);
const parsed = (key: string): unknown => parseJson(key.slice(2));

/**
 * The steps to the items of two versions of a list, each once, those of the earlier version with their places first.
 * Undefined for a list that is one value: its items cannot be told apart, or their order has changed.
 */
export function itemSteps(before: readonly Json[], after: readonly Json[], owned: Owned): Listed[] | undefined {
  const stepOf = stepper(before, after, owned);
  if (stepOf === undefined) return undefined;
  const [was, is] = [before.map(stepOf), after.map(stepOf)];
  const texts = (steps: readonly Listed[]) => steps.map((one) => JSON.stringify(one));
  const [old, now] = [texts(was), texts(is)];
  const stayed = old.filter((one) => now.includes(one));
  if (
    !isDeepStrictEqual(
      stayed,
      now.filter((one) => old.includes(one)),
    )
  )
    return undefined;
  const placed = was.map((one, at) => {
    const index = now.indexOf(old[at] ?? '');
    const previous = was[at - 1];
    if (index >= 0) return {...one, at, now: index};
    return {...one, at, ...(previous === undefined ? {} : {behind: idOf(previous)})};
  });
  const added = is.map((one, index) => ({...one, now: index}));
  return [...placed, ...added.filter((_, index) => !old.includes(now[index] ?? ''))];
}

/**
 * Says how items of two versions of a list are told apart: as the API server does it, or by the members that name things
 * everywhere. Undefined for a list that is one value.
 */
export function stepper(
  before: readonly Json[],
  after: readonly Json[],
  owned: Owned,
): ((item: Json) => Listed) | undefined {
  const known = owned.flatMap((set) => Object.keys(set));
  const lists = [before, after];
  if (known.some((key) => key.startsWith('v:')) && lists.every(isSet)) return (value) => ({value});
  const declared = known.find((key) => key.startsWith('k:'));
  const candidates = declared === undefined ? usualKeys : [Object.keys(parsed(declared) as object), ...usualKeys];
  const members = candidates.find((names) => lists.every((list) => areKeys(names, list)));
  if (members === undefined) return undefined;
  return (item) => ({item: Object.fromEntries(members.map((name) => [name, (item as JsonObject)[name] ?? null]))});
}

const isSet = (list: readonly Json[]): boolean =>
  list.every((one) => typeof one !== 'object') && new Set(list).size === list.length;

/** Whether each item of a list has these members, and no two the same. */
function areKeys(names: readonly string[], list: readonly Json[]): boolean {
  if (!list.every((one) => isJsonObject(one) && names.every((name) => one[name] !== undefined))) return false;
  const keys = list.map((one) => JSON.stringify(names.map((name) => (one as JsonObject)[name])));
  return new Set(keys).size === keys.length;
}

/**
 * Members by which Kubernetes merges lists (`patchMergeKey` and `listMapKey` of its API types), in the order in which they
 * are tried where no field owner is noted: in objects whose owners somebody has cleared, and in lists that server-side
 * apply takes as one value.
 */
const usualKeys: readonly (readonly string[])[] = [
  ['name'],
  ['containerPort', 'protocol'],
  ['port', 'protocol'],
  ['containerPort'],
  ['port'],
  ['mountPath'],
  ['devicePath'],
  ['topologyKey', 'whenUnsatisfiable'],
  ['key', 'effect'],
  ['type'],
  ['ip'],
  ['uid'],
  ['id'],
];
