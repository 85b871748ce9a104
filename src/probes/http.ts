import * as z from 'zod';
import {attempt, judged} from './attempt.ts';
import {defineProbe, type Observation, type ProbeContext} from './define.ts';
import {exchange, isPlainHttpUrl} from './exchange.ts';
import {atClosedPort, closedPort, serviceAddress, servicePattern} from './service.ts';

/** Longest part of a body that is read (bytes); the connection is closed then. */
const bodyLimit = 64 * 1024;

const input = () =>
  z
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
type Input = z.infer<ReturnType<typeof input>>;

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
  const {method, headers, body, insecureSkipVerify} = given;
  const answer = await exchange(
    ctx,
    {url: urlOf(ctx, given), method, headers, body, insecureSkipVerify, bodyLimit},
    signal,
  );
  return {...answer, latencyMs: Math.round(ctx.clock.mono() - started)};
}

function urlOf(ctx: ProbeContext, {url, service, path}: Input): URL {
  if (service === undefined) return new URL(url ?? '');
  const {host, port} = serviceAddress(service, ctx.searchDomains, 80);
  return new URL(`http://${host}:${port}${path ?? '/'}`);
}

function otherPort(text: string): string {
  const url = new URL(text);
  url.port = String(closedPort(Number(url.port)));
  return url.href;
}
