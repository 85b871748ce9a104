import type http from 'node:http';
import type {Clock} from '../io/clock.ts';
import {oneLine} from '../io/text.ts';
import {badAnswer, type Call, fromAnswer, fromThrown} from './classify.ts';
import type {CredentialSource} from './credentials/source.ts';
import {ClusterError} from './errors.ts';
import {DeadlineError, type HttpRequest, open, send} from './http.ts';
import type {CredentialSecrets, Credentials} from './secrets.ts';
import {wayTo} from './tunnel.ts';
import type {CallOptions, RawAnswer} from './types.ts';

/** Milliseconds for a call that names no deadline of its own. */
export const defaultTimeout = 10_000;

/** What a call sends. */
export interface Outgoing {
  method: string;
  /** Path and query below the server's URL. */
  path: string;
  headers?: http.OutgoingHttpHeaders;
  body?: string;
}

/** Carries requests to one API server with one user's credentials. Every rejection is a ClusterError or an abort. */
export interface Transport {
  readonly server: string;
  readonly context: string;
  /** One attempt; an answer of any status resolves. */
  request(call: Call, outgoing: Outgoing, options: CallOptions): Promise<RawAnswer>;
  /** One attempt on its own connection; resolves with the head of a 2xx answer, its body is still to come. */
  open(call: Call, outgoing: Outgoing, options: CallOptions): Promise<http.IncomingMessage>;
  /** The error for an answer that is no success; looks at the credentials when they were not accepted. */
  refusal(call: Call, answer: RawAnswer): ClusterError;
  /** The error for a success that is not what was asked for. */
  nonsense(call: Call, answer: RawAnswer, cause?: unknown): ClusterError;
  /** Asks for the credentials ahead of the first call; a failure is left to that. */
  warm(): Promise<void>;
  close(): void;
}

/** `server`: the URL of the API server, which may have a path of its own; `proxy`: what is on the way to it. */
export function createTransport(
  {server, context, proxy}: {server: string; context: string; proxy?: string | undefined},
  {credentials, secrets}: {credentials: CredentialSource; secrets: CredentialSecrets},
  clock: Clock,
): Transport {
  const base = server.replace(/\/+$/, '');
  const way = wayTo(base, proxy);
  /** What each answer was asked with. */
  const used = new WeakMap<RawAnswer, Credentials>();

  const prepare = async (
    call: Call,
    {method, path, headers, body}: Outgoing,
    {timeout, signal, fresh}: CallOptions,
  ) => {
    const started = clock.mono();
    const total = timeout ?? defaultTimeout;
    const given = await within(total, signal, credentials.current()).catch((error: unknown) => {
      if (signal?.aborted) throw signal.reason;
      throw credentialError(call, secrets.error(error));
    });
    const request: HttpRequest = {
      url: new URL(base + path),
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'kubedrill',
        ...(body === undefined ? {} : {'content-type': 'application/json', 'content-length': Buffer.byteLength(body)}),
        ...given.headers,
        ...headers,
      },
      ...(body === undefined ? {} : {body}),
      tls: given.tls,
      // A kept connection that the server closed meanwhile would make a write fail without telling whether it was taken.
      agent: way.agent(fresh === true),
      ...(way.via ? {via: way.via} : {}),
    };
    const left = Math.max(1, total - (clock.mono() - started));
    return {request, given, limits: {timeout: left, ...(signal ? {signal} : {})}};
  };

  const attempt = async <T>(call: Call, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw signal?.aborted ? signal.reason : fromThrown(call, error);
    }
  };

  // A proxy on the way may repeat what it was sent.
  const cleaned = (answer: RawAnswer): RawAnswer => ({...answer, body: secrets.text(answer.body)});

  const refusal = (call: Call, answer: RawAnswer) => {
    const clean = cleaned(answer);
    if (answer.status !== 401) return fromAnswer(call, clean);
    const given = used.get(answer);
    if (given === undefined) return fromAnswer(call, clean);
    credentials.forget(given);
    return fromAnswer(call, clean, credentials.problem(given));
  };

  return {
    server: base,
    context,
    refusal,
    nonsense: (call, answer, cause) =>
      badAnswer(call, cleaned(answer), cause === undefined ? undefined : secrets.error(cause)),
    warm: async () => void (await within(defaultTimeout, undefined, credentials.current()).catch(() => undefined)),
    request: (call, outgoing, options) =>
      attempt(call, options.signal, async () => {
        const {request, given, limits} = await prepare(call, outgoing, options);
        const answer = await send(request, limits);
        used.set(answer, given);
        return answer;
      }),
    open: (call, outgoing, options) =>
      attempt(call, options.signal, async () => {
        const {request, given, limits} = await prepare(call, outgoing, {...options, fresh: true});
        const incoming = await open(request, limits);
        const status = incoming.statusCode ?? 0;
        if (status >= 200 && status < 300) return incoming;
        const body = (await incoming.take(16).toArray()).join('');
        const answer = {status, body, headers: incoming.headers};
        used.set(answer, given);
        throw refusal(call, answer);
      }),
    close: () => {
      way.close();
      credentials.close();
    },
  };
}

/** Waits for a promise that cannot be cancelled; gives it up at a deadline or an abort. */
async function within<T>(timeout: number, signal: AbortSignal | undefined, promise: Promise<T>): Promise<T> {
  const ended = Promise.withResolvers<never>();
  const onAbort = () => ended.reject(signal?.reason);
  const timer = setTimeout(() => ended.reject(new DeadlineError(timeout)), timeout);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, {once: true});
  try {
    return await Promise.race([promise, ended.promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** A credential plugin, certificate or token file that could not be used; what it said, but nothing it holds. */
function credentialError(call: Call, cause: Error): ClusterError {
  const said = oneLine(cause.message).slice(0, 300) || 'its plugin failed without a word';
  return new ClusterError(`${call.what}: the credentials of context ${call.context} cannot be used: ${said}`, {
    reason: 'unauthorized',
    detail: 'credentials',
    hint: `Log in again, then try: kubectl --context ${call.context} auth whoami`,
    cause,
  });
}
