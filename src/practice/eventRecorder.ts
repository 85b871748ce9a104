import type {ApiState} from './apiState.ts';
import {apiVersionOf, events, resourceOf} from './kinds.ts';
import {type EventObject, type KubeObject, keyOf} from './objects.ts';
import type {Registry} from './registry/registry.ts';
import type {Scope} from './scope.ts';
import type {Store} from './store.ts';

export interface Happening {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  /** Who says so: `kubelet`, `deployment-controller`… */
  component: string;
  host?: string;
}

/** How long events are kept, as kube-apiserver's --event-ttl. */
const timeToLive = 3_600_000;
/** How many events wait for the API to come back, as in client-go's queue; what comes after is lost. */
const longestQueue = 1000;

/**
 * Writes Events, as the controllers and the kubelet do; one that repeats is counted, not written again. While the API is
 * down they wait.
 */
export class EventRecorder {
  readonly #store: Store;
  readonly #registry: Registry;
  readonly #scope: Scope;
  readonly #api: ApiState;
  #sequence = 0;
  readonly #waiting: (() => void)[] = [];

  constructor({store, registry, scope, api}: {store: Store; registry: Registry; scope: Scope; api: ApiState}) {
    this.#store = store;
    this.#registry = registry;
    this.#scope = scope;
    this.#api = api;
    api.onChange((up) => {
      for (const write of up ? this.#waiting.splice(0) : []) write();
    });
  }

  record(about: KubeObject, happening: Happening): void {
    const now = this.#scope.now();
    if (this.#api.up) this.#write(about, happening, now);
    else if (this.#waiting.length < longestQueue) this.#waiting.push(() => this.#write(about, happening, now));
  }

  #write(about: KubeObject, {type, reason, message, component, host}: Happening, now: string): void {
    const namespace = about.metadata.namespace ?? 'default';
    this.#expire();
    const known = this.#store.list(events, namespace).find((each) => {
      const same = each.involvedObject.uid === about.metadata.uid && each.reason === reason && each.message === message;
      return same && each.source.component === component;
    });
    if (known) {
      this.#registry.change(events, {name: known.metadata.name, namespace}, (draft) => {
        draft.count = (draft.count ?? 1) + 1;
        draft.lastTimestamp = now;
      });
      return;
    }
    this.#sequence += 1;
    const event: Omit<EventObject, 'metadata' | 'apiVersion' | 'kind'> & {metadata: {name: string}} = {
      metadata: {
        name: `${about.metadata.name}.${(this.#scope.clock.wall().getTime() * 1000 + this.#sequence).toString(16)}`,
      },
      involvedObject: referenceTo(about),
      reason,
      message,
      type,
      source: {component, ...(host ? {host} : {})},
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host ?? '',
    };
    // A namespace that is being deleted takes no new objects; its last events are lost, as on a real cluster.
    if (this.#accepts(namespace)) this.#registry.create(events, event, namespace);
  }

  #accepts(namespace: string): boolean {
    const namespaces = resourceOf('v1', 'Namespace');
    const found = namespaces && this.#store.byKey(namespaces, namespace);
    return found !== undefined && !found.metadata.deletionTimestamp;
  }

  #expire(): void {
    const oldest = this.#scope.clock.wall().getTime() - timeToLive;
    for (const event of this.#store.list(events)) {
      if (Date.parse(event.lastTimestamp ?? event.metadata.creationTimestamp) < oldest)
        this.#store.remove(events, event);
    }
  }
}

function referenceTo(object: KubeObject): EventObject['involvedObject'] {
  const {apiVersion, kind, metadata} = object;
  const resource = resourceOf(apiVersion, kind);
  return {
    kind,
    apiVersion: resource ? apiVersionOf(resource) : apiVersion,
    name: metadata.name,
    uid: kind === 'Node' ? keyOf(object) : metadata.uid,
    ...(metadata.namespace ? {namespace: metadata.namespace} : {}),
  };
}
