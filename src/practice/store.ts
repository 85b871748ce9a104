import {type Resource, resourceOf, storageOf} from './kinds.ts';
import {type KubeObject, keyOf} from './objects.ts';
import {type Change, Tables} from './tables.ts';

/** Everything that is stored, as plain data: what an etcd snapshot is. */
export interface StoreSnapshot {
  /** Revision of the newest write in it. */
  revision: number;
  objects: readonly KubeObject[];
}

/** What `etcdutl snapshot restore` is told. */
export interface RestoreOptions {
  /** How much is added to the snapshot's revision (`--bump-revision`). */
  bump?: number;
  /** Whether nothing below the new revision can be asked for (`--mark-compacted`). */
  markCompacted?: boolean;
}

/**
 * The revisioned store, in the place of etcd and the watch cache: one counter for all kinds, a bounded history of
 * changes, listeners called in commit order. Objects are frozen; writers bring a new one.
 */
export class Store extends Tables {
  #revision = 0;
  /** Lowest revision from which the changes are known. */
  #compacted = 0;
  #history: Change[] = [];
  readonly #historyLimit: number;

  /** @param historyLimit how many changes a watch can look back; older revisions answer 410. */
  constructor(historyLimit: number) {
    super();
    this.#historyLimit = historyLimit;
  }

  /** Revision of the newest write. */
  get revision(): number {
    return this.#revision;
  }

  /** Writes an object under a new revision and returns it as stored. Whether it may be written is the caller's task. */
  put<T extends KubeObject>(resource: Resource<T>, object: T): T {
    const table = this.table(resource);
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
    const table = this.table(resource);
    const previous = table.get(keyOf(object));
    table.delete(keyOf(object));
    const last = this.#stamp(object);
    const change: Change = {type: 'DELETED', resource: storageOf(resource), object: last, revision: this.#revision};
    this.#commit(previous ? {...change, previous} : change);
    return last;
  }

  /**
   * Changes of a kind after a revision, oldest first; undefined when the history no longer reaches back to it. After a
   * revision of the future there are none: who waits for it hears nothing until it is reached, and misses what came before.
   */
  since(resource: Resource, revision: number): Change[] | undefined {
    if (revision < this.#compacted) return undefined;
    const wanted = storageOf(resource);
    return this.#history.filter((change) => change.revision > revision && change.resource === wanted);
  }

  /** All objects as they are now. */
  snapshot(): StoreSnapshot {
    return {revision: this.#revision, objects: structuredClone(this.all().map(({object}) => object))};
  }

  /**
   * Goes back to a snapshot: its objects with their revisions, and no history. Listeners hear nothing of it, as watches
   * do not: they have to list again. Throws a RangeError for a snapshot with kinds that are not stored here.
   */
  restore(snapshot: StoreSnapshot, {bump = 0, markCompacted = false}: RestoreOptions = {}): void {
    const found = snapshot.objects.map((object) => {
      const resource = resourceOf(object.apiVersion, object.kind);
      if (!resource) throw new RangeError(`the practice cluster stores no ${object.apiVersion} ${object.kind}`);
      return {resource, object: deepFreeze(structuredClone(object))};
    });
    this.replaceAll(found);
    this.#history = [];
    this.#revision = snapshot.revision + bump;
    this.#compacted = markCompacted ? this.#revision : snapshot.revision;
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
    this.tell(change);
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
