import {isClusterError} from '../../cluster/errors.ts';
import type {ClusterIdentity, ClusterReader, Permission} from '../../cluster/types.ts';
import {isJsonObject} from '../../io/json.ts';
import {isOutside, type Target, targetText} from '../../io/target.ts';
import type {StepRecord} from '../../journal/plan.ts';
import type {GuardAnswer} from '../types.ts';

/** Where in the target cluster kubedrill itself runs; empty when it runs elsewhere. */
export interface Runner {
  /** Its node. */
  node?: string;
  pod?: {namespace: string; name: string; uid: string; owners: string[]};
  /** Why it could not be found out, which counts as inside. */
  unknown?: string;
}

interface RunnerFacts {
  env: Readonly<Record<string, string | undefined>>;
  identity: ClusterIdentity;
  cluster: ClusterReader;
  signal: AbortSignal;
  /** Text of a file of this machine; undefined when there is none. */
  read: (path: string) => Promise<string | undefined>;
}

/** Where Kubernetes puts a pod's own namespace, unless its service account's token is not mounted. */
const namespaceFile = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/**
 * The pod that this process is in, by the downward API (`POD_NAME`, `POD_NAMESPACE`, `POD_UID`) or by what every pod
 * has; undefined outside of pods. A pod's host name is its name, but for pods in their node's network.
 */
async function ownPod({env, read}: Pick<RunnerFacts, 'env' | 'read'>) {
  if (env.KUBERNETES_SERVICE_HOST === undefined) return undefined;
  const name = env.POD_NAME ?? env.HOSTNAME;
  const namespace = env.POD_NAMESPACE ?? (await read(namespaceFile))?.trim();
  return {name, namespace, uid: env.POD_UID};
}

/** What finding the runner asks of the API server: nothing outside of pods. */
export async function runnerPermissions(facts: Pick<RunnerFacts, 'env' | 'read'>): Promise<Permission[]> {
  const {name, namespace} = (await ownPod(facts)) ?? {};
  if (name === undefined || namespace === undefined) return [];
  return [{verb: 'get', group: '', resource: 'pods', namespace, name}];
}

/** Finds where kubedrill itself runs. Rejects with a ClusterError when the cluster does not answer. */
export async function findRunner(facts: RunnerFacts): Promise<Runner> {
  const {identity, env} = facts;
  if (env.KUBERNETES_SERVICE_HOST === undefined) return {};
  // A pod in its node's network has the node's host name.
  const host = identity.nodes.find(({name}) => name === env.HOSTNAME);
  return {...(host === undefined ? {} : {node: host.name}), ...(await inThisCluster(facts))};
}

/** The runner's pod as the target cluster knows it: a pod of another cluster is not found there. */
async function inThisCluster(facts: RunnerFacts): Promise<Runner> {
  const own = await ownPod(facts);
  if (own === undefined) return {};
  const {name, namespace, uid} = own;
  if (name === undefined || namespace === undefined) {
    return {unknown: 'kubedrill runs in a pod that does not know its own name and namespace'};
  }
  const {cluster, signal} = facts;
  try {
    const {metadata, spec} = await cluster.get({apiVersion: 'v1', kind: 'Pod', namespace, name}, {signal});
    if (uid !== undefined && metadata.uid !== uid) return {};
    const references = Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences : [];
    const owners = references.flatMap((one) => (isJsonObject(one) && typeof one.uid === 'string' ? [one.uid] : []));
    const node = isJsonObject(spec) && typeof spec.nodeName === 'string' ? spec.nodeName : undefined;
    return {
      ...(node === undefined ? {} : {node}),
      pod: {namespace, name, uid: metadata.uid ?? '', owners},
    };
  } catch (error) {
    if (isClusterError(error, 'notFound')) return {};
    if (!isClusterError(error, 'forbidden')) throw error;
    return {unknown: `kubedrill runs in the pod ${namespace}/${name} and may not ask which node that is on`};
  }
}

/**
 * Whether a step would hit the runner itself: its pod, what owns that, its namespace or its node. A drill that ends its
 * own runner measures nothing and undoes nothing.
 */
export function guardRunner(
  runner: Runner,
  {steps, wholeCluster}: {steps: readonly StepRecord[]; wholeCluster: boolean},
): GuardAnswer[] {
  const {pod, node, unknown} = runner;
  if (pod === undefined && node === undefined && unknown === undefined) return [];
  const no = (message: string): GuardAnswer => ({
    guard: 'runner',
    ok: false,
    message,
    hint:
      unknown === undefined
        ? 'Run kubedrill from a place that the drill does not break: another node, namespace or cluster.'
        : 'Set POD_NAME, POD_NAMESPACE and POD_UID by the downward API, and allow get on that pod (kubedrill rbac --in-pod).',
  });
  const played = steps.filter(({skipped, phase}) => skipped !== true && phase !== 'prepare');
  if (unknown !== undefined) return played.length === 0 ? [] : [no(unknown)];
  const answers = played.flatMap((step) => {
    const hit = [...step.targets, ...step.cascade].find((target) => isHit(runner, target));
    if (hit === undefined) return [];
    return [no(`${step.path} (${step.uses ?? step.form}) would hit ${targetText(hit)}, and kubedrill runs in it`)];
  });
  if (wholeCluster) answers.push(no('the drill is about the whole cluster, and kubedrill runs in it'));
  return answers.length > 0
    ? answers
    : [{guard: 'runner', ok: true, message: `kubedrill itself (${place(runner)}) is not hit`}];
}

function isHit({pod, node}: Runner, target: Target): boolean {
  const {apiVersion, kind, namespace, name, uid} = target;
  if (isOutside(target)) return target.node !== undefined && target.node === node;
  if (kind === 'Node' && apiVersion === 'v1') return name === node;
  if (pod === undefined) return false;
  if (kind === 'Namespace' && apiVersion === 'v1') return name === pod.namespace;
  if (kind === 'Pod' && apiVersion === 'v1' && namespace === pod.namespace && name === pod.name) return true;
  return uid !== undefined && (uid === pod.uid || pod.owners.includes(uid));
}

const place = ({pod, node}: Runner): string =>
  [
    ...(pod === undefined ? [] : [`pod ${pod.namespace}/${pod.name}`]),
    ...(node === undefined ? [] : [`node ${node}`]),
  ].join(' on ');
