import type {Mutate} from '../../actions/define.ts';
import {isClusterError} from '../../cluster/errors.ts';
import type {ClusterReader, KubeObject, Permission} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import {RefusedError} from '../../io/errors.ts';
import {isJsonObject, type JsonObject} from '../../io/json.ts';
import type {Target} from '../../io/target.ts';
import {watchFixtures} from '../watch/fixtures.ts';
import {configManifest, groupLabel, type ManifestInput, namespaceManifest, workloadManifest} from './manifests.ts';
import {describeTrouble, podReady} from './pod-state.ts';

/** What creating a group's objects needs. */
export interface DeployDeps {
  cluster: ClusterReader;
  mutate: Mutate;
  clock: Clock;
  signal: AbortSignal;
  /** Milliseconds until every prober pod must be ready. */
  readyWithin: number;
}

/** Milliseconds between two looks at the pods. */
const lookEvery = 200;

/** What the prober asks of the API server, its undo included. */
export function proberPermissions(namespace: string, everyNode: boolean): Permission[] {
  const verbs = (group: string, resource: string, names: string[], subresource?: string) =>
    names.map((verb) => ({verb, group, resource, namespace, ...(subresource === undefined ? {} : {subresource})}));
  return [
    ...verbs('', 'configmaps', ['get', 'create', 'delete']),
    ...verbs('', 'pods', ['get', 'list', 'create', 'delete']),
    ...verbs('', 'pods', ['get'], 'log'),
    ...verbs('', 'pods', ['get'], 'proxy'),
    ...(everyNode ? verbs('apps', 'daemonsets', ['get', 'create', 'delete']) : []),
  ];
}

/** Creates what a group consists of, each object as a mutation with its undo. */
export async function createGroup({cluster, mutate, signal}: DeployDeps, input: ManifestInput): Promise<void> {
  await ensureNamespace({cluster, mutate, signal}, input);
  const config = await create(mutate, configManifest(input), signal);
  await create(mutate, workloadManifest(input, config), signal);
}

async function ensureNamespace(
  {cluster, mutate, signal}: Pick<DeployDeps, 'cluster' | 'mutate' | 'signal'>,
  {namespace, run}: ManifestInput,
): Promise<void> {
  try {
    await cluster.get({apiVersion: 'v1', kind: 'Namespace', name: namespace}, {signal});
  } catch (error) {
    if (!isClusterError(error, 'notFound')) throw error;
    await create(mutate, namespaceManifest(namespace, run), signal);
  }
}

async function create(mutate: Mutate, object: KubeObject, signal: AbortSignal): Promise<KubeObject> {
  const {apiVersion, kind, metadata} = object;
  const {name, namespace} = metadata;
  const target = {apiVersion, kind, name, ...(namespace === undefined ? {} : {namespace})};
  try {
    return await mutate({undo: {kind: 'object/remove', data: {}}, target}, ({cluster}) =>
      cluster.create(object, {signal}),
    );
  } catch (error) {
    if (!isClusterError(error, 'forbidden', 'invalid')) throw error;
    throw new RefusedError(`the prober cannot be made: ${error.message}`, {
      code: 'E_PROBER_NOT_READY',
      hint: 'Quotas, limits and policies of the namespace have to let it in; its resources are set in kubedrill.config.yaml.',
      cause: error,
    });
  }
}

/**
 * Waits until every pod of the group is ready and returns them. Rejects with a RefusedError when one cannot be: an
 * image that cannot be pulled, a prober that crashes, no node that takes it, or `readyWithin` is over.
 */
export async function waitForGroup(
  deps: DeployDeps,
  {namespace, group, settings}: ManifestInput,
): Promise<KubeObject[]> {
  const {cluster, clock, signal, readyWithin} = deps;
  const deadline = clock.mono() + readyWithin;
  const workload = targetOf(namespace, group);
  const fixtures = watchFixtures({cluster, clock, targets: () => [workload], code: 'E_PROBER_NOT_READY'});
  const query = {apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: `${groupLabel}=${group.name}`};
  for (;;) {
    const pods = await cluster.list(query, {signal});
    const wanted = group.on === 'oneNode' ? 1 : await desiredPods(cluster, {namespace, name: group.name}, signal);
    if (wanted !== undefined && wanted > 0 && pods.length === wanted && pods.every(podReady)) return pods;
    const late = clock.mono() >= deadline;
    const trouble = pods.map((pod) => describeTrouble(pod, late)).find((found) => found !== undefined);
    if (trouble?.kind === 'image') throw imageTrouble(settings.image, trouble.detail);
    if (trouble || late) throw notReady(namespace, group.name, trouble?.detail ?? missing(pods.length, wanted));
    await fixtures.check(signal);
    await clock.sleep(lookEvery, signal);
  }
}

const targetOf = (namespace: string, {on, name}: ManifestInput['group']): Target =>
  on === 'oneNode'
    ? {apiVersion: 'v1', kind: 'Pod', namespace, name}
    : {apiVersion: 'apps/v1', kind: 'DaemonSet', namespace, name};

/** How many pods a DaemonSet wants; undefined while its controller has not looked at it. */
async function desiredPods(
  cluster: ClusterReader,
  ref: {namespace: string; name: string},
  signal: AbortSignal,
): Promise<number | undefined> {
  const {status, metadata} = await cluster.get({apiVersion: 'apps/v1', kind: 'DaemonSet', ...ref}, {signal});
  const seen: JsonObject = isJsonObject(status) ? status : {};
  if (seen.observedGeneration !== metadata.generation) return undefined;
  return typeof seen.desiredNumberScheduled === 'number' ? seen.desiredNumberScheduled : undefined;
}

const missing = (found: number, wanted: number | undefined) =>
  wanted === 0 ? 'no node matches' : `${found} of ${wanted ?? 'unknown'} pods exist`;

const imageTrouble = (image: string, detail: string) =>
  new RefusedError(`the prober's image ${image} cannot be had: ${detail}`, {
    code: 'E_PROBER_IMAGE',
    hint:
      'Load it onto the nodes (kind load docker-image, k3d image import), or name one that they can pull with ' +
      '--prober-image; pull secrets go into kubedrill.config.yaml under prober.pullSecrets.',
  });

const notReady = (namespace: string, name: string, detail: string) =>
  new RefusedError(`the prober ${namespace}/${name} did not get ready: ${detail}`, {
    code: 'E_PROBER_NOT_READY',
    hint: `Look at it with: kubectl -n ${namespace} describe pods -l ${groupLabel}=${name}`,
  });
