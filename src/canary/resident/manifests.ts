import type {KubeObject} from '../../cluster/types.ts';

export interface ResidentOptions {
  namespace: string;
  image: string;
  pullSecrets?: readonly string[];
}

const name = 'kubedrill-canary';

/** Everything that the resident canary consists of, in the order in which it can be made. */
export function residentManifests({namespace, image, pullSecrets = []}: ResidentOptions): KubeObject[] {
  const labels = {'app.kubernetes.io/name': name, 'app.kubernetes.io/managed-by': 'kubedrill'};
  const metadata = {name, namespace, labels};
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {name: namespace, labels: {...labels, 'pod-security.kubernetes.io/enforce': 'restricted'}},
    },
    {apiVersion: 'v1', kind: 'ServiceAccount', metadata},
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [{apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'list', 'delete']}],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name},
      subjects: [{kind: 'ServiceAccount', name, namespace}],
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        // Never two at once: they would write the same numbers.
        strategy: {type: 'Recreate'},
        selector: {matchLabels: {'app.kubernetes.io/name': name}},
        template: {
          metadata: {labels},
          spec: {
            serviceAccountName: name,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: 5,
            ...(pullSecrets.length > 0 ? {imagePullSecrets: pullSecrets.map((secret) => ({name: secret}))} : {}),
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 65532,
              runAsGroup: 65532,
              seccompProfile: {type: 'RuntimeDefault'},
            },
            containers: [
              {
                name: 'canary',
                image,
                imagePullPolicy: 'IfNotPresent',
                args: ['canary', 'beat', '--namespace', namespace],
                env: [{name: 'NODE_OPTIONS', value: '--max-old-space-size=48 --max-semi-space-size=1'}],
                resources: {requests: {cpu: '10m', memory: '96Mi'}, limits: {memory: '192Mi'}},
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: {drop: ['ALL']},
                  readOnlyRootFilesystem: true,
                },
              },
            ],
          },
        },
      },
    },
  ];
}
