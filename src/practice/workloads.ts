import type {Condition, KubeObject, LabelSelector, Toleration} from './objects.ts';

/** Pods and what makes them: the fields that the practice cluster reads or writes. */

export interface PodTemplate {
  metadata?: {labels?: Record<string, string>; annotations?: Record<string, string>};
  spec: PodSpec;
}

export interface Deployment extends KubeObject {
  spec: {
    replicas: number;
    selector: LabelSelector;
    template: PodTemplate;
    strategy: {type: string; rollingUpdate?: {maxSurge?: number | string; maxUnavailable?: number | string}};
    minReadySeconds?: number;
    revisionHistoryLimit: number;
    progressDeadlineSeconds: number;
    paused?: boolean;
  };
  status: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    unavailableReplicas?: number;
    conditions?: Condition[];
  };
}

export interface ReplicaSet extends KubeObject {
  spec: {replicas: number; selector: LabelSelector; template: PodTemplate; minReadySeconds?: number};
  status: {
    observedGeneration?: number;
    replicas: number;
    fullyLabeledReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
  };
}

export interface DaemonSet extends KubeObject {
  spec: {
    selector: LabelSelector;
    template: PodTemplate;
    updateStrategy: {type: string; rollingUpdate?: {maxUnavailable?: number | string; maxSurge?: number | string}};
    minReadySeconds?: number;
  };
  status: Record<string, number | Condition[] | undefined>;
}

export interface PodDisruptionBudget extends KubeObject {
  spec: {selector?: LabelSelector; minAvailable?: number | string; maxUnavailable?: number | string};
  status?: {
    currentHealthy: number;
    desiredHealthy: number;
    disruptionsAllowed: number;
    expectedPods: number;
    observedGeneration: number;
    conditions?: Condition[];
  };
}

export interface Probe {
  httpGet?: {path?: string; port: number | string; httpHeaders?: {name: string; value: string}[]};
  tcpSocket?: {port: number | string};
  exec?: unknown;
  grpc?: unknown;
  initialDelaySeconds?: number;
  periodSeconds?: number;
  timeoutSeconds?: number;
  successThreshold?: number;
  failureThreshold?: number;
}

export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: {
    fieldRef?: {fieldPath: string};
    configMapKeyRef?: {name: string; key: string; optional?: boolean};
    secretKeyRef?: {name: string; key: string; optional?: boolean};
  };
}

export interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  env?: EnvVar[];
  ports?: {name?: string; containerPort: number; protocol?: string}[];
  volumeMounts?: {name: string; mountPath: string; subPath?: string}[];
  readinessProbe?: Probe;
  livenessProbe?: Probe;
  lifecycle?: {preStop?: {sleep?: {seconds: number}}};
}

export interface Volume {
  name: string;
  configMap?: {name: string; optional?: boolean; items?: {key: string; path: string}[]};
  secret?: {secretName: string; optional?: boolean; items?: {key: string; path: string}[]};
}

export interface NodeSelectorTerm {
  matchExpressions?: {key: string; operator: string; values?: string[]}[];
  matchFields?: {key: string; operator: string; values?: string[]}[];
}

export interface PodSpec {
  schedulerName?: string;
  serviceAccountName?: string;
  containers: Container[];
  initContainers?: Container[];
  volumes?: Volume[];
  nodeName?: string;
  nodeSelector?: Record<string, string>;
  affinity?: {
    nodeAffinity?: {requiredDuringSchedulingIgnoredDuringExecution?: {nodeSelectorTerms: NodeSelectorTerm[]}};
  };
  tolerations?: Toleration[];
  restartPolicy?: 'Always' | 'OnFailure' | 'Never';
  terminationGracePeriodSeconds?: number;
  activeDeadlineSeconds?: number;
  hostname?: string;
  subdomain?: string;
  hostNetwork?: boolean;
}

export interface ContainerState {
  waiting?: {reason: string; message?: string};
  running?: {startedAt: string};
  terminated?: {exitCode: number; reason: string; startedAt: string; finishedAt: string; containerID?: string};
}

export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  containerID?: string;
  ready: boolean;
  started?: boolean;
  restartCount: number;
  state: ContainerState;
  lastState: ContainerState;
}

export interface Pod extends KubeObject {
  spec: PodSpec;
  status: {
    phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
    reason?: string;
    message?: string;
    podIP?: string;
    podIPs?: {ip: string}[];
    hostIP?: string;
    hostIPs?: {ip: string}[];
    startTime?: string;
    qosClass?: string;
    conditions?: Condition[];
    containerStatuses?: ContainerStatus[];
  };
}
