import {randomUUID} from 'node:crypto';
import {isDeepStrictEqual} from 'node:util';
import type {Random} from '../../io/random.ts';
import type {ApiState} from '../apiState.ts';
import {isResource, pods, type Resource, services} from '../kinds.ts';
import type {KubeObject, ObjectMeta, Service} from '../objects.ts';
import type {Scope} from '../scope.ts';
import {alreadyExists, notFound, StatusError, unexpected} from '../status.ts';
import type {Store} from '../store.ts';
import type {Pod} from '../workloads.ts';
import type {ClusterIPs} from './clusterIPs.ts';
import {applyDefaults} from './defaults.ts';
import {type DeleteOptions, deletionOf, isFinished} from './deletion.ts';
import {draftOf, type ObjectName, requireApplicable, requireSame} from './input.ts';
import {applyConfiguration, recordUpdate, type Writer} from './managers.ts';
import {dropEmpty, plain, withoutEmpty, withParts} from './parts.ts';
import {admitPod, requireNamespace} from './placement.ts';
import {validate} from './validate.ts';

export interface WriteOptions {
  /** Answer as if it were done, store nothing. */
  dryRun?: boolean;
  /** Field manager; when absent, the name under which this registry writes, and without one nothing is tracked. */
  manager?: string | undefined;
  /** Which part is written; the other parts keep their state. */
  subresource?: string | undefined;
  /** It is what a patch made of the live object. */
  patch?: boolean;
}

interface Parts {
  store: Store;
  api: ApiState;
  scope: Scope;
  random: Random;
  clusterIPs: ClusterIPs;
}

/** Kinds whose `metadata.generation` counts changes of the spec. */
const counted = new Set([
  'Deployment',
  'ReplicaSet',
  'DaemonSet',
  'PodDisruptionBudget',
  'NetworkPolicy',
  'Pod',
  'EndpointSlice',
]);
const suffixLetters = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * The rules of writing between the API's handlers (and the controllers) and the store: defaults, validation, identity,
 * optimistic locking, generations, field ownership, deletion. Every call is one atomic step.
 * Throws {@link StatusError}, and an ApiDownError while the API server is down.
 */
export class Registry {
  readonly #store: Store;
  readonly #scope: Scope;
  readonly #random: Random;
  readonly #clusterIPs: ClusterIPs;
  readonly #parts: Parts;
  readonly #manager: string | undefined;

  constructor(parts: Parts, manager?: string) {
    const {store, scope, random, clusterIPs} = parts;
    this.#parts = parts;
    this.#store = store;
    this.#scope = scope;
    this.#random = random;
    this.#clusterIPs = clusterIPs;
    this.#manager = manager;
  }

  /** The same registry, for one who writes under a name of their own: `kubelet`, `kube-scheduler`… */
  as(manager: string): Registry {
    return new Registry(this.#parts, manager);
  }

  /** The object, or a 404. */
  read<T extends KubeObject>(resource: Resource<T>, namespace: string | undefined, name: string): T {
    this.#parts.api.requireUp();
    const found = this.#store.get(resource, namespace, name);
    if (!found) throw notFound(resource, name);
    return found;
  }

  create<T extends KubeObject>(
    resource: Resource<T>,
    input: unknown,
    namespace?: string,
    options: WriteOptions = {},
  ): T {
    this.#parts.api.requireUp();
    const draft = this.#draft(resource, input, namespace);
    if (draft.metadata.resourceVersion) throw unexpected('resourceVersion should not be set on objects to be created');
    delete draft.metadata.deletionTimestamp;
    delete draft.metadata.deletionGracePeriodSeconds;
    requireNamespace(this.#store, resource, draft.metadata);
    if (isResource(resource, pods)) admitPod(this.#store, draft as unknown as Pod);
    applyDefaults(resource, draft);
    validate(resource, draft, undefined);
    const same = this.#store.get(resource, draft.metadata.namespace, draft.metadata.name);
    if (same) throw alreadyExists(resource, draft.metadata.name, same.metadata.deletionTimestamp !== undefined);
    const {namespace: ns, name} = draft.metadata;
    draft.metadata = {
      ...draft.metadata,
      name,
      ...(ns ? {namespace: ns} : {}),
      uid: randomUUID(),
      resourceVersion: '',
      creationTimestamp: this.#scope.now(),
      ...(counted.has(resource.kind) ? {generation: 1} : {}),
    };
    if (isResource(resource, services)) this.#clusterIPs.assign(draft as unknown as Service);
    const manager = options.manager ?? this.#manager;
    if (manager) recordUpdate(resource, undefined, draft, this.#writer({...options, manager}));
    if (!options.dryRun) return this.#store.put(resource, draft);
    const {resourceVersion: _, ...metadata} = draft.metadata;
    return {...draft, metadata} as T;
  }

  /** Writes a whole object over the live one. A resourceVersion in the input must be the live one. */
  replace<T extends KubeObject>(resource: Resource<T>, input: unknown, at: ObjectName, options: WriteOptions = {}): T {
    const live = this.read(resource, at.namespace, at.name);
    const draft = this.#draft(resource, input, at.namespace);
    requireSame(resource, {live, draft, at}, options.patch === true);
    return this.#update(resource, live, draft, options);
  }

  /** Changes an object through a draft, as the cluster's own controllers do. Undefined when it no longer exists. */
  change<T extends KubeObject>(
    resource: Resource<T>,
    key: ObjectName,
    edit: (draft: T) => void,
    subresource?: string,
  ): T | undefined {
    this.#parts.api.requireUp();
    const live = this.#store.get(resource, key.namespace, key.name);
    if (!live) return undefined;
    const draft = structuredClone(live);
    edit(draft);
    return this.#update(resource, live, draft, {subresource, manager: this.#manager});
  }

  /** Server-side apply; creates the object when there is none. */
  apply<T extends KubeObject>(
    resource: Resource<T>,
    input: unknown,
    at: ObjectName,
    options: WriteOptions & {manager: string; force: boolean},
  ): {object: T; created: boolean} {
    this.#parts.api.requireUp();
    const applied = this.#draft(resource, input, at.namespace);
    const live = this.#store.get(resource, at.namespace, at.name);
    requireApplicable(resource, input, live, at.name);
    if (live) requireSame(resource, {live, draft: applied, at}, true);
    delete (applied.metadata as Partial<ObjectMeta>).resourceVersion;
    const writer = this.#writer(options);
    const merged = withoutEmpty(applyConfiguration(resource, live, applied, {writer, force: options.force})) as T;
    if (live) return {object: this.#update(resource, live, merged, {...options, manager: undefined}), created: false};
    if (options.subresource) throw notFound(resource, at.name);
    return {object: this.create(resource, merged, at.namespace, {...options, manager: undefined}), created: true};
  }

  /** Deletes: at once, or by marking it where a grace period or finalizers hold it. `gone` says which. */
  delete<T extends KubeObject>(
    resource: Resource<T>,
    at: ObjectName,
    options: DeleteOptions & WriteOptions = {},
  ): {object: T; gone: boolean} {
    const live = this.read(resource, at.namespace, at.name);
    const marked = deletionOf(resource, live, options, this.#scope.clock.wall());
    if (isFinished(resource, marked)) {
      // What goes at once is told as it was; only a pod is seen going.
      const last = isResource(resource, pods) ? marked : live;
      return {object: options.dryRun ? last : this.#store.remove(resource, last), gone: true};
    }
    if (options.dryRun) return {object: marked, gone: false};
    return {object: isDeepStrictEqual(marked, live) ? live : this.#store.put(resource, marked), gone: false};
  }

  #update<T extends KubeObject>(resource: Resource<T>, live: T, draft: T, options: WriteOptions): T {
    const next = withParts(resource, live, draft, options.subresource);
    const {uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation} = live.metadata;
    Object.assign(next.metadata, {uid, creationTimestamp, resourceVersion: live.metadata.resourceVersion});
    dropEmpty(next.metadata);
    if (generation !== undefined) next.metadata.generation = generation;
    if (deletionTimestamp) Object.assign(next.metadata, {deletionTimestamp, deletionGracePeriodSeconds});
    else delete next.metadata.deletionTimestamp;
    applyDefaults(resource, next);
    if (isResource(resource, services)) this.#clusterIPs.carry(live as unknown as Service, next as unknown as Service);
    validate(resource, next, live);
    const specOf = (object: KubeObject) => (object as {spec?: unknown}).spec;
    if (counted.has(resource.kind) && !isDeepStrictEqual(specOf(next), specOf(live))) {
      next.metadata.generation = (generation ?? 0) + 1;
    }
    if (options.manager) recordUpdate(resource, live, next, this.#writer(options));
    else if (!next.metadata.managedFields && live.metadata.managedFields) {
      next.metadata.managedFields = structuredClone(live.metadata.managedFields);
    }
    if (isDeepStrictEqual(plain(next), plain(live))) return live;
    if (options.dryRun) return next;
    return isFinished(resource, next) ? this.#store.remove(resource, next) : this.#store.put(resource, next);
  }

  #draft<T extends KubeObject>(resource: Resource<T>, input: unknown, namespace: string | undefined): T {
    return draftOf(resource, input, namespace, () => this.suffix());
  }

  /** Five letters and figures that make a generated name unique, from the seed. */
  suffix(): string {
    const letter = () => suffixLetters[Math.floor(this.#random.next() * suffixLetters.length)];
    return Array.from({length: 5}, letter).join('');
  }

  #writer(options: WriteOptions): Writer {
    if (!options.manager) throw new StatusError(422, 'Invalid', 'fieldManager is required for apply patch');
    return {manager: options.manager, subresource: options.subresource, now: this.#scope.now()};
  }
}

/** The name of an object that exists. */
export function nameOf(object: KubeObject): ObjectName {
  return {name: object.metadata.name, namespace: object.metadata.namespace};
}
