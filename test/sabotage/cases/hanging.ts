import {type Case, calm, frontProbe, type Stage} from '../../support/sabotage.ts';
import {expecting} from './crossed/table.ts';
import {furnish, roomy} from './crossed/timeline.ts';

const core = '/api/v1/namespaces/shop';
const clusterRole = '{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, name: policy}';
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const pod = (name: string, spec: object) => ({
  metadata: {name},
  spec: {containers: [{name: 'main', image: 'kubedrill/echo'}], ...spec},
});
const allowed =
  '{environments: [practice], maxTargets: 20, maxCascade: 20, allowProtected: [{kind: ClusterRole, name: policy, reason: a test}]}';

/** The drill deletes what something hangs on, and would bring back the object alone. */
const deleting = (name: string, because: RegExp, what: string, prepare: (stage: Stage) => Promise<unknown>): Case =>
  expecting(name, 'refused', because, async (stage) => {
    await furnish(stage);
    await prepare(stage);
    return {
      scenario: {
        ...roomy,
        ...calm,
        target: allowed,
        probes: frontProbe(stage.front),
        inject: `[{id: del, uses: object/delete, with: ${what}}]`,
        recover: '[{undo: del}]',
      },
    };
  });

async function policyOf({api}: Stage, namespace: string): Promise<void> {
  const {body} = await api('POST', `${rbac}/clusterroles`, {metadata: {name: 'policy'}, rules: []});
  const owner = {apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'policy'};
  const ownerReferences = [{...owner, uid: body.metadata.uid}];
  await api('POST', `/api/v1/namespaces/${namespace}/configmaps`, {metadata: {name: 'settings', ownerReferences}});
}

/** Runs of version 0.1 that were passed and clean, with something lost for good. */
export const hanging: readonly Case[] = [
  deleting(
    'what belongs to an object in no namespace goes with it',
    /no undo returns the objects of ConfigMap \(ConfigMap shop\/settings\)/i,
    clusterRole,
    (stage) => policyOf(stage, 'shop'),
  ),
  deleting(
    'what goes with an object in no namespace is protected',
    /would take along ConfigMap kube-system\/settings, which is protected/,
    clusterRole,
    (stage) => policyOf(stage, 'kube-system'),
  ),
  deleting(
    'the token of a ServiceAccount goes with it',
    /no undo returns the objects of Secret \(Secret shop\/robot-token\)/i,
    '{apiVersion: v1, kind: ServiceAccount, namespace: shop, name: robot}',
    async ({api}) => {
      await api('POST', `${core}/serviceaccounts`, {metadata: {name: 'robot'}});
      const annotations = {'kubernetes.io/service-account.name': 'robot'};
      const type = 'kubernetes.io/service-account-token';
      await api('POST', `${core}/secrets`, {metadata: {name: 'robot-token', annotations}, type});
    },
  ),
  deleting(
    'the pods of a ServiceAccount that is made again have a token that is worth nothing',
    /no undo returns the credentials of Pod \(the token of Pod shop\/operator/i,
    '{apiVersion: v1, kind: ServiceAccount, namespace: shop, name: robot}',
    async ({api}) => {
      await api('POST', `${core}/serviceaccounts`, {metadata: {name: 'robot'}});
      const volumes = [{name: 'token', projected: {sources: [{serviceAccountToken: {path: 'token'}}]}}];
      await api('POST', `${core}/pods`, pod('operator', {serviceAccountName: 'robot', volumes}));
    },
  ),
  deleting(
    'a pod that has ended would run a second time',
    /Pod shop\/once has ended; made again from its copy, it would run a second time/,
    '{apiVersion: v1, kind: Pod, namespace: shop, name: once}',
    async ({api}) => {
      await api('POST', `${core}/pods`, pod('once', {restartPolicy: 'Never', nodeName: 'nowhere'}));
      const merge = {'content-type': 'application/merge-patch+json'};
      await api('PATCH', `${core}/pods/once/status`, {status: {phase: 'Succeeded'}}, merge);
    },
  ),
  deleting(
    'a claim that a pod uses would neither go nor come back',
    /its finalizer kubernetes\.io\/pvc-protection keeps it as long as Pod shop\/user uses it/,
    '{apiVersion: v1, kind: PersistentVolumeClaim, namespace: shop, name: data}',
    async ({api}) => {
      const spec = {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Mi'}}};
      await api('POST', `${core}/persistentvolumeclaims`, {metadata: {name: 'data'}, spec});
      const volumes = [{name: 'v', persistentVolumeClaim: {claimName: 'data'}}];
      await api('POST', `${core}/pods`, pod('user', {volumes}));
    },
  ),
  deleting(
    'nobody knows what the controller of a finalizer takes away with an object',
    /no undo returns the resources of ConfigMap \(what the controller of example\.org\/database takes away/i,
    '{apiVersion: v1, kind: ConfigMap, namespace: shop, name: held}',
    ({api}) => api('POST', `${core}/configmaps`, {metadata: {name: 'held', finalizers: ['example.org/database']}}),
  ),
];
