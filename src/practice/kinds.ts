import type {
  ConfigMap,
  EndpointSlice,
  EventObject,
  KubeObject,
  Namespace,
  NetworkPolicy,
  Node,
  Secret,
  Service,
} from './objects.ts';
import type {DaemonSet, Deployment, Pod, PodDisruptionBudget, ReplicaSet} from './workloads.ts';

/** One kind of object that the practice cluster serves, as discovery describes it. */
export interface Resource<T extends KubeObject = KubeObject> {
  /** API group; empty for the core group. */
  group: string;
  version: string;
  kind: string;
  plural: string;
  singular: string;
  namespaced: boolean;
  shortNames: readonly string[];
  /** `all` puts it into `kubectl get all`. */
  categories: readonly string[];
  subresources: readonly string[];
  /** Never set: ties the TypeScript type of the objects to the resource. */
  readonly objects?: T;
}

interface Extras {
  shortNames?: string[];
  categories?: string[];
  subresources?: string[];
  clusterScoped?: boolean;
}

function define<T extends KubeObject>(apiVersion: string, kind: string, plural: string, extras: Extras = {}) {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const resource: Resource<T> = {
    group: group ?? '',
    version: version ?? '',
    kind,
    plural,
    singular: kind.toLowerCase(),
    namespaced: !extras.clusterScoped,
    shortNames: extras.shortNames ?? [],
    categories: extras.categories ?? [],
    subresources: extras.subresources ?? [],
  };
  return resource;
}

const all = ['all'];

export const namespaces = define<Namespace>('v1', 'Namespace', 'namespaces', {
  shortNames: ['ns'],
  subresources: ['status', 'finalize'],
  clusterScoped: true,
});
export const nodes = define<Node>('v1', 'Node', 'nodes', {
  shortNames: ['no'],
  subresources: ['status'],
  clusterScoped: true,
});
export const pods = define<Pod>('v1', 'Pod', 'pods', {
  shortNames: ['po'],
  categories: all,
  subresources: ['status', 'log', 'eviction', 'proxy', 'binding'],
});
export const services = define<Service>('v1', 'Service', 'services', {
  shortNames: ['svc'],
  categories: all,
  subresources: ['status'],
});
export const configMaps = define<ConfigMap>('v1', 'ConfigMap', 'configmaps', {shortNames: ['cm']});
export const secrets = define<Secret>('v1', 'Secret', 'secrets');
export const serviceAccounts = define('v1', 'ServiceAccount', 'serviceaccounts', {shortNames: ['sa']});
export const persistentVolumeClaims = define('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', {
  shortNames: ['pvc'],
  subresources: ['status'],
});
export const events = define<EventObject>('v1', 'Event', 'events', {shortNames: ['ev']});
/** The same objects as {@link events}, in the newer form. */
export const eventsV1 = define('events.k8s.io/v1', 'Event', 'events', {shortNames: ['ev']});
export const deployments = define<Deployment>('apps/v1', 'Deployment', 'deployments', {
  shortNames: ['deploy'],
  categories: all,
  subresources: ['status', 'scale'],
});
export const replicaSets = define<ReplicaSet>('apps/v1', 'ReplicaSet', 'replicasets', {
  shortNames: ['rs'],
  categories: all,
  subresources: ['status', 'scale'],
});
export const daemonSets = define<DaemonSet>('apps/v1', 'DaemonSet', 'daemonsets', {
  shortNames: ['ds'],
  categories: all,
  subresources: ['status'],
});
export const endpointSlices = define<EndpointSlice>('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices');
export const leases = define('coordination.k8s.io/v1', 'Lease', 'leases');
export const podDisruptionBudgets = define<PodDisruptionBudget>(
  'policy/v1',
  'PodDisruptionBudget',
  'poddisruptionbudgets',
  {
    shortNames: ['pdb'],
    subresources: ['status'],
  },
);
export const networkPolicies = define<NetworkPolicy>('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies', {
  shortNames: ['netpol'],
});
/** What the subresource `scale` of workloads takes and gives; not stored. */
export const scales = define('autoscaling/v1', 'Scale', 'scale');
const rbac = 'rbac.authorization.k8s.io/v1';

/** Everything that is stored and listed, in the order of discovery. */
export const resources: readonly Resource[] = [
  namespaces,
  nodes,
  pods,
  services,
  configMaps,
  secrets,
  serviceAccounts,
  persistentVolumeClaims,
  events,
  deployments,
  replicaSets,
  daemonSets,
  endpointSlices,
  leases,
  podDisruptionBudgets,
  networkPolicies,
  define(rbac, 'Role', 'roles'),
  define(rbac, 'RoleBinding', 'rolebindings'),
  define(rbac, 'ClusterRole', 'clusterroles', {clusterScoped: true}),
  define(rbac, 'ClusterRoleBinding', 'clusterrolebindings', {clusterScoped: true}),
  eventsV1,
];

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf(resource: {group: string; version: string}): string {
  return resource.group ? `${resource.group}/${resource.version}` : resource.version;
}

/** `deployments.apps`, or `pods` for the core group: how errors name a kind. */
export function qualified(resource: {group: string; plural: string}): string {
  return resource.group ? `${resource.plural}.${resource.group}` : resource.plural;
}

/** The resource of a path, when the practice cluster serves it. */
export function findResource(group: string, version: string, plural: string): Resource | undefined {
  return resources.find((each) => each.group === group && each.version === version && each.plural === plural);
}

/** The resource of an object's apiVersion and kind. */
export function resourceOf(apiVersion: string, kind: string): Resource | undefined {
  return resources.find((each) => apiVersionOf(each) === apiVersion && each.kind === kind);
}

/** The resource under which objects are stored: both views of events share one. */
export function storageOf(resource: Resource): Resource {
  return resource === eventsV1 ? events : resource;
}

/** Whether two descriptions are of the same resource, whatever the types of their objects. */
export function isResource(resource: Resource, other: Resource): boolean {
  return resource === other;
}
