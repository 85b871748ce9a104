import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject, type Json, type JsonObject, setMember} from '../../io/json.ts';
import {type Owned, ownedBelow, ownedOf, stepper} from './keys.ts';
import {fieldOwners} from './owners.ts';
import {childOf, type Path, pathText, withValue} from './path.ts';
import {differences} from './touched.ts';

/**
 * The fields that belong to others and that an apply of the manifest would set to something else, each with its owners:
 * `data.mode (gitops)`. Found by reading alone; the API server refuses such an apply unless it is forced.
 */
export function conflictsOf({status: _status, ...manifest}: KubeObject, live: KubeObject): string[] {
  const others = fieldOwners(live).filter(({manager, operation}) => manager !== 'kubedrill' || operation !== 'Apply');
  return differences(live, applied(live, manifest, ownedOf(live)) as JsonObject).flatMap(({path}) => {
    const owners = others.filter(({fieldsV1}) => isJsonObject(fieldsV1) && owns(fieldsV1, path));
    const names = [...new Set(owners.map(({manager}) => String(manager)))];
    return names.length === 0 ? [] : [`${pathText(path)} (${names.join(', ')})`];
  });
}

/** What an apply makes of an object: maps and lists with keys merge, all else is replaced. */
function applied(live: Json | undefined, manifest: Json, owned: Owned): Json {
  if (isJsonObject(live) && isJsonObject(manifest)) {
    const result = {...live};
    for (const [member, value] of Object.entries(manifest)) {
      if (value !== undefined)
        setMember(result, member, applied(childOf(live, member), value, ownedBelow(owned, member)));
    }
    return result;
  }
  if (!Array.isArray(live) || !Array.isArray(manifest)) return manifest;
  const stepTo = stepper(live, manifest, owned);
  if (stepTo === undefined) return manifest;
  return manifest.reduce<Json>((list, item) => {
    const to = stepTo(item);
    return withValue(list, [to], applied(childOf(list, to), item, ownedBelow(owned, to))) ?? list;
  }, live);
}

/** Whether a set of fields has a place, or something around it as one value. */
function owns(fields: JsonObject, path: Path): boolean {
  let at: Owned = [fields];
  for (const to of path) {
    at = ownedBelow(at, to);
    if (at.length === 0) return false;
    if (at.some((node) => Object.keys(node).length === 0)) return true;
  }
  return at.some((node) => '.' in node);
}
