import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {listRule} from '../registry/lists.ts';
import {badRequest} from '../status.ts';

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
  if (isJsonObject(value)) return strategicMerge(isJsonObject(target) ? target : {}, value);
  if (!Array.isArray(value)) return value;
  const live = Array.isArray(target) ? target : [];
  const items = value.filter((item) => !isJsonObject(item) || item.$patch === undefined || item.$patch === 'delete');
  const {mergeKey, set} = listRule(field, [...items, ...live]);
  if (value.some((item) => isJsonObject(item) && item.$patch === 'replace')) return items.map(withoutDirectives);
  if (set) return [...live, ...items.filter((item) => !live.includes(item))];
  return mergeKey ? mergeList(live, items, mergeKey) : withoutDirectives(items);
}

function mergeList(live: Json[], items: readonly Json[], mergeKey: string): Json[] {
  const merged = [...live];
  for (const item of items) {
    if (!isJsonObject(item)) throw badRequest('a list that merges by a key holds objects only');
    if (item[mergeKey] === undefined) throw badRequest(`map: does not contain declared merge key: ${mergeKey}`);
    const index = merged.findIndex((each) => isJsonObject(each) && each[mergeKey] === item[mergeKey]);
    const old = merged[index];
    if (item.$patch === 'delete') {
      if (index >= 0) merged.splice(index, 1);
    } else if (isJsonObject(old)) merged[index] = strategicMerge(old, item);
    else merged.push(strategicMerge({}, item));
  }
  return merged;
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
