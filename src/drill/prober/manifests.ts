import {runLabel} from '../../actions/common/objects.ts';
import type {RunInfo} from '../../actions/define.ts';
import type {KubeObject} from '../../cluster/types.ts';
import type {Json, JsonObject} from '../../io/json.ts';
import type {ProbeRecord} from '../../journal/plan.ts';
import {expiresAnnotation} from '../lock/expiry.ts';
import {nodeRequirements} from './node-selector.ts';
import {configFile, type ProberConfig, proberPort} from './protocol.ts';

/** The image and what a private or full cluster asks of the pod; from `prober` in kubedrill.config.yaml. */
export interface ProberSettings {
  image: string;
  pullSecrets?: readonly string[];
  tolerations?: readonly JsonObject[];
  resources?: JsonObject;
  priorityClassName?: string;
}

/** Probes that share one place: one Pod or one DaemonSet. */
export interface ProberGroup {
  /** Name of its objects. */
  name: string;
  on: NonNullable<ProbeRecord['on']>;
  probes: ProbeRecord[];
}

/** What the objects of a group are made from. */
export interface ManifestInput {
  namespace: string;
  run: RunInfo;
  group: ProberGroup;
  settings: ProberSettings;
  scope: JsonObject;
  /** Milliseconds after which the prober stops by itself. */
  lifetime: number;
  /** Nodes that the drill is going to break. */
  targetNodes: readonly string[];
  /** UTC; when the objects may be taken for forgotten. */
  expires: Date;
}

/** Names the group on each pod. */
export const groupLabel = 'kubedrill.dev/prober';

/** Groups probes by place: all that ask for one node share a pod. */
export function groupProbes(run: RunInfo, probes: readonly ProbeRecord[]): ProberGroup[] {
  const places = Map.groupBy(probes, ({on = 'oneNode'}) => JSON.stringify(on));
  return [...places.values()].map((members, index) => ({
    name: `prober-${run.label}-${index}`,
    on: members[0]?.on ?? 'oneNode',
    probes: members,
  }));
}

/** The namespace, when the drill's lock has not made it: Pod Security "restricted", which the prober keeps to. */
export const namespaceManifest = (name: string, run: RunInfo): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {name, labels: {[runLabel]: run.label, 'pod-security.kubernetes.io/enforce': 'restricted'}},
});

/** The prober's configuration. The group's workload is owned by it, so deleting it takes everything along. */
export function configManifest({namespace, run, group, scope, lifetime, expires}: ManifestInput): KubeObject {
  const config: ProberConfig = {
    v: 1,
    lifetime,
    expires: expires.toISOString(),
    scope: scope as Record<string, Json>,
    probes: group.probes.map(({name, uses, with: input, expect, every, timeout}) => ({
      name,
      uses,
      with: input as Record<string, Json>,
      ...(expect === undefined ? {} : {expect}),
      every,
      timeout,
    })),
  };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {name: group.name, namespace, labels: labels(run, group), annotations: annotations(expires)},
    immutable: true,
    data: {'prober.json': `${JSON.stringify(config, undefined, 1)}\n`},
  };
}

/** The Pod (`oneNode`) or DaemonSet (`eachNode`, selector) of a group. */
export function workloadManifest(input: ManifestInput, config: KubeObject): KubeObject {
  const {namespace, run, group, expires, lifetime} = input;
  const owner = {apiVersion: 'v1', kind: 'ConfigMap', name: config.metadata.name, uid: config.metadata.uid ?? ''};
  const metadata = {
    name: group.name,
    namespace,
    labels: labels(run, group),
    annotations: annotations(expires),
    ownerReferences: [owner],
  };
  if (group.on === 'oneNode') {
    const activeDeadlineSeconds = Math.ceil(lifetime / 1000);
    return {apiVersion: 'v1', kind: 'Pod', metadata, spec: {...podSpec(input), activeDeadlineSeconds}};
  }
  // The pods of a DaemonSet cannot have a deadline of their own: their programs know when to sample no more.
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata,
    spec: {
      selector: {matchLabels: labels(run, group)},
      template: {metadata: {labels: labels(run, group)}, spec: podSpec(input)},
    },
  };
}

const labels = (run: RunInfo, group: ProberGroup) => ({
  'app.kubernetes.io/name': 'kubedrill-prober',
  [runLabel]: run.label,
  [groupLabel]: group.name,
});

const annotations = (expires: Date) => ({[expiresAnnotation]: expires.toISOString()});

/**
 * Keeps the process small (62 MiB with ten probes on Node 24, TLS takes 3 more): a small heap that is collected often,
 * no compilers in memory, which a program that waits most of the time does not need, few threads and arenas.
 */
const smallProcess = [
  {name: 'NODE_OPTIONS', value: '--jitless --max-old-space-size=24 --max-semi-space-size=1 --v8-pool-size=1'},
  {name: 'MALLOC_ARENA_MAX', value: '1'},
  {name: 'UV_THREADPOOL_SIZE', value: '1'},
];

function podSpec(input: ManifestInput): JsonObject {
  const {group, settings} = input;
  const {image, pullSecrets = [], tolerations = [], resources, priorityClassName} = settings;
  const anyNode = group.on === 'eachNode' ? [{operator: 'Exists'}] : [];
  const affinity = nodeAffinity(input);
  return {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 2,
    ...(priorityClassName === undefined ? {} : {priorityClassName}),
    ...(pullSecrets.length > 0 ? {imagePullSecrets: pullSecrets.map((name) => ({name}))} : {}),
    ...(affinity === undefined ? {} : {affinity}),
    tolerations: [...anyNode, ...tolerations],
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      seccompProfile: {type: 'RuntimeDefault'},
    },
    containers: [
      {
        name: 'prober',
        image,
        imagePullPolicy: 'IfNotPresent',
        args: ['prober', '--config', configFile],
        env: smallProcess,
        ports: [{name: 'clock', containerPort: proberPort}],
        readinessProbe: {httpGet: {path: '/readyz', port: proberPort}, periodSeconds: 1},
        resources: resources ?? {requests: {cpu: '50m', memory: '64Mi'}, limits: {memory: '128Mi'}},
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: {drop: ['ALL']},
          readOnlyRootFilesystem: true,
        },
        volumeMounts: [{name: 'config', mountPath: '/etc/kubedrill', readOnly: true}],
      },
    ],
    volumes: [{name: 'config', configMap: {name: group.name}}],
  };
}

/** Only the nodes selected, and none that the drill is going to break; undefined when every node will do. */
function nodeAffinity({group, targetNodes}: ManifestInput): JsonObject | undefined {
  const avoid = group.on === 'eachNode' ? [] : targetNodes;
  const matchExpressions = typeof group.on === 'object' ? nodeRequirements(group.on.selector) : [];
  // A field selector takes one value only.
  const matchFields = avoid.map((name) => ({key: 'metadata.name', operator: 'NotIn', values: [name]}));
  if (matchExpressions.length + matchFields.length === 0) return undefined;
  const term = {
    ...(matchExpressions.length > 0 ? {matchExpressions} : {}),
    ...(matchFields.length > 0 ? {matchFields} : {}),
  };
  return {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [term]}}};
}
