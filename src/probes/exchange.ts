import {type ClientRequest, request as httpRequest} from 'node:http';
import type net from 'node:net';
import {isIP} from 'node:net';
import tls, {type TLSSocket} from 'node:tls';
import {once} from '../io/once.ts';
import {AttemptError} from './attempt.ts';
import {connect} from './connect.ts';
import type {NetworkContext} from './define.ts';

/** One HTTP request. Redirects are answers, they are not followed. */
export interface HttpRequest {
  url: URL;
  method: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | undefined;
  insecureSkipVerify?: boolean;
  /** Longest part of the answer's body that is read (bytes); the connection is closed then. */
  bodyLimit: number;
}

export interface HttpAnswer {
  status: number;
  /** By lower-case name. */
  headers: Record<string, string>;
  body: string;
}

/**
 * Sends one request on a connection of its own, after looking the host's name up now. Rejects with an AttemptError or
 * the socket's error when no whole answer came; ends when `signal` does.
 */
export async function exchange(
  ctx: NetworkContext,
  {url, method, headers = {}, body, insecureSkipVerify = false, bodyLimit}: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  // Servers and certificates know names without the last dot.
  const host = url.hostname.replace(/\.$/, '');
  const secure = url.protocol === 'https:';
  const port = Number(url.port || (secure ? 443 : 80));
  const plain = await connect(ctx, {host: url.hostname, port}, signal);
  const socket = secure ? await startTls(plain, host, !insecureSkipVerify, signal) : plain;
  try {
    const request = httpRequest({
      createConnection: () => socket,
      method,
      path: `${url.pathname}${url.search}`,
      setHost: false,
      headers: {
        Host: url.port ? `${host}:${url.port}` : host,
        'User-Agent': 'kubedrill',
        ...headers,
        ...(body === undefined ? {} : {'Content-Length': Buffer.byteLength(body)}),
        Connection: 'close',
      },
    });
    return await answerOf(request, body, bodyLimit);
  } finally {
    socket.destroy();
  }
}

/** Made once and then kept, because each one holds memory until it is collected. */
const verifying = once(() => tls.createSecureContext());
/** Without verification no authorities are needed: their list alone is 5 MB. */
const trusting = once(() => tls.createSecureContext({ca: []}));

function startTls(plain: net.Socket, host: string, verify: boolean, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const name = host.replace(/^\[(.*)\]$/, '$1');
    const socket = tls.connect({
      socket: plain,
      ...(isIP(name) ? {host: name} : {servername: name}),
      rejectUnauthorized: verify,
      secureContext: verify ? verifying() : trusting(),
    });
    // Stays attached: a reset after the answer must not become an uncaught error.
    socket.on('error', reject);
    plain.once('close', () => reject(new AttemptError(signal.aborted ? 'closed' : 'ECONNRESET')));
    socket.once('secureConnect', () => resolve(socket));
  });
}

/** Sends the request and reads the answer, its body up to the limit. */
function answerOf(request: ClientRequest, body: string | undefined, bodyLimit: number) {
  return new Promise<HttpAnswer>((resolve, reject) => {
    // An answer that breaks off in the middle is a reset to the one who asked.
    const broken = () => reject(new AttemptError('ECONNRESET', 'the answer broke off'));
    request.on('error', reject);
    request.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const done = () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
          body: Buffer.concat(chunks).subarray(0, bodyLimit).toString('utf8'),
        });
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length >= bodyLimit) done();
      });
      incoming.on('end', done);
      incoming.on('error', broken);
    });
    request.end(body);
  });
}

/** Whether a text is an http or https URL that holds no credentials. */
export function isPlainHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
