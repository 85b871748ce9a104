import {once} from 'node:events';
import {createServer, request as httpRequest, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

/** What can happen to one call on its way to the API server and back. */
export const faultKinds = [
  'latency',
  'refuse',
  'cut',
  'reset mid-body',
  'truncated JSON',
  '401',
  '403',
  '404',
  '409',
  '410',
  '429',
  '500',
  '503',
  'hang',
  'answer lost',
  'duplicate delivery',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A proxy that hands everything through but one call, and notes every write that the API server has taken. */
export interface FaultProxy extends AsyncDisposable {
  url: string;
  /** Counts calls from 1 again, and does this to the call of that number. Without arguments it only counts. */
  arm(at?: number, kind?: FaultKind): void;
  /** Calls since it was armed. */
  readonly calls: number;
  /** Writes that were answered with success since then: `PATCH /api/v1/…`. */
  readonly taken: readonly string[];
}

/** Milliseconds for which connections are refused, and by which a late answer is late. */
const pause = 150;

/** Starts one on loopback before the API at `target`. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  let armed: {at: number; kind: FaultKind} | undefined;
  let calls = 0;
  let taken: string[] = [];
  const server = createServer((request, response) => {
    calls += 1;
    const kind = armed?.at === calls ? armed.kind : undefined;
    // What is thrown here is a broken connection, to either side.
    handle(request, response, kind).catch(() => response.destroy());
  });
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;

  const handle = async (request: IncomingMessage, response: ServerResponse, kind: FaultKind | undefined) => {
    const {method = 'GET', url = '/'} = request;
    const body = await bytesOf(request);
    const forward = async () => {
      const answer = await upstream(target, request, body, response);
      const isWrite = method !== 'GET' && !url.includes('selfsubjectaccessreviews');
      if (isWrite && (answer.statusCode ?? 500) < 300) taken.push(`${method} ${url.split('?')[0]}`);
      return answer;
    };
    const pass = async (answer: IncomingMessage) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      for await (const chunk of answer) response.write(chunk);
      response.end();
    };
    const half = async () => {
      const answer = await forward();
      const whole = await bytesOf(answer);
      return {status: answer.statusCode ?? 502, whole, part: whole.subarray(0, whole.length / 2)};
    };
    switch (kind) {
      case undefined:
        return await pass(await forward());
      case 'latency':
        await new Promise((resolve) => setTimeout(resolve, pause * 2));
        return await pass(await forward());
      case 'refuse':
        server.close();
        server.closeAllConnections();
        await new Promise((resolve) => setTimeout(resolve, pause));
        server.listen(port, '127.0.0.1');
        return;
      case 'cut':
        response.destroy();
        return;
      case 'reset mid-body': {
        const {status, whole, part} = await half();
        response.writeHead(status, {'content-type': 'application/json', 'content-length': whole.length});
        response.write(part, () => response.destroy());
        return;
      }
      case 'truncated JSON': {
        const {status, part} = await half();
        response.writeHead(status, {'content-type': 'application/json', 'content-length': part.length});
        response.end(part);
        return;
      }
      case 'hang':
        return;
      case 'answer lost':
        await half();
        return;
      case 'duplicate delivery':
        await half();
        return await pass(await forward());
      default:
        response.writeHead(Number(kind), {'content-type': 'application/json', 'retry-after': '1'});
        response.end(JSON.stringify(statusOf(Number(kind))));
    }
  };

  return {
    url: `http://127.0.0.1:${port}`,
    arm: (at, kind) => {
      armed = at === undefined || kind === undefined ? undefined : {at, kind};
      calls = 0;
      taken = [];
    },
    get calls() {
      return calls;
    },
    get taken() {
      return taken;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function upstream(
  target: string,
  {method, url = '/', headers}: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const {host: _host, connection: _connection, ...rest} = headers;
    const call = httpRequest(new URL(url, target), {...(method ? {method} : {}), headers: rest, agent: false}, resolve);
    call.on('error', reject);
    response.once('close', () => call.destroy());
    call.end(body);
  });
}

const reasons: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
};

const statusOf = (code: number) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  reason: reasons[code],
  message: `the proxy says ${code}`,
  code,
});
