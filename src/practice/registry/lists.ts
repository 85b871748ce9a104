import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';

/**
 * How lists of built-in kinds merge, by the name of their field: by the key of their items, as a set of plain values,
 * or (everything else) as one value. From the `patchMergeKey`, `listMapKey` and `listType` markers of the Kubernetes
 * API types.
 */
interface ListRule {
  /** Keys that identify an item for server-side apply. */
  keys?: readonly string[];
  /** The one key that identifies it for a strategic merge patch. */
  mergeKey?: string;
  set?: true;
}

const rules: Readonly<Record<string, ListRule>> = {
  containers: {keys: ['name'], mergeKey: 'name'},
  initContainers: {keys: ['name'], mergeKey: 'name'},
  ephemeralContainers: {keys: ['name'], mergeKey: 'name'},
  env: {keys: ['name'], mergeKey: 'name'},
  volumes: {keys: ['name'], mergeKey: 'name'},
  imagePullSecrets: {keys: ['name'], mergeKey: 'name'},
  volumeMounts: {keys: ['mountPath'], mergeKey: 'mountPath'},
  conditions: {keys: ['type'], mergeKey: 'type'},
  ownerReferences: {keys: ['uid'], mergeKey: 'uid'},
  hostAliases: {keys: ['ip'], mergeKey: 'ip'},
  topologySpreadConstraints: {keys: ['topologyKey', 'whenUnsatisfiable'], mergeKey: 'topologyKey'},
  podIPs: {keys: ['ip'], mergeKey: 'ip'},
  // Taints, node addresses and Secret references merge in patches but are one value for server-side apply.
  taints: {mergeKey: 'key'},
  addresses: {keys: ['type'], mergeKey: 'type'},
  secrets: {keys: ['name'], mergeKey: 'name'},
  finalizers: {set: true},
  podCIDRs: {set: true},
};

/** The rule of a list. `ports` is two kinds of list: a container's and a Service's. */
export function listRule(field: string, items: readonly Json[]): ListRule {
  if (field === 'ports') {
    const first = items.find(isJsonObject);
    if (first?.containerPort !== undefined) return {keys: ['containerPort', 'protocol'], mergeKey: 'containerPort'};
    // An EndpointSlice's ports are one value; they have no targetPort, and no one applies them by hand.
    return first?.port === undefined ? {} : {keys: ['port', 'protocol'], mergeKey: 'port'};
  }
  const rule = rules[field] ?? {};
  // A list of plain strings under such a name (an EndpointSlice's addresses) has no keys.
  return rule.keys && !items.every(isJsonObject) ? {} : rule;
}

/** What identifies an item of a list with keys, with the API's default protocol where none is given. */
export function itemKey(item: JsonObject, keys: readonly string[]): JsonObject {
  const value = (key: string) => item[key] ?? (key === 'protocol' ? 'TCP' : null);
  return Object.fromEntries(keys.map((key) => [key, value(key)]));
}
