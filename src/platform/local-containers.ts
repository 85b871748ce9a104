import type {Exec} from '../io/exec.ts';

/** A node of the cluster, as far as the platform must recognise it. */
export interface NodeIdentity {
  name: string;
  machineId: string;
}

/**
 * Whether every node is a container of the Docker engine of this host: a container of the node's name runs here and
 * has the machine id that the kubelet reports. A cluster elsewhere with the same names does not pass.
 * Never rejects: without an engine the answer is no.
 */
export async function areLocalContainers(
  exec: Exec,
  nodes: readonly NodeIdentity[],
  signal: AbortSignal,
): Promise<boolean> {
  if (nodes.length === 0) return false;
  for (const {name, machineId} of nodes) {
    if (machineId === '') return false;
    try {
      const {exitCode, stdout} = await exec.run(['docker', 'exec', name, 'cat', '/etc/machine-id'], {
        signal,
        timeout: 5000,
      });
      if (exitCode !== 0 || stdout.trim() !== machineId) return false;
    } catch {
      return false;
    }
  }
  return true;
}
