import type {Json, JsonObject} from '../io/json.ts';

/** An object as the API server sent it: raw JSON, because typed clients drop the fields they do not know. */
export interface KubeObject extends JsonObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** The part of `metadata` that kubedrill reads; everything else stays in place. */
export interface ObjectMeta extends JsonObject {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  labels?: {[key: string]: string};
  annotations?: {[key: string]: string};
  deletionTimestamp?: string;
  creationTimestamp?: string;
}

/** Names one object. Without `namespace` it is cluster-scoped. */
export interface ObjectRef {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
}

/** Names one object and no later one of the same name. */
export interface FrozenRef extends ObjectRef {
  uid: string;
}

/** What to list. Without `namespace`: all namespaces, or a cluster-scoped kind. */
export interface ListQuery {
  apiVersion: string;
  kind: string;
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
}

/** Every call ends at `timeout` (milliseconds, default 10 s) or when `signal` aborts. */
export interface CallOptions {
  signal?: AbortSignal;
  timeout?: number;
  /** A connection of its own and no second attempt: what a sample needs. */
  fresh?: boolean;
  /** Told each warning that comes with the answer. */
  onWarning?: (warning: string) => void;
}

/** One thing that a drill must be allowed to do, asked by SelfSubjectAccessReview and printed by `kubedrill rbac`. */
export interface Permission {
  verb: string;
  /** API group, `''` for core. */
  group: string;
  resource: string;
  subresource?: string;
  /** Absent: in every namespace, or a cluster-scoped resource. */
  namespace?: string;
  name?: string;
  /** The kind that `resource` was derived from: only discovery knows what it is called, and whether it has namespaces. */
  of?: {apiVersion: string; kind: string};
}

/** A kind as discovery describes it. */
export interface ApiResource {
  group: string;
  version: string;
  kind: string;
  /** Plural name in paths. */
  resource: string;
  namespaced: boolean;
}

export type PatchType = 'json' | 'merge' | 'strategic';

/** Body of a raw answer. */
export interface RawAnswer {
  status: number;
  body: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Reads the cluster. Every rejection is a `ClusterError` (or the signal's reason when aborted). */
export interface ClusterReader {
  /** URL of the API server, without credentials. */
  readonly server: string;
  get(ref: ObjectRef, options?: CallOptions): Promise<KubeObject>;
  /** All pages. */
  list(query: ListQuery, options?: CallOptions): Promise<KubeObject[]>;
  /** GET on any path; answers of any status are returned, only a missing answer rejects. */
  raw(path: string, options?: CallOptions): Promise<RawAnswer>;
  /** What discovery says about a kind; cached. */
  resource(apiVersion: string, kind: string, options?: CallOptions): Promise<ApiResource>;
  /** Whether the current user may do it (SelfSubjectAccessReview), and the API server's reason. */
  review(permission: Permission, options?: CallOptions): Promise<{allowed: boolean; reason: string}>;
  /**
   * Follows a container's log line by line until `signal` aborts (resolves) or the stream ends or breaks (resolves
   * or rejects; the caller decides whether to attach again). `sinceTime` is RFC 3339.
   */
  followLog(
    pod: {namespace: string; name: string; container?: string},
    options: {signal: AbortSignal; sinceTime?: string; onLine: (line: string) => void},
  ): Promise<void>;
}

export interface WriteOptions extends CallOptions {
  /** Sends the write with `dryRun=All`. */
  dryRun?: boolean;
  /**
   * A field that the kind does not have is dropped, with a warning. Without it such a write is refused
   * (`fieldValidation=Strict`): it would not do what stands in it.
   */
  lenient?: boolean;
}

export interface DeleteOptions extends WriteOptions {
  /** Precondition: only the object with this UID. */
  uid?: string;
  resourceVersion?: string;
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

/** Changes the cluster. Reached only inside `ctx.mutate`. One method call is one API call, never retried. */
export interface ClusterWriter {
  create(object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** Server-side apply. */
  apply(object: KubeObject, options: WriteOptions & {fieldManager: string; force?: boolean}): Promise<KubeObject>;
  /** PUT; the object's resourceVersion is the precondition. */
  replace(object: KubeObject, options?: WriteOptions & {subresource?: string}): Promise<KubeObject>;
  patch(
    ref: ObjectRef,
    patch: Json,
    options: WriteOptions & {type: PatchType; subresource?: string},
  ): Promise<KubeObject>;
  /** The answer is the object on its way out or a Status. */
  delete(ref: ObjectRef, options?: DeleteOptions): Promise<JsonObject>;
  evict(pod: {namespace: string; name: string; uid?: string}, options?: DeleteOptions): Promise<JsonObject>;
}

/** What a connected cluster is, for reports and identity checks. */
export interface ClusterIdentity {
  /** UID of the namespace kube-system: the identity of the cluster's data. */
  uid: string;
  server: string;
  context: string;
  /** gitVersion of the API server. */
  version: string;
  nodes: {name: string; version: string; machineId: string; providerId: string; roles: string[]; ready: boolean}[];
}

export type ClusterErrorReason =
  | 'notFound'
  | 'conflict'
  | 'alreadyExists'
  | 'invalid'
  | 'forbidden'
  | 'unauthorized'
  | 'gone'
  | 'tooManyRequests'
  | 'serverError'
  | 'unreachable'
  | 'tls'
  | 'timeout'
  | 'badAnswer'
  | 'other';

/** A connected cluster with the rights of one kubeconfig user. */
export interface Connection {
  reader: ClusterReader;
  writer: ClusterWriter;
  context: string;
  /** Namespace of the context, else `default`. */
  namespace: string;
  /** Name of the kubeconfig user, for the default operator. */
  user: string;
  /** Asks who the cluster is: kube-system UID, version, nodes. */
  identify(options?: CallOptions): Promise<ClusterIdentity>;
  /**
   * Tells every credential that the connection uses, and from then on each new one before it is used. Resolves when
   * those in use now are told; a plugin that fails or does not answer in time has told nothing.
   */
  onSecret(learn: (secret: string) => void): Promise<void>;
  /** Ends kept connections. */
  close(): void;
}
