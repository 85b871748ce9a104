/** The parts of Kubernetes objects that the practice cluster reads or writes. Unknown fields are kept as they came. */

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** One manager's share of an object, as in server-side apply. */
export interface ManagedFields {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time: string;
  fieldsType: 'FieldsV1';
  fieldsV1: Record<string, unknown>;
  subresource?: string;
}

export interface ObjectMeta {
  name: string;
  generateName?: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFields[];
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
  lastProbeTime?: string | null;
  observedGeneration?: number;
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: {key: string; operator: string; values?: string[]}[];
}

export interface Namespace extends KubeObject {
  spec: {finalizers?: string[]};
  status: {phase: 'Active' | 'Terminating'; conditions?: Condition[]};
}

export interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
}

export interface Secret extends KubeObject {
  type?: string;
  data?: Record<string, string>;
  stringData?: Record<string, string>;
}

export interface Taint {
  key: string;
  value?: string;
  effect: string;
  timeAdded?: string;
}

export interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
  tolerationSeconds?: number;
}

export interface Node extends KubeObject {
  spec: {providerID?: string; podCIDR?: string; taints?: Taint[]; unschedulable?: boolean};
  status: {
    addresses: {type: string; address: string}[];
    conditions: Condition[];
    nodeInfo: Record<string, string>;
    capacity: Record<string, string>;
    allocatable: Record<string, string>;
  };
}

export interface ServicePort {
  name?: string;
  protocol: 'TCP' | 'UDP' | 'SCTP';
  port: number;
  targetPort: number | string;
  nodePort?: number;
}

export interface Service extends KubeObject {
  spec: {
    type?: string;
    clusterIP?: string;
    clusterIPs?: string[];
    externalName?: string;
    selector?: Record<string, string>;
    ports?: ServicePort[];
    publishNotReadyAddresses?: boolean;
  };
}

export interface Endpoint {
  addresses: string[];
  conditions: {ready?: boolean; serving?: boolean; terminating?: boolean};
  hostname?: string;
  nodeName?: string;
  targetRef?: {kind: string; name: string; namespace: string; uid: string};
}

export interface EndpointSlice extends KubeObject {
  addressType: 'IPv4' | 'IPv6' | 'FQDN';
  endpoints: Endpoint[];
  ports: {name?: string; port: number; protocol: 'TCP' | 'UDP' | 'SCTP'}[];
}

/** Who may talk: pods of this namespace or of those selected, or addresses. */
export interface PolicyPeer {
  podSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
  ipBlock?: {cidr: string; except?: string[]};
}

/** A rule of a NetworkPolicy; without `from` or `to` anybody, without `ports` every port. */
export interface PolicyRule {
  from?: PolicyPeer[];
  to?: PolicyPeer[];
  ports?: {protocol?: string; port?: number | string; endPort?: number}[];
}

export interface NetworkPolicy extends KubeObject {
  spec: {podSelector: LabelSelector; policyTypes?: string[]; ingress?: PolicyRule[]; egress?: PolicyRule[]};
}

/** A core/v1 Event; events.k8s.io/v1 is another view of the same object. */
export interface EventObject extends KubeObject {
  involvedObject: {
    kind: string;
    apiVersion?: string;
    namespace?: string;
    name: string;
    uid?: string;
    fieldPath?: string;
  };
  reason: string;
  message: string;
  type: string;
  source: {component?: string; host?: string};
  firstTimestamp: string | null;
  lastTimestamp: string | null;
  count?: number;
  eventTime: string | null;
  reportingComponent: string;
  reportingInstance: string;
  action?: string;
}

/** `namespace/name`, or the name alone for cluster-scoped objects: the key of an object within its kind. */
export function keyOf(object: {metadata: {name: string; namespace?: string}}): string {
  return object.metadata.namespace ? `${object.metadata.namespace}/${object.metadata.name}` : object.metadata.name;
}

/** The condition of a type, when the object has it. */
export function conditionOf(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Puts a condition into a list; its transition time moves only when its status does. */
export function setCondition(conditions: Condition[] | undefined, next: Condition, now: string): Condition[] {
  const old = conditionOf(conditions, next.type);
  const lastTransitionTime = old?.status === next.status ? (old.lastTransitionTime ?? now) : now;
  const merged = {...next, lastTransitionTime};
  return old ? (conditions ?? []).map((each) => (each === old ? merged : each)) : [...(conditions ?? []), merged];
}

/** The reference to the controller that owns an object, if one does. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller);
}
