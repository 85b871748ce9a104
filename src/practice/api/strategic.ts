import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {listRule} from '../registry/lists.ts';
import {badRequest, invalidPatch, unexpected} from '../status.ts';

const orderPrefix = '$setElementOrder/';
const deletePrefix = '$deleteFromPrimitiveList/';

/**
 * A strategic merge patch, in place: maps merge, null deletes, lists with a merge key merge by it, and the directives
 * `$patch`, `$retainKeys`, `$setElementOrder` and `$deleteFromPrimitiveList` are followed.
 * https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function strategicMerge(target: JsonObject, patch: JsonObject): JsonObject {
  const {$patch, $retainKeys, ...fields} = patch;
  if ($patch === 'replace') return withoutDirectives(fields) as JsonObject;
  if ($patch === 'delete') return {};
  if ($patch !== undefined && $patch !== 'merge') {
    throw unexpected(`unknown patch type: ${goText($patch)} in map: ${goText(patch)}`);
  }
  if (Array.isArray($retainKeys)) {
    for (const key of Object.keys(target)) if (!$retainKeys.includes(key)) delete target[key];
  }
  for (const [key, value] of Object.entries(fields)) {
    if (key.startsWith(orderPrefix)) continue;
    if (key.startsWith(deletePrefix)) {
      const list = target[key.slice(deletePrefix.length)];
      const unwanted = Array.isArray(value) ? value : [];
      if (Array.isArray(list)) target[key.slice(deletePrefix.length)] = list.filter((item) => !unwanted.includes(item));
    } else if (value === null || value === undefined) delete target[key];
    else target[key] = mergeValue(key, target[key], value);
  }
  for (const [key, order] of Object.entries(fields)) {
    if (!key.startsWith(orderPrefix)) continue;
    const field = key.slice(orderPrefix.length);
    const list = target[field];
    if (Array.isArray(list) && Array.isArray(order)) target[field] = inOrder(field, list, order);
  }
  return target;
}

function mergeValue(field: string, target: Json | undefined, value: Json): Json {
  if (isJsonObject(value) && Array.isArray(target)) throw invalidPatch(goText(value), 'cannot restore slice from map');
  if (isJsonObject(value)) return strategicMerge(isJsonObject(target) ? target : {}, value);
  if (!Array.isArray(value)) return value;
  const live = Array.isArray(target) ? target : [];
  const items = value.filter((item) => !isJsonObject(item) || item.$patch === undefined || item.$patch === 'delete');
  const {mergeKey, set} = listRule(field, [...items, ...live]);
  if (value.some((item) => isJsonObject(item) && item.$patch === 'replace')) return items.map(withoutDirectives);
  if (set) return inPlace(live, [...live, ...items.filter((item) => !live.includes(item))], items, (item) => item);
  return mergeKey ? mergeList(live, items, mergeKey) : withoutDirectives(items);
}

function mergeList(live: Json[], items: readonly Json[], mergeKey: string): Json[] {
  const merged = [...live];
  for (const item of items) {
    if (!isJsonObject(item)) throw badRequest('a list that merges by a key holds objects only');
    if (item[mergeKey] === undefined) {
      throw unexpected(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
    }
    const index = merged.findIndex((each) => isJsonObject(each) && each[mergeKey] === item[mergeKey]);
    const old = merged[index];
    if (item.$patch === 'delete') {
      if (index >= 0) merged.splice(index, 1);
    } else if (isJsonObject(old)) merged[index] = strategicMerge(old, item);
    else merged.push(strategicMerge({}, item));
  }
  return inPlace(live, merged, items, (item) => (isJsonObject(item) ? item[mergeKey] : item));
}

/**
 * The order that Kubernetes gives a merged list: what the patch names in the patch's order, what it does not name in the
 * old one, and what is new before all that was not named.
 */
function inPlace(
  live: readonly Json[],
  merged: readonly Json[],
  items: readonly Json[],
  idOf: (item: Json) => Json | undefined,
): Json[] {
  const before = live.map(idOf);
  const order = items.map(idOf);
  const named = merged.filter((item) => order.includes(idOf(item)));
  named.sort((a, b) => order.indexOf(idOf(a)) - order.indexOf(idOf(b)));
  const others = merged.filter((item) => !order.includes(idOf(item)));
  const placed: Json[] = [];
  for (const item of named) {
    const place = before.indexOf(idOf(item));
    while (others[0] !== undefined && before.indexOf(idOf(others[0])) < place) placed.push(...others.splice(0, 1));
    placed.push(item);
  }
  return [...placed, ...others];
}

/** A value as Go prints it. */
function goText(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isJsonObject(value)) return String(value);
  const pairs = Object.keys(value).sort();
  return `map[${pairs.map((key) => `${key}:${goText(value[key])}`).join(' ')}]`;
}

/** The items that the order names, in that order; the others keep their place after them. */
function inOrder(field: string, list: readonly Json[], order: readonly Json[]): Json[] {
  const {mergeKey} = listRule(field, list);
  const idOf = (item: Json) => (mergeKey && isJsonObject(item) ? item[mergeKey] : item);
  const wanted = order.map(idOf);
  const rank = (item: Json) => {
    const index = wanted.indexOf(idOf(item));
    return index < 0 ? wanted.length : index;
  };
  return [...list].sort((a, b) => rank(a) - rank(b));
}

function withoutDirectives(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutDirectives);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([key, inner]) => !key.startsWith('$') && inner !== null && inner !== undefined,
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutDirectives(inner ?? null)]));
}
