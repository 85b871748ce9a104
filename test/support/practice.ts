import type {Log} from '../../src/io/log.ts';
import {type PracticeCluster, type PracticeOptions, startPractice} from '../../src/practice/index.ts';

/** Latencies that let a test run at once; the order of things stays. */
export const quick: NonNullable<PracticeOptions['latency']> = {
  api: [0, 0],
  controller: [0, 1],
  schedule: [0, 1],
  containerStart: [5, 10],
  firstProbe: [0, 5],
  probeRetry: [5, 5],
  statusSync: [0, 2],
  relist: [0, 2],
  endpoints: [0, 2],
  proxySync: [5, 10],
  proxyInterval: [10, 10],
  policySync: [0, 2],
  nodeGrace: [30, 30],
  forcedKill: [50, 50],
  terminate: [0, 2],
  podRemoval: [0, 2],
  namespaceSweep: [0, 2],
  volumeSync: [0, 0],
  crashBackoff: [20, 20],
  crashBackoffLimit: [40, 40],
};

export interface TestCluster extends PracticeCluster, AsyncDisposable {
  /** What the cluster reported as its own failures; a test that ends with any is wrong. */
  bugs: string[];
}

/** A quick practice cluster that stops at the end of its block, and fails the test when it had bugs of its own. */
export async function practice(options: Partial<PracticeOptions> = {}): Promise<TestCluster> {
  const bugs: string[] = [];
  const log: Log = {
    debug() {},
    info() {},
    warn() {},
    error: (message, fields) => bugs.push(`${message} ${JSON.stringify(fields)}`),
  };
  const cluster = await startPractice({programs: {}, latency: quick, log, ...options});
  return {
    ...cluster,
    bugs,
    startApi: async () => {
      await cluster.startApi();
      // The pool of `fetch` hears of its broken connections a turn later, and would use one of them.
      await new Promise((resolve) => setTimeout(resolve, 20));
    },
    [Symbol.asyncDispose]: async () => {
      await cluster.stop();
      if (bugs.length > 0) throw new Error(`the practice cluster failed by itself:\n${bugs.join('\n')}`);
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of all kinds.
export type Loose = any;

export interface Answer {
  status: number;
  body: Loose;
}

/** One call to the API of a practice cluster. Patches need their content type. */
export async function call(
  cluster: PracticeCluster,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const init: RequestInit = {method, headers: {'content-type': 'application/json', ...headers}};
  if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(cluster.url + path, init);
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json');
  return {status: response.status, body: json ? JSON.parse(text) : text};
}

/** Asks again until the answer satisfies; the test's own timeout ends it. */
export async function until<T>(ask: () => Promise<T>, satisfied: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (satisfied(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A Deployment of web pods with its Service, as JSON. */
export function webApp(namespace: string, replicas = 2): {deployment: Loose; service: Loose} {
  const labels = {app: 'web'};
  const container = {
    name: 'web',
    image: 'echo:1',
    ports: [{containerPort: 80, name: 'http'}],
    readinessProbe: {httpGet: {path: '/', port: 'http'}, periodSeconds: 1},
  };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'web', namespace, labels},
    spec: {replicas, selector: {matchLabels: labels}, template: {metadata: {labels}, spec: {containers: [container]}}},
  };
  const ports = [{name: 'http', port: 80, targetPort: 'http'}];
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {name: 'web', namespace},
    spec: {selector: labels, ports},
  };
  return {deployment, service};
}
