import {type Resource, storageOf} from './kinds.ts';
import {type KubeObject, keyOf} from './objects.ts';

/** One committed write. `object` is the new state; of a deletion the last one, with the revision of the deletion. */
export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: Resource;
  object: KubeObject;
  /** The state before; absent for ADDED. */
  previous?: KubeObject;
  revision: number;
}

/**
 * The revisioned store, in the place of etcd and the watch cache: one counter for all kinds, a bounded history of
 * changes, listeners called in commit order. Objects are frozen; writers bring a new one.
 */
export class Store {
  #revision = 0;
  /** Highest revision that is no longer in the history. */
  #compacted = 0;
  readonly #history: Change[] = [];
  readonly #tables = new Map<Resource, Map<string, KubeObject>>();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #historyLimit: number;

  /** @param historyLimit how many changes a watch can look back; older revisions answer 410. */
  constructor(historyLimit: number) {
    this.#historyLimit = historyLimit;
  }

  /** Revision of the newest write. */
  get revision(): number {
    return this.#revision;
  }

  get<T extends KubeObject>(resource: Resource<T>, namespace: string | undefined, name: string): T | undefined {
    return this.#table(resource).get(namespace ? `${namespace}/${name}` : name) as T | undefined;
  }

  /** The object of a `namespace/name` key. */
  byKey<T extends KubeObject>(resource: Resource<T>, key: string): T | undefined {
    return this.#table(resource).get(key) as T | undefined;
  }

  /** All objects of a kind, of one namespace when given, in the order of their keys. */
  list<T extends KubeObject>(resource: Resource<T>, namespace?: string): T[] {
    const found = [...this.#table(resource)].filter(
      ([, object]) => !namespace || object.metadata.namespace === namespace,
    );
    return found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object as T);
  }

  /** Writes an object under a new revision and returns it as stored. Whether it may be written is the caller's task. */
  put<T extends KubeObject>(resource: Resource<T>, object: T): T {
    const table = this.#table(resource);
    const key = keyOf(object);
    const previous = table.get(key);
    const stored = this.#stamp(object);
    table.set(key, stored);
    this.#commit({
      type: previous ? 'MODIFIED' : 'ADDED',
      resource: storageOf(resource),
      object: stored,
      ...(previous ? {previous} : {}),
      revision: this.#revision,
    });
    return stored;
  }

  /** Removes an object and returns its last state, stamped with the revision of the removal. */
  remove<T extends KubeObject>(resource: Resource<T>, object: T): T {
    const table = this.#table(resource);
    const previous = table.get(keyOf(object));
    table.delete(keyOf(object));
    const last = this.#stamp(object);
    const change: Change = {type: 'DELETED', resource: storageOf(resource), object: last, revision: this.#revision};
    this.#commit(previous ? {...change, previous} : change);
    return last;
  }

  /** Changes of a kind after a revision, oldest first; undefined when the history no longer reaches back to it. */
  since(resource: Resource, revision: number): Change[] | undefined {
    if (revision < this.#compacted) return undefined;
    const wanted = storageOf(resource);
    return this.#history.filter((change) => change.revision > revision && change.resource === wanted);
  }

  /** Calls back after every commit, until the returned function is called. Listeners must not write at once. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #table(resource: Resource): Map<string, KubeObject> {
    const storage = storageOf(resource);
    const table = this.#tables.get(storage) ?? new Map<string, KubeObject>();
    this.#tables.set(storage, table);
    return table;
  }

  #stamp<T extends KubeObject>(object: T): T {
    this.#revision += 1;
    const stamped = structuredClone(object);
    stamped.metadata.resourceVersion = String(this.#revision);
    return deepFreeze(stamped);
  }

  #commit(change: Change): void {
    this.#history.push(change);
    const surplus = this.#history.length - this.#historyLimit;
    if (surplus > 0) this.#compacted = this.#history.splice(0, surplus).at(-1)?.revision ?? this.#compacted;
    for (const listener of this.#listeners) listener(change);
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
