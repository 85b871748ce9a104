import {isJsonObject, type JsonObject} from '../io/json.ts';
import {ClusterError, isClusterError} from './errors.ts';
import type {CallOptions, ClusterIdentity, ClusterReader, KubeObject} from './types.ts';

const rolePrefix = 'node-role.kubernetes.io/';

/**
 * Asks who the cluster is. Nodes are left out when this user may not list them; without the UID of kube-system a
 * cluster has no identity, so that rejects.
 */
export async function identify(
  cluster: ClusterReader,
  context: string,
  options: CallOptions,
): Promise<ClusterIdentity> {
  const [home, version, nodes] = await Promise.all([
    cluster.get({apiVersion: 'v1', kind: 'Namespace', name: 'kube-system'}, options),
    versionOf(cluster, options),
    cluster.list({apiVersion: 'v1', kind: 'Node'}, options).catch((error: unknown) => {
      if (isClusterError(error, 'forbidden')) return [];
      throw error;
    }),
  ]);
  return {uid: home.metadata.uid ?? '', server: cluster.server, context, version, nodes: nodes.map(describeNode)};
}

async function versionOf(cluster: ClusterReader, options: CallOptions): Promise<string> {
  const answer = await cluster.raw('/version', options);
  try {
    const version: unknown = JSON.parse(answer.body);
    if (isJsonObject(version) && typeof version.gitVersion === 'string') return version.gitVersion;
  } catch {
    // Falls through: what came is no version.
  }
  throw new ClusterError(`get /version: ${cluster.server} answered ${answer.status} without a Kubernetes version`, {
    reason: 'badAnswer',
    status: answer.status,
    hint: 'Is this the address of a Kubernetes API server?',
  });
}

function describeNode({metadata, spec, status}: KubeObject): ClusterIdentity['nodes'][number] {
  const info = member(member(status), 'nodeInfo');
  const conditions = member(status).conditions;
  const ready = (Array.isArray(conditions) ? conditions : []).some(
    (condition) => isJsonObject(condition) && condition.type === 'Ready' && condition.status === 'True',
  );
  return {
    name: metadata.name,
    version: String(info.kubeletVersion ?? ''),
    machineId: String(info.machineID ?? ''),
    providerId: String(member(spec).providerID ?? ''),
    roles: Object.keys(metadata.labels ?? {})
      .filter((label) => label.startsWith(rolePrefix))
      .map((label) => label.slice(rolePrefix.length)),
    ready,
  };
}

/** An object's member as an object, empty when it is none. */
function member(value: unknown, key?: string): JsonObject {
  const found = key === undefined ? value : isJsonObject(value) ? value[key] : undefined;
  return isJsonObject(found) ? found : {};
}
