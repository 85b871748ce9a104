import {readFile} from 'node:fs/promises';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {createServer as createHttps} from 'node:https';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import type {Json} from '../../src/io/json.ts';

/** What a scripted answer does: an HTTP answer, or one of the ways in which there is none. */
export type Answer =
  | {status?: number; body?: Json; text?: string; headers?: Record<string, string | string[]>}
  /** The connection is reset before a word. */
  | 'reset'
  /** Nothing ever comes. */
  | 'hang'
  /** A body shorter than announced, then the end of the connection. */
  | 'truncated'
  | ((request: IncomingMessage, response: ServerResponse) => void);

/** One request as it arrived. */
export interface Received {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingMessage['headers'];
  body: string;
  /** Number of the TCP connection, from 1. */
  connection: number;
}

/** A real HTTP server that answers as told: for the ways in which an API server fails. */
export interface FakeApi {
  url: string;
  /** A kubeconfig with the contexts `fake` and `other`. Over plain http no credentials are sent. */
  kubeconfig: string;
  /** The same over TLS. */
  secure: {url: string; kubeconfig: string};
  received: Received[];
  /** Answers in turn; the last one stays. `path` is without the query. */
  on(method: string, path: string, ...answers: Answer[]): void;
  stop(): Promise<void>;
}

const tls = join(import.meta.dirname, '../fixtures/tls');
const insecure = ', insecure-skip-tls-verify: true';

/** Starts it on loopback. Discovery of `v1` and `apps/v1` is there from the start; the rest is 404. */
export async function startFakeApi(): Promise<FakeApi> {
  const scripts = new Map<string, Answer[]>();
  const received: Received[] = [];
  const connections = new Map<unknown, number>();
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const method = request.method ?? '';
      const connection = connections.get(request.socket) ?? 0;
      const query = Object.fromEntries(url.searchParams);
      received.push({method, path: url.pathname, query, headers: request.headers, body, connection});
      const script = scripts.get(`${method} ${url.pathname}`) ?? [notFound];
      const answer = script.length > 1 ? script.shift() : script[0];
      play(answer ?? notFound, request, response);
    });
  };
  const server = createServer(handle);
  const [key, cert] = await Promise.all(['server.key', 'server.crt'].map((name) => readFile(join(tls, name))));
  const over = createHttps({key, cert}, handle);
  server.on('connection', (socket) => connections.set(socket, connections.size + 1));
  for (const one of [server, over]) await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
  const at = (one: typeof server) => `127.0.0.1:${(one.address() as AddressInfo).port}`;
  const [url, secureUrl] = [`http://${at(server)}`, `https://${at(over)}`];
  const on: FakeApi['on'] = (method, path, ...answers) => {
    scripts.set(`${method} ${path}`, answers);
  };
  on('GET', '/api/v1', {
    body: resourceList('v1', [
      ['pods', 'Pod'],
      ['configmaps', 'ConfigMap'],
      ['namespaces', 'Namespace', false],
      ['nodes', 'Node', false],
    ]),
  });
  on('GET', '/apis/apps/v1', {
    body: resourceList('apps/v1', [
      ['deployments', 'Deployment'],
      ['deployments/scale', 'Scale'],
    ]),
  });
  return {
    url,
    kubeconfig: kubeconfigFor(url),
    secure: {url: secureUrl, kubeconfig: kubeconfigFor(secureUrl, undefined, insecure)},
    received,
    on,
    stop: async () => {
      for (const one of [server, over]) {
        const closed = new Promise((resolve) => one.close(resolve));
        one.closeAllConnections();
        await closed;
      }
    },
  };
}

const notFound: Answer = {
  status: 404,
  body: {kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404, message: 'not found here'},
};

function play(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
  if (typeof answer === 'function') answer(request, response);
  else if (answer === 'reset') request.socket.resetAndDestroy();
  else if (answer === 'truncated') {
    response.writeHead(200, {'content-type': 'application/json', 'content-length': '1000'});
    response.write('{"kind": "Pod",', () => request.socket.end());
  } else if (answer !== 'hang') {
    const {status = 200, body, text, headers} = answer;
    response.writeHead(status, {'content-type': 'application/json', ...headers});
    response.end(text ?? JSON.stringify(body ?? {}));
  }
}

/** An APIResourceList of `[plural, kind, namespaced = true]`. */
function resourceList(groupVersion: string, entries: [string, string, boolean?][]): Json {
  const resources = entries.map(([name, kind, namespaced = true]) => ({name, kind, namespaced, verbs: ['get']}));
  return {kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources};
}

/** A kubeconfig for an address, as YAML. `cluster`: more of its cluster. */
export const kubeconfigFor = (url: string, user = '{token: sesame}', cluster = ''): string => `apiVersion: v1
kind: Config
current-context: fake
clusters: [{name: c, cluster: {server: "${url}"${cluster}}}]
users: [{name: u, user: ${user}}]
contexts:
  - {name: fake, context: {cluster: c, user: u, namespace: shop}}
  - {name: other, context: {cluster: c, user: u}}
`;
