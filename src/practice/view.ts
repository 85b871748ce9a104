import {isDeepStrictEqual} from 'node:util';
import type {ApiState} from './apiState.ts';
import type {LatencySource} from './latencies.ts';
import {keyOf} from './objects.ts';
import type {Scope} from './scope.ts';
import type {Store} from './store.ts';
import {type Change, type Found, Tables} from './tables.ts';

export interface ViewParts {
  store: Store;
  api: ApiState;
  scope: Scope;
  latency: LatencySource;
}

/**
 * What a client of the API server knows by its lists and watches. While the API is down it stays as it was and tells
 * nobody anything; when the API is back it lists anew, and what changed behind its back is told like any other change.
 * Simpler than a client of Kubernetes, which first goes on from the revision it knows, and lists anew only when that is
 * answered with a 410: with a restored store of a lower revision such a client hears nothing until it is restarted.
 */
export class View extends Tables {
  #connected = false;
  #synced = false;
  #closed = false;
  readonly #store: Store;
  readonly #relisted = new Set<() => void>();
  readonly #closers: (() => void)[];

  /** A client that starts while the API is down knows nothing yet. */
  constructor({store, api, scope, latency}: ViewParts) {
    super();
    this.#store = store;
    if (api.up) this.#load(store.all());
    const relist = () => {
      if (api.up && !this.#closed) this.#relist();
    };
    this.#closers = [
      store.subscribe((change) => this.#hear(change)),
      api.onChange((up) => {
        this.#connected = false;
        if (up) scope.after(latency.of('relist'), 'relist', relist);
      }),
    ];
  }

  /** Whether it follows the API: what it shows is what is there, and the client can write. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Whether it has listed at all: a client that started while the API was down has not. */
  get synced(): boolean {
    return this.#synced;
  }

  /** Calls back after each new list, when its differences were told. */
  onRelist(listener: () => void): void {
    this.#relisted.add(listener);
  }

  /** Ends it: the client is gone. */
  close(): void {
    this.#closed = true;
    this.#connected = false;
    for (const closer of this.#closers) closer();
  }

  #hear(change: Change): void {
    if (!this.#connected) return;
    const table = this.table(change.resource);
    if (change.type === 'DELETED') table.delete(keyOf(change.object));
    else table.set(keyOf(change.object), change.object);
    this.tell(change);
  }

  #load(found: readonly Found[]): void {
    this.replaceAll(found);
    this.#connected = true;
    this.#synced = true;
  }

  #relist(): void {
    const before = this.all();
    const now = this.#store.all();
    const changes = differences(before, now, this.#store.revision);
    this.#load(now);
    for (const change of changes) this.tell(change);
    for (const listener of this.#relisted) listener();
  }
}

/**
 * From one list to the next: first what is gone, then what is new or other, in the order in which it was written. An
 * object that was made anew under its name is one that went and another one that came.
 */
function differences(before: readonly Found[], now: readonly Found[], revision: number): Change[] {
  const known = new Map(before.map((found) => [identity(found), found.object]));
  const present = new Set(now.map(identity));
  const gone = before
    .filter((found) => !present.has(identity(found)))
    .map(({resource, object}): Change => ({type: 'DELETED', resource, object, previous: object, revision}));
  const others = now.flatMap((found): Change[] => {
    const {resource, object} = found;
    const previous = known.get(identity(found));
    if (isDeepStrictEqual(previous, object)) return [];
    const written = {resource, object, revision: Number(object.metadata.resourceVersion)};
    return [previous ? {...written, type: 'MODIFIED', previous} : {...written, type: 'ADDED'}];
  });
  return [...gone, ...others.sort((one, other) => one.revision - other.revision)];
}

const identity = ({resource, object}: Found) =>
  `${resource.plural}.${resource.group}/${keyOf(object)}/${object.metadata.uid}`;
