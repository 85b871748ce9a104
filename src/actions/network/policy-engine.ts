import type {CallOptions, ClusterReader} from '../../cluster/types.ts';
import {permit} from '../common/permissions.ts';
import {valueAt} from '../fields/compare.ts';

const node = {apiVersion: 'v1', kind: 'Node'} as const;
const daemonSet = {apiVersion: 'apps/v1', kind: 'DaemonSet'} as const;

/** DaemonSets of pod networks that enforce NetworkPolicies as they are installed. */
const engines =
  /^(?:calico-node|canal|cilium|antrea-agent|kube-router|weave-net|kindnet|ovnkube-node|azure-npm|anetd|terway)(?:$|-)/;

/** Distributions that enforce NetworkPolicies by themselves, by the suffix of the kubelet's version. */
const builtIn = /\+(k3s|kubedrill-practice)/;

/**
 * What is known to enforce NetworkPolicies here; undefined when nothing is known, which does not mean that nothing
 * does. The API server takes a policy in any case: whether it bites only the traffic shows.
 */
export async function policyEngine(cluster: ClusterReader, options: CallOptions): Promise<string | undefined> {
  const nodes = await cluster.list(node, options);
  const versions = nodes.map((each) => valueAt(each, ['status', 'nodeInfo', 'kubeletVersion']));
  const own = versions.map((version) => builtIn.exec(String(version))?.[1]).find((found) => found !== undefined);
  if (own !== undefined) return own;
  const sets = await cluster.list(daemonSet, options);
  return sets.map(({metadata}) => metadata.name).find((name) => engines.test(name));
}

/** What looking for the engine asks of the API server. */
export const enginePermissions = () => [...permit(['list'], node), ...permit(['list'], daemonSet)];
