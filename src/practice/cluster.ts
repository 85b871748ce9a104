import {type Clock, systemClock} from '../io/clock.ts';
import type {Dial} from '../io/dial.ts';
import {type Log, silentLog} from '../io/log.ts';
import {createRandom} from '../io/random.ts';
import type {Deny} from './api/access.ts';
import {Lister} from './api/listing.ts';
import {startApiServer} from './api/server.ts';
import {ApiState} from './apiState.ts';
import {bootstrap} from './bootstrap.ts';
import {startDaemonSetController} from './controllers/daemonSet.ts';
import {startDeploymentController} from './controllers/deployment.ts';
import {startDisruptionController} from './controllers/disruption.ts';
import {startEndpointSliceController} from './controllers/endpointSlice.ts';
import {startGarbageCollector} from './controllers/garbage.ts';
import {startNamespaceController} from './controllers/namespace.ts';
import {startNodeLifecycle} from './controllers/nodeLifecycle.ts';
import {isReady} from './controllers/podOwners.ts';
import {startReplicaSetController} from './controllers/replicaSet.ts';
import {startScheduler} from './controllers/scheduler.ts';
import {ControlPlane} from './controlPlane.ts';
import type {ApiCore, Client} from './core.ts';
import {EventRecorder} from './eventRecorder.ts';
import {pods, services} from './kinds.ts';
import {kubeconfigFor} from './kubeconfig.ts';
import {Images} from './kubelet/images.ts';
import {Kubelet} from './kubelet/kubelet.ts';
import {type Latencies, LatencySource} from './latencies.ts';
import {startMachineServer} from './machineServer.ts';
import {Machines} from './machines.ts';
import {startListeners} from './network/listeners.ts';
import {listenAnnotation, Network} from './network/network.ts';
import {startPolicies} from './network/policies.ts';
import {ServiceProxy} from './network/serviceProxy.ts';
import type {ContainerProgram} from './program.ts';
import {coredns} from './programs/coredns.ts';
import {echo, pause} from './programs/echo.ts';
import {ClusterIPs} from './registry/clusterIPs.ts';
import {Registry} from './registry/registry.ts';
import {Scope} from './scope.ts';
import {type RestoreOptions, Store, type StoreSnapshot} from './store.ts';
import {View} from './view.ts';

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
  /** Takes the API server down: connections are refused, those that are open break. Everything else goes on. */
  stopApi(): Promise<void>;
  /** Starts it again, at the same address. */
  startApi(): Promise<void>;
  /** All that is stored, as plain data. */
  snapshot(): StoreSnapshot;
  /** Goes back to a snapshot of this cluster. Throws while the API is up. */
  restore(snapshot: StoreSnapshot, options?: RestoreOptions): void;
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
  const api = new ApiState();
  const registry = new Registry({store, api, scope, random: createRandom(seed + 1), clusterIPs: new ClusterIPs(store)});
  const recorder = new EventRecorder({store, registry, scope, api});
  const core: ApiCore = {store, api, registry, scope, latency, recorder, random: createRandom(seed + 2)};
  try {
    const network = new Network(scope);
    startPolicies(client(core), network);
    const builtIn = {coredns: coredns(() => new View(core)), echo, nginx: echo, httpd: echo, pause};
    const node = client(core, 'kubelet');
    const kubelet = new Kubelet(node, network, new Images({...builtIn, ...options.programs}));
    const proxy = client(core);
    startListeners(proxy, network, new ServiceProxy(proxy, network));
    const manager = client(core, 'kube-controller-manager');
    startControllers(manager, client(core, 'kube-scheduler'));
    const machines = new Machines({kubelet, node, manager});
    const deny = options.deny ?? (() => false);
    const lister = new Lister(store, clock);
    const server = await startApiServer({core, network, kubelet, lister, deny}, port, log);
    const controlPlane = new ControlPlane({core, server, network, lister});
    const machine = await startMachineServer(machines, scope);
    bootstrap({...core, registry: registry.as('kubeadm')}, {nodes: nodeCount, machine});
    await whenUp(core);
    latency.booting = false;
    const url = `http://127.0.0.1:${server.port}`;
    return {
      url,
      kubeconfig: kubeconfigFor(url),
      dial: network.dial,
      stopKubelet: (name) => machines.stopKubelet(name),
      startKubelet: (name) => machines.startKubelet(name),
      stopApi: () => controlPlane.stopApi(),
      startApi: () => controlPlane.startApi(),
      snapshot: () => store.snapshot(),
      restore: (snapshot, restoreOptions) => controlPlane.restore(snapshot, restoreOptions),
      stop: () => scope.close(),
    };
  } catch (error) {
    await scope.close();
    throw error;
  }
}

/** A client of the API server, with what it knows of its own; it writes under a name when it has one. */
function client(core: ApiCore, name?: string): Client {
  const {registry, scope, latency, random, recorder} = core;
  const view = new View(core);
  scope.onClose(() => view.close());
  return {view, registry: name ? registry.as(name) : registry, scope, latency, random, recorder};
}

function startControllers(manager: Client, scheduler: Client): void {
  startNamespaceController(manager);
  startDeploymentController(manager);
  startReplicaSetController(manager);
  startDaemonSetController(manager);
  startEndpointSliceController(manager);
  startDisruptionController(manager);
  startNodeLifecycle(manager);
  startGarbageCollector(manager);
  startScheduler(scheduler);
}

/** Resolves when both CoreDNS pods are ready and their Service forwards to them. */
async function whenUp({store, scope}: ApiCore): Promise<void> {
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
