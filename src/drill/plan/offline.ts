import {permit} from '../../actions/common/permissions.ts';
import type {RunInfo} from '../../actions/define.ts';
import {ClusterError} from '../../cluster/errors.ts';
import {describeRef, groupOf, guessResource, isKubernetesGroup} from '../../cluster/names.ts';
import type {ApiResource, ClusterReader, Permission} from '../../cluster/types.ts';
import {UsageError} from '../../io/errors.ts';
import type {StepRecord} from '../../journal/plan.ts';
import {resolveScenario, resolveVars} from '../../scenario/index.ts';
import {type Reach, reachOf} from '../compare/index.ts';
import {actionContext, noMutation, noVault, uncritical} from '../contexts.ts';
import {findMeans} from '../find-means.ts';
import {guardCanaries} from '../guards/canaries.ts';
import {Memory} from '../guards/memory.ts';
import {distinct} from '../guards/permissions.ts';
import type {Scope} from '../session.ts';
import type {DrillRequest} from '../types.ts';
import {flatten} from './guard-steps.ts';
import {ownPermissions, probePermissions} from './permissions.ts';
import {type Assumed, called} from './plurals.ts';
import {specRecords} from './records.ts';
import {planSteps} from './steps.ts';

export interface OfflineRequest
  extends Pick<DrillRequest, 'scenario' | 'given' | 'config' | 'clock' | 'log' | 'exec' | 'dial'> {
  /** Namespace of what the scenario leaves open. */
  namespace: string;
  /** Class of the cluster, for values that differ by it; absent: the scenario's defaults. */
  environment?: string;
  /** Discovery of a cluster, to be asked what the kinds are called; absent: it follows from the kinds. */
  discover?: Pick<ClusterReader, 'resource'>;
  signal: AbortSignal;
}

/** What a scenario needs, as far as its text tells. */
export interface Needed {
  permissions: Permission[];
  /** Namespaces that the scenario makes itself. */
  makes: string[];
  /** What the comparison with the time before the drill reads beyond that. */
  compares: Permission[];
  /** Kinds that are not Kubernetes' own, and what they are taken to be called. */
  assumed: Assumed[];
  /** Steps whose needs nobody can know before the run: their input comes from an earlier step. */
  open: string[];
}

/**
 * The permissions that preflight asks for, found without a cluster; kubedrill's own namespace is taken to be there.
 * Rejects with a ScenarioError for variables without value and with a UsageError for a step whose needs stand in a file
 * that cannot be read.
 */
export async function permissionsOffline(request: OfflineRequest): Promise<Needed> {
  const {scenario, given, environment, namespace, config, discover, signal} = request;
  const vars = resolveVars(scenario, given, environment);
  const {spec, env} = resolveScenario(scenario, vars.values, given.env);
  const run: RunInfo = {id: 'rbac', label: '000000000000', fieldManager: 'kubedrill'};
  const scope: Scope = {vars: vars.values, env, run: {...run, seed: 0}, cluster: {}, steps: {}};
  const connection = {reader: imagined, namespace};
  const means = await findMeans(request);
  const permissions: Permission[] = [];
  const brought: ApiResource[] = [];
  let asked = 0;
  const steps = await planSteps(spec, {
    scope,
    contextOf: (path, definition) =>
      actionContext({
        definition,
        request: {...request, seed: 0},
        connection,
        means,
        run,
        vault: noVault,
        path,
        signal,
        mutate: noMutation,
        critical: uncritical,
      }),
    means,
    look: new Memory().look({recall: false}),
    defaultNamespace: namespace,
    permit: (more) => {
      asked = more.length;
      permissions.push(...more);
    },
    lose: () => undefined,
    make: () => undefined,
    bring: (more) => brought.push(...more),
    refuse: ({guard, message, hint}) => {
      // What is missing in the imagined cluster is no fault, as long as the kind of action itself says what it needs.
      // Nor are the machines and stores that lie elsewhere.
      if (asked > 0 || guard === 'needs') return;
      throw new UsageError(`${guard}: ${message}`, {code: 'E_RBAC', ...(hint === undefined ? {} : {hint})});
    },
  });
  const records = Object.values(steps).flatMap((phase) => phase.flatMap(flatten));
  const canaries = guardCanaries({
    spec,
    scope,
    config,
    defaultNamespace: namespace,
  });
  permissions.push(
    ...ownPermissions({namespaceExists: true}),
    ...probePermissions(spec, scope, namespace),
    ...canaries.permissions,
  );
  const compares = comparePermissions(reachOf({...specRecords(spec), steps: records}, []));
  const known = {brought, cluster: {resource: describer(discover)}};
  const named = await called(permissions, known);
  const compared = await called(compares, known);
  return {
    permissions: distinct(named.permissions),
    makes: [...new Set(records.flatMap(namespacesOf))].sort(),
    compares: compared.permissions,
    assumed: named.assumed,
    open: records.filter(isOpen).map(({path, uses = ''}) => `${path} ${uses}`),
  };
}

/** To list everything in the namespaces, and to read the cluster-scoped objects. */
const comparePermissions = ({namespaces, objects}: Reach): Permission[] => [
  ...namespaces.map((namespace) => ({verb: 'list', group: '*', resource: '*', namespace})),
  ...objects.flatMap(({apiVersion, kind, name}) => permit(['get'], {apiVersion, kind, name})),
];

const namespacesOf = ({phase, targets}: StepRecord): string[] =>
  phase === 'prepare' ? targets.filter(({kind}) => kind === 'Namespace').map(({name}) => name) : [];

/** Deferred, and not because of what is missing in the imagined cluster. */
const isOpen = ({deferred, with: input}: StepRecord): boolean =>
  deferred === true && JSON.stringify(input ?? {}).includes('${{');

/** Kinds of Kubernetes itself that lie in no namespace. */
const clusterScoped = new Set([
  'APIService',
  'CertificateSigningRequest',
  'ClusterRole',
  'ClusterRoleBinding',
  'CSIDriver',
  'CSINode',
  'CustomResourceDefinition',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
]);

/** How a kind is served: as discovery says, else for Kubernetes' own kinds as everywhere. */
const describer =
  (discover: OfflineRequest['discover']): ClusterReader['resource'] =>
  async (apiVersion, kind, options) => {
    if (discover !== undefined) return await discover.resource(apiVersion, kind, options);
    if (isKubernetesGroup(groupOf(apiVersion))) return await imagined.resource(apiVersion, kind);
    throw new ClusterError(`nobody knows ${kind} without a cluster`, {reason: 'notFound'});
  };

/** A cluster in which every namespace is there, and nothing else. */
const imagined: ClusterReader = {
  server: '',
  get: async (ref) => {
    if (ref.kind === 'Namespace') return {apiVersion: 'v1', kind: 'Namespace', metadata: {name: ref.name, uid: ''}};
    throw new ClusterError(`there is no ${describeRef(ref)} without a cluster`, {reason: 'notFound'});
  },
  list: async () => [],
  raw: async () => ({status: 404, body: '', headers: {}}),
  resource: async (apiVersion, kind) => ({
    group: groupOf(apiVersion),
    version: apiVersion.slice(apiVersion.indexOf('/') + 1),
    kind,
    resource: guessResource(kind),
    namespaced: !clusterScoped.has(kind),
  }),
  review: async () => ({allowed: false, reason: 'there is no cluster'}),
  followLog: async () => undefined,
};
