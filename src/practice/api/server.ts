import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {messageOf} from '../../io/errors.ts';
import type {Log} from '../../io/log.ts';
import {practiceVersion} from '../bootstrap.ts';
import {methodNotAllowed, StatusError} from '../status.ts';
import {reviewAccess} from './access.ts';
import {discover} from './discovery.ts';
import {type ApiParts, handleResource} from './handler.ts';
import {openApi} from './openapi.ts';
import {readRequest} from './request.ts';

const reviewPath = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** The API server's socket. */
export interface ApiServer {
  port: number;
  /** Listens again, on the port that it had. Throws when that stays taken. */
  open(): Promise<void>;
  /** Listens no more and breaks all connections, watches included. Safe to call again. */
  close(): Promise<void>;
}

/** Starts the API server on 127.0.0.1. It ends with the cluster. */
export async function startApiServer(parts: ApiParts, wanted: number, log: Log): Promise<ApiServer> {
  const {scope, latency, api} = parts.core;
  const server = createServer((message, response) => {
    scope.run(`${message.method} ${message.url}`, async () => {
      try {
        await scope.clock.sleep(latency.of('api'), scope.signal);
        // What was asked before it went down is lost with it.
        api.requireUp();
        await answer(parts, message, response);
      } catch (error) {
        fail(error, {message, response, log, stopping: scope.signal.aborted || !api.up});
      }
    });
  });
  // Watches are quiet for long, and have their own end.
  server.requestTimeout = 0;
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    if (scope.signal.aborted) await close();
  };
  const close = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  await listen(wanted);
  scope.onClose(close);
  const {port} = server.address() as AddressInfo;
  const open = async (attempts = 100): Promise<void> => {
    scope.signal.throwIfAborted();
    try {
      await listen(port);
    } catch (error) {
      // Somebody's own end of a connection, as a rule, and soon gone.
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempts === 1) throw error;
      await scope.clock.sleep(100, scope.signal);
      await open(attempts - 1);
    }
  };
  return {port, open: () => open(), close};
}

/** Health as a whole, and the checks of it that can be asked for by themselves. */
const healthChecks =
  /^\/(?:(?:healthz|livez|readyz)(?:\/(?:ping|log|etcd)?)?|readyz\/(?:etcd-readiness|informer-sync|shutdown))$/;

async function answer(parts: ApiParts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = await readRequest(message);
  const {pathname} = request.url;
  const send = (status: number, body: object, type = 'application/json') => {
    const warning = request.warnings.map((text) => `299 - ${JSON.stringify(text)}`);
    if (warning.length > 0) response.setHeader('warning', warning);
    response.writeHead(status, {'content-type': type, 'cache-control': 'no-cache, private'});
    response.end(JSON.stringify(body));
  };
  if (pathname === '/version') return send(200, versionInfo);
  if (/^\/(healthz|livez|readyz)(\/|$)/.test(pathname)) {
    const known = healthChecks.test(pathname);
    response.writeHead(known ? 200 : 404, {'content-type': 'text/plain; charset=utf-8'});
    response.end(known ? 'ok' : '404 page not found\n');
    return;
  }
  if (pathname.startsWith('/openapi/v3')) return send(200, openApi(pathname));
  const accept =
    /application\/json;(g=apidiscovery\.k8s\.io;v=v2|v=v2;g=apidiscovery\.k8s\.io);as=APIGroupDiscoveryList/.exec(
      (message.headers.accept ?? '').replaceAll(' ', ''),
    );
  const discovered = request.method === 'GET' ? discover(pathname, accept !== null) : undefined;
  if (discovered)
    return send(200, discovered, accept && /^\/apis?\/?$/.test(pathname) ? accept[0] : 'application/json');
  if (pathname === reviewPath) {
    if (request.method !== 'POST') throw methodNotAllowed();
    return send(201, reviewAccess(parts.deny, request.body, request.user));
  }
  await handleResource(parts, request, {response, send});
}

interface Failure {
  message: IncomingMessage;
  response: ServerResponse;
  log: Log;
  stopping: boolean;
}

/** Turns what was thrown into a Status. Anything but a StatusError is our own bug. */
function fail(error: unknown, {message, response, log, stopping}: Failure): void {
  const known = error instanceof StatusError;
  if (!known && !stopping && !message.destroyed) {
    log.error('practice cluster: request failed', {
      method: message.method,
      url: message.url,
      error: error instanceof Error ? error.stack : String(error),
    });
  }
  const status = known ? error : new StatusError(500, 'InternalError', `Internal error occurred: ${messageOf(error)}`);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const retry = status.details?.retryAfterSeconds;
  response.writeHead(status.code, {
    'content-type': 'application/json',
    ...(retry ? {'retry-after': String(retry)} : {}),
  });
  response.end(JSON.stringify(status.toStatus()));
}

const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(practiceVersion) ?? [];
const versionInfo = {
  major,
  minor,
  gitVersion: practiceVersion,
  gitCommit: 'practice',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'kubedrill',
  platform: 'practice/practice',
};
