import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {Loose} from './practice.ts';

interface Asked {
  method: string;
  url: URL;
  body: string;
}

/** A JSON server on loopback, for one case. `undefined` from the handler is no answer at all. */
async function serve(handle: (asked: Asked) => {status: number; content?: unknown} | undefined) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const answer = handle({method: request.method ?? '', url, body: Buffer.concat(chunks).toString('utf8')});
    if (answer === undefined) return;
    response.writeHead(answer.status, {'content-type': 'application/json'});
    response.end(JSON.stringify(answer.content ?? null));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A store of numbers for a canary. `lie`: how it deceives from now on. */
export interface Store {
  url: string;
  lie: 'none' | 'forgets' | 'refuses' | 'silent' | 'invents' | 'unreadable';
  /** Loses all that it has. */
  lose(): void;
  stop(): void;
}

/** Starts one that is honest. */
export async function startStore(): Promise<Store> {
  let numbers: number[] = [];
  const store: Pick<Store, 'lie'> = {lie: 'none'};
  const server = await serve(({method, body}) => {
    if (method === 'DELETE') {
      numbers = [];
      store.lie = 'none';
      return {status: 200};
    }
    if (method === 'POST') {
      if (store.lie === 'silent') return undefined;
      if (store.lie === 'refuses') return {status: 403};
      if (store.lie !== 'forgets') numbers.push(JSON.parse(body).number);
      return {status: 201};
    }
    if (store.lie === 'unreadable') return {status: 500};
    return {status: 200, content: store.lie === 'invents' ? [...numbers, 1_000_000] : numbers};
  });
  const lose = () => {
    numbers = [];
  };
  return Object.assign(store, server, {lose});
}

/** An Alertmanager in which these alerts are firing. */
export interface Alerts {
  url: string;
  /** Names; `*` fires whatever is asked for. */
  firing: string[];
  stop(): void;
}

/** Starts one in which none is. */
export async function startAlerts(): Promise<Alerts> {
  const alerts: Pick<Alerts, 'firing'> = {firing: []};
  const server = await serve(({url}) => {
    const asked = url.searchParams.getAll('filter').map((filter): Loose => /^alertname="(.*)"$/.exec(filter)?.[1]);
    const name = asked.find((found) => found !== undefined) ?? '';
    const fires = alerts.firing.includes('*') || alerts.firing.includes(name);
    const startsAt = new Date().toISOString();
    return {status: 200, content: fires ? [{labels: {alertname: name}, startsAt, status: {state: 'active'}}] : []};
  });
  return Object.assign(alerts, server);
}

/** A Prometheus in which these queries find something. */
export interface Queries {
  url: string;
  found: string[];
  stop(): void;
}

/** Starts one that knows that the shop is up. */
export async function startQueries(): Promise<Queries> {
  const queries: Pick<Queries, 'found'> = {found: ['shop_up']};
  const server = await serve(({url, body}) => {
    const asked = url.searchParams.get('query') ?? new URLSearchParams(body).get('query') ?? '';
    const value = [Date.now() / 1000, '1'];
    const result = queries.found.includes(asked) ? [{metric: {__name__: asked}, value}] : [];
    return {status: 200, content: {status: 'success', data: {resultType: 'vector', result}}};
  });
  return Object.assign(queries, server);
}
