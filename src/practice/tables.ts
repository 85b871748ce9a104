import {type Resource, storageOf} from './kinds.ts';
import {type KubeObject, keyOf} from './objects.ts';

/** One change of an object. `object` is the new state; of a deletion the last one, with the revision of the deletion. */
export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: Resource;
  object: KubeObject;
  /** The state before; absent for ADDED. */
  previous?: KubeObject;
  revision: number;
}

/** An object with its kind. */
export interface Found {
  resource: Resource;
  object: KubeObject;
}

/** Objects by kind and key, to be read and followed. How they come in is the affair of those that extend it. */
export abstract class Tables {
  readonly #tables = new Map<Resource, Map<string, KubeObject>>();
  readonly #listeners = new Set<(change: Change) => void>();

  get<T extends KubeObject>(resource: Resource<T>, namespace: string | undefined, name: string): T | undefined {
    return this.table(resource).get(namespace ? `${namespace}/${name}` : name) as T | undefined;
  }

  /** The object of a `namespace/name` key. */
  byKey<T extends KubeObject>(resource: Resource<T>, key: string): T | undefined {
    return this.table(resource).get(key) as T | undefined;
  }

  /** All objects of a kind, of one namespace when given, in the order of their keys. */
  list<T extends KubeObject>(resource: Resource<T>, namespace?: string): T[] {
    const found = [...this.table(resource)].filter(
      ([, object]) => !namespace || object.metadata.namespace === namespace,
    );
    return found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object as T);
  }

  /** All objects of all kinds. */
  all(): Found[] {
    return [...this.#tables].flatMap(([resource, table]) => [...table.values()].map((object) => ({resource, object})));
  }

  /** Calls back after every change, until the returned function is called. Listeners must not write at once. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected table(resource: Resource): Map<string, KubeObject> {
    const storage = storageOf(resource);
    const table = this.#tables.get(storage) ?? new Map<string, KubeObject>();
    this.#tables.set(storage, table);
    return table;
  }

  /** Puts other objects in the place of all that are there; nobody is told. */
  protected replaceAll(found: readonly Found[]): void {
    this.#tables.clear();
    for (const {resource, object} of found) this.table(resource).set(keyOf(object), object);
  }

  protected tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}
