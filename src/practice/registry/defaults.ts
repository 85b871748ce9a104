import {
  configMaps,
  daemonSets,
  deployments,
  namespaces,
  networkPolicies,
  pods,
  type Resource,
  replicaSets,
  secrets,
  services,
} from '../kinds.ts';
import type {KubeObject} from '../objects.ts';
import type {Container, PodSpec, Probe} from '../workloads.ts';

type Draft = Record<string, unknown>;

/**
 * Fills in what the API server fills in on creation and update, as far as something here or kubectl reads it.
 * Changes the draft in place.
 */
export function applyDefaults(resource: Resource, draft: KubeObject): void {
  const fill = fillers.get(resource);
  fill?.(draft as unknown as Draft);
}

const fillers = new Map<Resource, (draft: Draft) => void>([
  [
    namespaces,
    (draft) => {
      fillIn(draft, {spec: {}, status: {phase: 'Active'}});
      if (!(draft.metadata as KubeObject['metadata']).deletionTimestamp) {
        fillIn(draft.spec as Draft, {finalizers: ['kubernetes']});
      }
      const metadata = draft.metadata as KubeObject['metadata'];
      metadata.labels = {...metadata.labels, 'kubernetes.io/metadata.name': metadata.name};
    },
  ],
  [
    pods,
    (draft) => {
      fillIn(draft, {status: {phase: 'Pending', qosClass: 'BestEffort'}});
      const spec = draft.spec as PodSpec & Draft;
      podSpec(spec);
      fillIn(spec, {enableServiceLinks: true});
      const tolerations = (spec.tolerations ?? []) as {key?: string; effect?: string}[];
      for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
        if (tolerations.some((each) => each.key === key && each.effect === 'NoExecute')) continue;
        tolerations.push({key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300} as {key: string});
      }
      spec.tolerations = tolerations;
    },
  ],
  [
    services,
    (draft) => {
      fillIn(draft, {spec: {}});
      const spec = draft.spec as Draft;
      fillIn(spec, {type: 'ClusterIP', sessionAffinity: 'None'});
      const addressed = {internalTrafficPolicy: 'Cluster', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack'};
      if (spec.type !== 'ExternalName') fillIn(spec, addressed);
      for (const port of (spec.ports ?? []) as Draft[]) fillIn(port, {protocol: 'TCP', targetPort: port.port});
      fillIn(draft, {status: {loadBalancer: {}}});
    },
  ],
  [
    deployments,
    (draft) => {
      const spec = draft.spec as Draft;
      fillIn(spec, {replicas: 1, strategy: {}, revisionHistoryLimit: 10, progressDeadlineSeconds: 600});
      const strategy = spec.strategy as Draft;
      fillIn(strategy, {type: 'RollingUpdate'});
      if (strategy.type === 'RollingUpdate') {
        fillIn(strategy, {rollingUpdate: {}});
        fillIn(strategy.rollingUpdate as Draft, {maxSurge: '25%', maxUnavailable: '25%'});
      }
      template(spec);
      fillIn(draft, {status: {}});
    },
  ],
  [
    replicaSets,
    (draft) => {
      fillIn(draft.spec as Draft, {replicas: 1});
      template(draft.spec as Draft);
      fillIn(draft, {status: {replicas: 0}});
    },
  ],
  [
    daemonSets,
    (draft) => {
      const spec = draft.spec as Draft;
      fillIn(spec, {updateStrategy: {}, revisionHistoryLimit: 10});
      const strategy = spec.updateStrategy as Draft;
      fillIn(strategy, {type: 'RollingUpdate'});
      if (strategy.type === 'RollingUpdate') {
        fillIn(strategy, {rollingUpdate: {}});
        fillIn(strategy.rollingUpdate as Draft, {maxSurge: 0, maxUnavailable: 1});
      }
      template(spec);
      fillIn(draft, {status: zeroDaemonStatus});
    },
  ],
  [
    networkPolicies,
    (draft) => {
      const spec = draft.spec as Draft;
      fillIn(spec, {podSelector: {}, policyTypes: spec.egress ? ['Ingress', 'Egress'] : ['Ingress']});
    },
  ],
  [configMaps, () => {}],
  [
    secrets,
    (draft) => {
      fillIn(draft, {type: 'Opaque'});
      const plain = draft.stringData as Record<string, string> | undefined;
      if (!plain) return;
      const encoded = Object.entries(plain).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
      draft.data = {...(draft.data as Draft | undefined), ...Object.fromEntries(encoded)};
      delete draft.stringData;
    },
  ],
]);

const zeroDaemonStatus = {
  currentNumberScheduled: 0,
  desiredNumberScheduled: 0,
  numberMisscheduled: 0,
  numberReady: 0,
};

function template(spec: Draft): void {
  fillIn(spec, {template: {}});
  const pod = spec.template as Draft;
  fillIn(pod, {metadata: {}});
  if (pod.spec) podSpec(pod.spec as PodSpec & Draft);
}

function podSpec(spec: PodSpec & Draft): void {
  fillIn(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  for (const each of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) container(each as Container & Draft);
  for (const volume of spec.volumes ?? []) {
    for (const source of [volume.configMap, volume.secret])
      if (source) fillIn(source as unknown as Draft, {defaultMode: 0o644});
  }
}

function container(draft: Container & Draft): void {
  const latest = !/[:@][^/]+$/.test(draft.image ?? '') || draft.image.endsWith(':latest');
  fillIn(draft, {
    imagePullPolicy: latest ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    resources: {},
  });
  for (const port of draft.ports ?? []) fillIn(port as unknown as Draft, {protocol: 'TCP'});
  for (const probe of [draft.readinessProbe, draft.livenessProbe]) if (probe) probeDefaults(probe);
}

function probeDefaults(probe: Probe): void {
  fillIn(probe as unknown as Draft, {timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3});
  if (probe.httpGet) fillIn(probe.httpGet as unknown as Draft, {path: '/', scheme: 'HTTP'});
}

function fillIn(draft: Draft, values: Draft): void {
  for (const [key, value] of Object.entries(values)) if (draft[key] === undefined) draft[key] = structuredClone(value);
}
