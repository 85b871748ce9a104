import {type Clock, systemClock} from '../io/clock.ts';
import type {Dial} from '../io/dial.ts';
import {type Log, silentLog} from '../io/log.ts';
import {createRandom} from '../io/random.ts';
import type {Deny} from './api/access.ts';
import {Lister} from './api/listing.ts';
import {startApiServer} from './api/server.ts';
import {bootstrap} from './bootstrap.ts';
import {startDaemonSetController} from './controllers/daemonSet.ts';
import {startDeploymentController} from './controllers/deployment.ts';
import {startDisruptionController} from './controllers/disruption.ts';
import {startEndpointSliceController} from './controllers/endpointSlice.ts';
import {startGarbageCollector} from './controllers/garbage.ts';
import {startNamespaceController} from './controllers/namespace.ts';
import {markReady, markUnreachable, startNodeLifecycle} from './controllers/nodeLifecycle.ts';
import {isReady} from './controllers/podOwners.ts';
import {startReplicaSetController} from './controllers/replicaSet.ts';
import {startScheduler} from './controllers/scheduler.ts';
import type {Core} from './core.ts';
import {EventRecorder} from './eventRecorder.ts';
import {nodes, pods, services} from './kinds.ts';
import {kubeconfigFor} from './kubeconfig.ts';
import {Images} from './kubelet/images.ts';
import {Kubelet} from './kubelet/kubelet.ts';
import {type Latencies, LatencySource} from './latencies.ts';
import {startListeners} from './network/listeners.ts';
import {hostIP, listenAnnotation, Network} from './network/network.ts';
import {startPolicies} from './network/policies.ts';
import {ServiceProxy} from './network/serviceProxy.ts';
import type {ContainerProgram} from './program.ts';
import {coredns} from './programs/coredns.ts';
import {echo, pause} from './programs/echo.ts';
import {ClusterIPs} from './registry/clusterIPs.ts';
import {Registry} from './registry/registry.ts';
import {Scope} from './scope.ts';
import {Store} from './store.ts';

export interface PracticeOptions {
  /** Seed of latencies, names and load balancing; 1 when absent. */
  seed?: number;
  /** Number of nodes, the control plane included; 3 when absent. */
  nodes?: number;
  /** API port on 127.0.0.1; a free one when absent or 0. */
  port?: number;
  clock?: Clock;
  /** What containers do, by image name without tag; besides `coredns`, `echo`, `nginx`, `httpd` and `pause`. */
  programs: Readonly<Record<string, ContainerProgram>>;
  /** Other latencies than the usual ones; tests speed things up. */
  latency?: Partial<Latencies>;
  /** Takes permissions away; without it everybody may do everything. */
  deny?: Deny;
  /** How many changes a watch can look back before it gets a 410; 1000 when absent. */
  watchHistory?: number;
  /** Hears of our own bugs: background tasks and requests that failed for no reason of the caller's. */
  log?: Log;
}

export interface PracticeCluster {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  /** A kubeconfig as YAML; cluster, user and context are called `kubedrill-practice`. */
  kubeconfig: string;
  /** Reaches ClusterIPs and pod IPs from outside the cluster, as a program on a node would. */
  dial: Dial;
  /**
   * Stops the kubelet of a node: its containers go on, and after the grace period the node is NotReady. Throws for a
   * node that does not exist.
   */
  stopKubelet(node: string): void;
  /** Starts it again; the node is Ready a moment later. */
  startKubelet(node: string): void;
  /** Ends every pod, connection and timer. Safe to call again. */
  stop(): Promise<void>;
}

/**
 * Starts a practice cluster: a simulated Kubernetes cluster in this process. It resolves when CoreDNS answers; what is
 * started up to then takes no time, because the cluster that a user meets is already up.
 */
export async function startPractice(options: PracticeOptions): Promise<PracticeCluster> {
  const {seed = 1, nodes: nodeCount = 3, port = 0, clock = systemClock, log = silentLog} = options;
  const scope = new Scope(clock, log);
  const latency = new LatencySource(options.latency ?? {}, createRandom(seed));
  const store = new Store(options.watchHistory ?? 1000);
  const registry = new Registry({store, scope, random: createRandom(seed + 1), clusterIPs: new ClusterIPs(store)});
  const recorder = new EventRecorder({store, registry, scope});
  const core: Core = {store, registry, scope, latency, recorder, random: createRandom(seed + 2)};
  try {
    const network = new Network(scope);
    startPolicies(core, network);
    const builtIn = {coredns: coredns(store), echo, nginx: echo, httpd: echo, pause};
    const kubelet = new Kubelet(as(core, 'kubelet'), network, new Images({...builtIn, ...options.programs}));
    startListeners(core, network, new ServiceProxy(core, network));
    startControllers(core);
    const deny = options.deny ?? (() => false);
    const lister = new Lister(store, clock);
    const apiPort = await startApiServer({core, network, kubelet, lister, deny}, port, log);
    network.publish(hostIP, 6443, 'tcp', {host: '127.0.0.1', port: apiPort});
    bootstrap(as(core, 'kubeadm'), nodeCount);
    await whenUp(core);
    latency.booting = false;
    const url = `http://127.0.0.1:${apiPort}`;
    return {
      url,
      kubeconfig: kubeconfigFor(url),
      dial: network.dial,
      ...kubeletSwitch(core, kubelet),
      stop: () => scope.close(),
    };
  } catch (error) {
    await scope.close();
    throw error;
  }
}

/** The same, for a part of the cluster that writes under a name of its own. */
const as = (core: Core, manager: string): Core => ({...core, registry: core.registry.as(manager)});

function startControllers(core: Core): void {
  const manager = as(core, 'kube-controller-manager');
  startNamespaceController(manager);
  startDeploymentController(manager);
  startReplicaSetController(manager);
  startDaemonSetController(manager);
  startEndpointSliceController(manager);
  startDisruptionController(manager);
  startNodeLifecycle(manager);
  startGarbageCollector(manager);
  startScheduler(as(core, 'kube-scheduler'));
}

function kubeletSwitch(core: Core, kubelet: Kubelet): Pick<PracticeCluster, 'stopKubelet' | 'startKubelet'> {
  const {latency, scope, store} = core;
  const known = (node: string) => {
    if (!store.get(nodes, undefined, node)) throw new RangeError(`the practice cluster has no node ${node}`);
  };
  // What the last switch of a node's kubelet leads to; the next one makes it void.
  const pending = new Map<string, AbortController>();
  const follow = (node: string, delay: number, act: () => void) => {
    pending.get(node)?.abort();
    const controller = new AbortController();
    pending.set(node, controller);
    scope.after(delay, `kubelet of ${node}`, act, AbortSignal.any([controller.signal, scope.signal]));
  };
  return {
    stopKubelet: (node) => {
      known(node);
      if (kubelet.isStopped(node)) return;
      kubelet.stop(node);
      follow(node, latency.of('nodeGrace'), () => markUnreachable(as(core, 'kube-controller-manager'), node));
    },
    startKubelet: (node) => {
      known(node);
      if (!kubelet.isStopped(node)) return;
      kubelet.start(node);
      follow(node, latency.of('statusSync'), () => markReady(as(core, 'kubelet'), node));
    },
  };
}

/** Resolves when both CoreDNS pods are ready and their Service forwards to them. */
async function whenUp({store, scope}: Core): Promise<void> {
  const isUp = () => {
    const dns = store.list(pods, 'kube-system').filter(isReady);
    const announced = store.get(services, 'kube-system', 'kube-dns')?.metadata.annotations?.[listenAnnotation] ?? '{}';
    return dns.length === 2 && Object.keys(JSON.parse(announced)).length === 2;
  };
  await new Promise<void>((resolve) => {
    const unsubscribe = store.subscribe(() => {
      if (!isUp()) return;
      unsubscribe();
      resolve();
    });
    scope.onClose(unsubscribe);
  });
}
