import type {Random} from '../io/random.ts';

/** Shortest and longest time in milliseconds; each use draws evenly from between. */
export type Range = readonly [min: number, max: number];

/**
 * How long the parts of the cluster take. The defaults follow what was measured on kind 1.34 when both CoreDNS pods
 * were deleted with grace 0. On a busy machine names were gone in 21 of 24 trials, from 0.6–1.4 s after the call, when
 * the old containers ended, until the Service had moved over to the new ones after 2.2–3.0 s. On a quiet one no lookup
 * was lost in 5 of 5, because the old containers answered for long enough. Here either happens, by the seed and by who comes first.
 */
export interface Latencies {
  /** From a request at the API server to its answer. */
  api: Range;
  /** From a change to the reconcile that it causes, for the controllers of the control plane. */
  controller: Range;
  /** From an unbound pod to its node. */
  schedule: Range;
  /** From the binding of a pod to its started container: sandbox, network, container. Images are on the node. */
  containerStart: Range;
  /** From a started container to its first probe (afterwards by the probe's period). */
  firstProbe: Range;
  /**
   * Longest pause between the probes of a container that is not ready yet. Simpler than the kubelet, which keeps to the
   * probe's period: a container that is a moment late would then wait for ten seconds.
   */
  probeRetry: Range;
  /** From a change of a pod's state on its node to the pod's status in the API. */
  statusSync: Range;
  /**
   * From the return of the API to the new list of each of its clients. Simpler than in Kubernetes: always the first
   * pause of their back-off (800 ms and jitter), which grows with the outage there, to half a minute.
   */
  relist: Range;
  /** From a change of a pod or Service to its EndpointSlice. */
  endpoints: Range;
  /** From the first changed EndpointSlice after a quiet time to the Services forwarding by it. */
  proxySync: Range;
  /** Least time between two such synchronisations (kube-proxy's minSyncPeriod, 1 s). */
  proxyInterval: Range;
  /** From a change of a NetworkPolicy to the traffic that it stops or lets through. */
  policySync: Range;
  /** From a stopped kubelet to its node being NotReady: since Kubernetes 1.32 the grace period is 50 s. */
  nodeGrace: Range;
  /** After a pod was deleted by force: from SIGTERM to SIGKILL. The kubelet grants a second, and may take another. */
  forcedKill: Range;
  /** From a pod's deletion timestamp to SIGTERM in its containers. */
  terminate: Range;
  /** From the end of a terminating pod's last container to the pod leaving the API. */
  podRemoval: Range;
  /**
   * From a change in a terminating namespace to the next look at what it still holds. Much shorter than in Kubernetes,
   * whose controller waits 5 s before it begins: every drill would be that much longer, and none would learn from it.
   */
  namespaceSweep: Range;
  /** How old mounted ConfigMaps and Secrets may be (the kubelet's sync period and cache). */
  volumeSync: Range;
  /** First pause before a crashed container starts again; doubles up to `crashBackoffLimit`. */
  crashBackoff: Range;
  crashBackoffLimit: Range;
}

const defaultLatencies: Latencies = {
  api: [2, 8],
  controller: [5, 30],
  schedule: [5, 30],
  containerStart: [550, 1200],
  firstProbe: [50, 200],
  probeRetry: [1000, 1000],
  statusSync: [20, 120],
  relist: [800, 1600],
  endpoints: [20, 80],
  proxySync: [700, 1500],
  proxyInterval: [1000, 1000],
  policySync: [200, 1000],
  nodeGrace: [50_000, 50_000],
  forcedKill: [900, 2300],
  terminate: [20, 100],
  podRemoval: [200, 800],
  namespaceSweep: [100, 300],
  volumeSync: [60_000, 90_000],
  crashBackoff: [10_000, 10_000],
  crashBackoffLimit: [300_000, 300_000],
};

/** Draws latencies. While `booting`, everything takes no time: the cluster that a user meets is already up. */
export class LatencySource {
  booting = true;
  readonly #ranges: Latencies;
  readonly #random: Random;

  constructor(overrides: Partial<Latencies>, random: Random) {
    this.#ranges = {...defaultLatencies, ...overrides};
    this.#random = random;
  }

  /** Milliseconds for one use of the named latency. */
  of(name: keyof Latencies): number {
    const [min, max] = this.#ranges[name];
    return this.booting ? 0 : min + (max - min) * this.#random.next();
  }
}
