import {
  configMaps,
  daemonSets,
  deployments,
  endpointSlices,
  events,
  leases,
  namespaces,
  networkPolicies,
  nodes,
  persistentVolumeClaims,
  podDisruptionBudgets,
  pods,
  type Resource,
  replicaSets,
  secrets,
  serviceAccounts,
  services,
  storageOf,
} from '../kinds.ts';
import {conditionOf, type KubeObject, type LabelSelector, type Node, type Service} from '../objects.ts';
import type {Pod} from '../workloads.ts';

/** One column of a Table: kubectl shows priority 0 always and 1 with `-o wide`. */
export interface Column {
  name: string;
  priority: 0 | 1;
  type: 'string' | 'integer' | 'date';
  /** The cell, given the age of a timestamp as text. */
  cell: (object: Loose, age: (timestamp: string | null | undefined) => string) => string | number;
}

/** An object whose fields are read for display only; what is missing shows as empty. */
// biome-ignore lint/suspicious/noExplicitAny: tables show fields of all kinds, and unknown ones as blanks.
type Loose = any;

const text = (name: string, cell: Column['cell']): Column => ({name, priority: 0, type: 'string', cell});
const wide = (name: string, cell: Column['cell']): Column => ({name, priority: 1, type: 'string', cell});
const number = (name: string, cell: (object: Loose) => number | undefined): Column => ({
  name,
  priority: 0,
  type: 'string',
  cell: (object) => cell(object) ?? 0,
});

const nameColumn = text('Name', (object: KubeObject) => object.metadata.name);
const age = text('Age', (object: KubeObject, ageOf) => ageOf(object.metadata.creationTimestamp));
const none = (value: string | undefined) => value || '<none>';

const containersOf = (object: Loose): {name: string; image: string}[] => object.spec?.template?.spec?.containers ?? [];
const workload: Column[] = [
  wide('Containers', (object) =>
    containersOf(object)
      .map((each) => each.name)
      .join(','),
  ),
  wide('Images', (object) =>
    containersOf(object)
      .map((each) => each.image)
      .join(','),
  ),
  wide('Selector', (object) => none(printSelector(object.spec?.selector))),
];

const tables = new Map<Resource, readonly Column[]>([
  [
    pods,
    [
      text('Ready', ({status}: Pod) => {
        const statuses = status.containerStatuses ?? [];
        return `${statuses.filter((each) => each.ready).length}/${statuses.length || 1}`;
      }),
      text('Status', podReason),
      text('Restarts', ({status}: Pod) =>
        String((status.containerStatuses ?? []).reduce((sum, each) => sum + each.restartCount, 0)),
      ),
      age,
      wide('IP', ({status}: Pod) => none(status.podIP)),
      wide('Node', ({spec}: Pod) => none(spec.nodeName)),
      wide('Nominated Node', () => '<none>'),
      wide('Readiness Gates', () => '<none>'),
    ],
  ],
  [
    services,
    [
      text('Type', ({spec}: Service) => spec.type ?? ''),
      text('Cluster-IP', ({spec}: Service) => none(spec.clusterIP)),
      text('External-IP', ({spec}: Service) => none(spec.externalName)),
      text('Port(s)', ({spec}: Service) => none(spec.ports?.map((each) => `${each.port}/${each.protocol}`).join(','))),
      age,
      wide('Selector', ({spec}: Service) => none(printPairs(spec.selector))),
    ],
  ],
  [
    deployments,
    [
      text('Ready', ({spec, status}) => `${status.readyReplicas ?? 0}/${spec.replicas}`),
      number('Up-to-date', ({status}) => status.updatedReplicas),
      number('Available', ({status}) => status.availableReplicas),
      age,
      ...workload,
    ],
  ],
  [
    replicaSets,
    [
      number('Desired', ({spec}) => spec.replicas),
      number('Current', ({status}) => status.replicas),
      number('Ready', ({status}) => status.readyReplicas),
      age,
      ...workload,
    ],
  ],
  [
    daemonSets,
    [
      number('Desired', ({status}) => status.desiredNumberScheduled),
      number('Current', ({status}) => status.currentNumberScheduled),
      number('Ready', ({status}) => status.numberReady),
      number('Up-to-date', ({status}) => status.updatedNumberScheduled),
      number('Available', ({status}) => status.numberAvailable),
      text('Node Selector', ({spec}) => none(printPairs(spec.template.spec.nodeSelector))),
      age,
      ...workload,
    ],
  ],
  [
    nodes,
    [
      text('Status', nodeStatus),
      text('Roles', nodeRoles),
      age,
      text('Version', ({status}: Node) => status.nodeInfo.kubeletVersion ?? ''),
      wide('Internal-IP', ({status}: Node) =>
        none(status.addresses.find((each) => each.type === 'InternalIP')?.address),
      ),
      wide('External-IP', () => '<none>'),
      wide('OS-Image', ({status}: Node) => status.nodeInfo.osImage ?? ''),
      wide('Kernel-Version', ({status}: Node) => status.nodeInfo.kernelVersion ?? ''),
      wide('Container-Runtime', ({status}: Node) => status.nodeInfo.containerRuntimeVersion ?? ''),
    ],
  ],
  [namespaces, [text('Status', ({status}) => status.phase), age]],
  [configMaps, [number('Data', ({data, binaryData}) => Object.keys({...data, ...binaryData}).length), age]],
  [secrets, [text('Type', ({type}) => type ?? ''), number('Data', ({data}) => Object.keys(data ?? {}).length), age]],
  [serviceAccounts, [number('Secrets', (object) => object.secrets?.length), age]],
  [
    persistentVolumeClaims,
    [text('Status', ({status}) => status?.phase ?? ''), text('Volume', ({spec}) => spec?.volumeName ?? ''), age],
  ],
  [
    endpointSlices,
    [
      text('AddressType', ({addressType}) => addressType),
      text('Ports', ({ports}) => none(ports?.map((each: {port: number}) => each.port).join(','))),
      text('Endpoints', ({endpoints}) =>
        none(endpoints?.flatMap((each: {addresses: string[]}) => each.addresses).join(',')),
      ),
      age,
    ],
  ],
  [leases, [text('Holder', ({spec}) => spec?.holderIdentity ?? ''), age]],
  [
    podDisruptionBudgets,
    [
      text('Min Available', ({spec}) => String(spec?.minAvailable ?? 'N/A')),
      text('Max Unavailable', ({spec}) => String(spec?.maxUnavailable ?? 'N/A')),
      text('Allowed Disruptions', ({status}) => String(status?.disruptionsAllowed ?? 0)),
      age,
    ],
  ],
  [networkPolicies, [text('Pod-Selector', ({spec}) => none(printSelector(spec?.podSelector))), age]],
]);

const eventColumns: readonly Column[] = [
  text('Last Seen', (event, ageOf) =>
    ageOf(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp),
  ),
  text('Type', (event) => event.type),
  text('Reason', (event) => event.reason),
  text('Object', ({involvedObject}) => `${involvedObject.kind.toLowerCase()}/${involvedObject.name}`),
  wide('Subobject', ({involvedObject}) => involvedObject.fieldPath ?? ''),
  wide('Source', ({source}) => [source?.component, source?.host].filter(Boolean).join(', ')),
  text('Message', ({message}) => String(message ?? '').trim()),
  wide('First Seen', (event, ageOf) => ageOf(event.firstTimestamp)),
  wide('Count', ({count}) => count ?? 1),
  wide('Name', (event) => event.metadata.name),
];

/** The columns that kubectl shows for a kind. */
export function columnsOf(resource: Resource): readonly Column[] {
  const stored = storageOf(resource);
  if (stored === events) return eventColumns;
  const created = text('Created At', ({metadata}: KubeObject) => metadata.creationTimestamp);
  return [nameColumn, ...(tables.get(stored) ?? [created])];
}

/** The status word of a pod, as kubectl's: the reason of what holds it up, else its phase. */
function podReason({metadata, status}: Pod): string {
  let reason: string = status.reason ?? status.phase;
  for (const {state} of [...(status.containerStatuses ?? [])].reverse()) {
    if (state.waiting?.reason) reason = state.waiting.reason;
    else if (state.terminated?.reason) reason = state.terminated.reason;
  }
  return metadata.deletionTimestamp ? 'Terminating' : reason;
}

function nodeStatus({spec, status}: Node): string {
  const ready = conditionOf(status.conditions, 'Ready')?.status === 'True' ? 'Ready' : 'NotReady';
  return spec.unschedulable ? `${ready},SchedulingDisabled` : ready;
}

function nodeRoles({metadata}: Node): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(metadata.labels ?? {}).filter((key) => key.startsWith(prefix));
  return none(
    roles
      .map((key) => key.slice(prefix.length))
      .sort()
      .join(','),
  );
}

function printPairs(labels: Record<string, string> | undefined): string {
  return Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

function printSelector(selector: LabelSelector | undefined): string {
  const expressions = (selector?.matchExpressions ?? []).map(
    ({key, operator, values}) => `${key} ${operator.toLowerCase()}${values?.length ? ` (${values.join(',')})` : ''}`,
  );
  return [printPairs(selector?.matchLabels), ...expressions].filter(Boolean).join(',');
}
