import type {ClientRequest} from 'node:http';
import type net from 'node:net';
import {isIP} from 'node:net';
import type {TLSSocket} from 'node:tls';
import * as z from 'zod';
import {nodeHttp, nodeTls} from '../io/builtins.ts';
import {AttemptError, attempt, judged} from './attempt.ts';
import {connect} from './connect.ts';
import {defineProbe, type Observation, type ProbeContext} from './define.ts';
import {atClosedPort, closedPort, serviceAddress, servicePattern} from './service.ts';

/** Longest part of a body that is read (bytes); the connection is closed then. */
const bodyLimit = 64 * 1024;

const input = z
  .strictObject({
    url: z
      .string()
      .refine(isPlainHttpUrl, 'must be an http:// or https:// URL without user name and password')
      .optional()
      .describe('What to ask: an http or https URL. Its host is looked up at each sample.'),
    service: z
      .string()
      .regex(servicePattern, 'must be namespace/name or namespace/name:port')
      .optional()
      .describe('A Service to ask over http instead of a url: namespace/name[:port], port 80 when none is given.'),
    path: z.string().startsWith('/').optional().describe('Path to ask the service for; / when none is given.'),
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET').describe('Method.'),
    headers: z.record(z.string(), z.string()).default({}).describe('Headers to send, beside Host and User-Agent.'),
    body: z.string().optional().describe('Body to send.'),
    insecureSkipVerify: z.boolean().default(false).describe('Accept any certificate.'),
  })
  .refine(({url, service}) => (url === undefined) !== (service === undefined), {
    message: 'give exactly one of url and service',
  })
  .refine(({path, service}) => path === undefined || service !== undefined, {
    message: 'path goes with service; put it into the url',
    path: ['path'],
  });
type Input = z.infer<typeof input>;

const control = (given: Input): Input =>
  given.service === undefined
    ? {...given, url: otherPort(given.url ?? '')}
    : {...given, service: atClosedPort(given.service)};

/** Whether an HTTP server gives the answer expected. Redirects are answers, they are not followed. */
export const http = defineProbe<Input>({
  kind: 'http',
  summary: 'Sends one HTTP request on a new connection and looks at the answer.',
  input,
  from: ['runner', 'cluster', 'node'],
  observes: {
    status: 'status code',
    body: 'body as text, at most 64 KiB of it',
    headers: 'headers of the answer by lower-case name',
    latencyMs: 'whole milliseconds from the name lookup to the end of the answer',
  },
  permissions: () => [],
  sample: (ctx, given) =>
    attempt(ctx, async (signal) => {
      const observation = await observe(ctx, given, signal);
      return judged(ctx, observation, String(observation.status));
    }),
  control,
  controls: {closedPort: control},
  defaultExpect: 'status >= 200 && status < 400',
});

async function observe(ctx: ProbeContext, given: Input, signal: AbortSignal): Promise<Observation> {
  const started = ctx.clock.mono();
  const url = urlOf(ctx, given);
  // Servers and certificates know names without the last dot.
  const host = url.hostname.replace(/\.$/, '');
  const secure = url.protocol === 'https:';
  const port = Number(url.port || (secure ? 443 : 80));
  const plain = await connect(ctx, {host: url.hostname, port}, signal);
  const socket = secure ? await startTls(plain, host, !given.insecureSkipVerify, signal) : plain;
  try {
    const request = nodeHttp.request({
      createConnection: () => socket,
      method: given.method,
      path: `${url.pathname}${url.search}`,
      setHost: false,
      headers: {
        Host: url.port ? `${host}:${url.port}` : host,
        'User-Agent': 'kubedrill',
        ...given.headers,
        ...(given.body === undefined ? {} : {'Content-Length': Buffer.byteLength(given.body)}),
        Connection: 'close',
      },
    });
    const {status, headers, body} = await answerOf(request, given.body);
    return {status, headers, body, latencyMs: Math.round(ctx.clock.mono() - started)};
  } finally {
    socket.destroy();
  }
}

function urlOf(ctx: ProbeContext, {url, service, path}: Input): URL {
  if (service === undefined) return new URL(url ?? '');
  const {host, port} = serviceAddress(service, ctx.searchDomains, 80);
  return new URL(`http://${host}:${port}${path ?? '/'}`);
}

/** Made when first needed and then kept, because each one holds memory until it is collected. */
const once = <T>(make: () => T) => {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
};
const verifying = once(() => nodeTls().createSecureContext());
/** Without verification no authorities are needed: their list alone is 5 MB. */
const trusting = once(() => nodeTls().createSecureContext({ca: []}));

function startTls(plain: net.Socket, host: string, verify: boolean, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const name = host.replace(/^\[(.*)\]$/, '$1');
    const socket = nodeTls().connect({
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
function answerOf(request: ClientRequest, body: string | undefined) {
  return new Promise<{status: number; headers: Record<string, string>; body: string}>((resolve, reject) => {
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

function otherPort(text: string): string {
  const url = new URL(text);
  url.port = String(closedPort(Number(url.port)));
  return url.href;
}

function isPlainHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
