import {kubectl} from './support.ts';

/** Milliseconds: what a cluster may take; longer is a trouble of its own, which a drill could not tell from its fault. */
const patience = 240_000;

/**
 * Waits until a cluster is well and nothing moves in it any more. What a drill leaves on its way (pods that end, CoreDNS
 * that comes back) must not look like a fault to the next one. Rejects with what still moved.
 */
export async function atRest(kubeconfig: string): Promise<void> {
  const until = performance.now() + patience;
  for (;;) {
    const moving = await look(kubeconfig);
    if (moving.length === 0) return;
    if (performance.now() > until) throw new Error(`the cluster does not come to rest:\n${moving.join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

const kinds = 'nodes,namespaces,pods,deployments.apps,daemonsets.apps,statefulsets.apps,endpointslices';

async function look(kubeconfig: string): Promise<string[]> {
  try {
    await kubectl(kubeconfig, 'get', '--raw', '/readyz');
    const {items}: {items: Loose[]} = JSON.parse(await kubectl(kubeconfig, 'get', kinds, '-A', '-o', 'json'));
    return items.flatMap((item) => {
      const why = item.metadata.deletionTimestamp === undefined ? unrest(item) : 'is going';
      return why === undefined ? [] : [`${item.kind} ${item.metadata.namespace ?? ''}/${item.metadata.name} ${why}`];
    });
  } catch (error) {
    return [String(error)];
  }
}

// biome-ignore lint/suspicious/noExplicitAny: objects of many kinds, as kubectl prints them.
type Loose = any;

/** Why an object is not at rest. */
function unrest({kind, metadata, spec, status = {}, endpoints}: Loose): string | undefined {
  const isReady = status.conditions?.some((one: Loose) => one.type === 'Ready' && one.status === 'True');
  const isBehind = (status.observedGeneration ?? 0) < metadata.generation;
  const rolled = (wanted: number, ...counts: (number | undefined)[]) =>
    isBehind || counts.some((count) => (count ?? 0) !== wanted) ? 'has a rollout under way' : undefined;
  switch (kind) {
    case 'Node':
      return isReady ? undefined : 'is not ready';
    case 'Pod':
      return isReady || status.phase === 'Succeeded' ? undefined : `is ${status.phase} and not ready`;
    case 'Deployment':
      return rolled(spec.replicas, status.replicas, status.updatedReplicas, status.readyReplicas);
    case 'StatefulSet':
      return rolled(spec.replicas, status.replicas, status.updatedReplicas, status.readyReplicas);
    case 'DaemonSet':
      return rolled(status.desiredNumberScheduled, status.updatedNumberScheduled, status.numberReady);
    case 'EndpointSlice':
      return endpoints?.every(({conditions}: Loose) => conditions?.ready !== false) === false
        ? 'has an endpoint that is not ready'
        : undefined;
    default:
      return undefined;
  }
}
