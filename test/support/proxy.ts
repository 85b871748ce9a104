import {once} from 'node:events';
import {createServer, request as httpRequest, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {PracticeCluster} from '../../src/practice/index.ts';
import {type Loose, practice, type TestCluster} from './practice.ts';

/** A call that a proxy holds in its hands. Each of the four ways to end it may be used once. */
export interface Exchange {
  method: string;
  url: URL;
  body: string;
  /** Lets the API do it and reads the whole answer, without handing it on. */
  forward(): Promise<{status: number; body: string}>;
  /** Answers in the API's place. */
  answer(status: number, body: unknown, type?: string): void;
  /** Hands the call through; of a streamed answer every line goes through `line`, which may change or drop it. */
  pass(line?: (text: string) => string | undefined): Promise<void>;
  /** Breaks the connection without an answer. */
  cut(): void;
}

/** What is done to a call; resolves when the proxy is done with it. */
type Deed = (exchange: Exchange) => Promise<void> | void;

interface Match {
  /** With one, calls that only try out (`dryRun=All`) are let through: they change nothing. */
  method?: string;
  /** Matched against path and query. */
  path?: RegExp;
}

/** A reverse proxy before the API of a practice cluster, which lies where it is told to. */
export interface ApiProxy<Cluster extends Reached = PracticeCluster> extends AsyncDisposable {
  /** The cluster as it is reached through the proxy. */
  cluster: Cluster;
  /** Does this to calls that match, from now on; the newest rule that matches wins. Returns what ends it. */
  when(match: Match, deed: Deed): () => void;
  /** Breaks the connections of all calls under way whose path and query match. */
  drop(path: RegExp): void;
  /** From now on it hides nothing and changes nothing. */
  clear(): void;
}

type Reached = Pick<PracticeCluster, 'url' | 'kubeconfig'>;

/** Starts a proxy on loopback that hands everything through until it is told otherwise. */
export async function startProxy<Cluster extends Reached>(cluster: Cluster): Promise<ApiProxy<Cluster>> {
  let rules: {match: Match; deed: Deed}[] = [];
  const underWay = new Map<ServerResponse, string>();
  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const exchange = await exchangeOf(cluster.url, request, response);
    const place = exchange.url.pathname + exchange.url.search;
    underWay.set(response, place);
    response.once('close', () => underWay.delete(response));
    const rule = rules.findLast(
      ({match: {method, path}}) =>
        (method === undefined || (method === exchange.method && !place.includes('dryRun=All'))) &&
        (path?.test(place) ?? true),
    );
    await (rule ? rule.deed(exchange) : exchange.pass());
  };
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    cluster: {...cluster, url, kubeconfig: cluster.kubeconfig.replaceAll(cluster.url, url)},
    when: (match, deed) => {
      const rule = {match, deed};
      rules.push(rule);
      return () => {
        rules = rules.filter((one) => one !== rule);
      };
    },
    drop: (path) => {
      for (const [response, place] of underWay) if (path.test(place)) response.destroy();
    },
    clear: () => {
      rules = [];
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function exchangeOf(base: string, request: IncomingMessage, response: ServerResponse): Promise<Exchange> {
  const {method = 'GET', headers} = request;
  const url = new URL(request.url ?? '/', base);
  const body = await textOf(request);
  const upstream = () =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const {host: _host, connection: _connection, ...rest} = headers;
      const call = httpRequest(url, {method, headers: rest, agent: false}, resolve);
      call.on('error', reject);
      response.once('close', () => call.destroy());
      call.end(body);
    });
  return {
    method,
    url,
    body,
    forward: async () => {
      const answer = await upstream();
      return {status: answer.statusCode ?? 502, body: await textOf(answer)};
    },
    answer: (status, content, type = 'application/json') => {
      response.writeHead(status, {'content-type': type});
      response.end(typeof content === 'string' ? content : JSON.stringify(content));
    },
    pass: async (line) => {
      const answer = await upstream();
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      let rest = '';
      for await (const chunk of answer) {
        if (!line) {
          response.write(chunk);
          continue;
        }
        const lines = (rest + String(chunk)).split('\n');
        rest = lines.pop() ?? '';
        const kept = lines.flatMap((text) => line(text) ?? []);
        if (kept.length > 0) response.write(`${kept.join('\n')}\n`);
      }
      response.end(rest);
    },
    cut: () => response.destroy(),
  };
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** A quick practice cluster and a proxy before it; both end with their block. */
export async function practiceBehindProxy(): Promise<{cluster: TestCluster; proxy: ApiProxy} & AsyncDisposable> {
  const cluster = await practice();
  const proxy = await startProxy(cluster);
  return {
    cluster,
    proxy,
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await cluster[Symbol.asyncDispose]();
    },
  };
}

/** Lets the API answer and changes the JSON of the answer on its way. */
export const altering =
  (change: (object: Loose, exchange: Exchange) => unknown): Deed =>
  async (exchange) => {
    const {status, body} = await exchange.forward();
    exchange.answer(status, status < 300 ? change(JSON.parse(body), exchange) : body);
  };

/** Answers with the same Status that the API server gives for an error. */
export const failing =
  (status: number, reason: string): Deed =>
  ({answer}) =>
    answer(status, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: reason,
      reason,
      code: status,
    });

/** Says that it was done, and does nothing. */
export const pretending =
  (body: unknown = {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success'}): Deed =>
  ({answer}) =>
    answer(200, body);

/** Answers every call with the first good answer that the API gave to the same. */
export function remembering(): Deed {
  const first = new Map<string, Promise<{status: number; body: string}>>();
  return async ({url, forward, answer}) => {
    const key = url.pathname + url.search;
    const known = first.get(key) ?? forward();
    first.set(key, known);
    const {status, body} = await known;
    answer(status, body);
  };
}
