import http from 'node:http';
import https from 'node:https';
import type {ConnectionOptions} from 'node:tls';
import {formatDuration} from '../io/duration.ts';
import type {RawAnswer} from './types.ts';

/** One HTTP request, ready to be sent. */
export interface HttpRequest {
  url: URL;
  method: string;
  headers: http.OutgoingHttpHeaders;
  body?: string;
  tls: ConnectionOptions;
  /** `false`: a connection of its own, closed afterwards. */
  agent: http.Agent | false;
  /** A proxy that is asked for the URL in the server's place. */
  via?: {url: URL; headers: http.OutgoingHttpHeaders};
}

/** No complete answer within the time given. */
export class DeadlineError extends Error {
  /** Milliseconds. */
  readonly timeout: number;

  constructor(timeout: number) {
    super(`no complete answer within ${formatDuration(timeout)}`);
    this.name = 'DeadlineError';
    this.timeout = timeout;
  }
}

/** The answer began and broke off. */
export class BrokenAnswerError extends Error {
  constructor(cause?: unknown) {
    super('the answer broke off in the middle', {cause});
    this.name = 'BrokenAnswerError';
  }
}

/**
 * Sends a request and reads the whole answer. Name lookup, connecting, TLS, head and body together must fit into
 * `timeout` milliseconds (DeadlineError); an abort rejects with the signal's reason.
 */
export function send(request: HttpRequest, limits: {timeout: number; signal?: AbortSignal}): Promise<RawAnswer> {
  return exchange(request, limits, (incoming, {done, fail}) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', (error) => fail(new BrokenAnswerError(error)));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      done({status: incoming.statusCode ?? 0, body, headers: incoming.headers});
    });
  });
}

/**
 * Sends a request and resolves as soon as the head of the answer is here; the body is for the caller to read or
 * destroy. `timeout` covers the head alone; `signal` ends the body as well.
 */
export function open(
  request: HttpRequest,
  limits: {timeout: number; signal?: AbortSignal},
): Promise<http.IncomingMessage> {
  return exchange(request, limits, (incoming, {done}) => {
    const {signal} = limits;
    const end = () => incoming.destroy();
    signal?.addEventListener('abort', end, {once: true});
    incoming.once('close', () => signal?.removeEventListener('abort', end));
    done(incoming);
  });
}

interface Settle<T> {
  done: (value: T) => void;
  fail: (error: unknown) => void;
}

/** The part that `send` and `open` share: deadline, abort, and one settlement. */
function exchange<T>(
  {url, method, headers, body, tls, agent, via}: HttpRequest,
  {timeout, signal}: {timeout: number; signal?: AbortSignal},
  onAnswer: (incoming: http.IncomingMessage, settle: Settle<T>) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const asked = via && {path: url.href, headers: {host: url.host, ...headers, ...via.headers}};
    const options = {...tls, method, headers, agent, ...asked};
    const to = via?.url ?? url;
    const outgoing = to.protocol === 'https:' ? https.request(to, options) : http.request(to, options);
    const onAbort = () => fail(signal?.reason);
    const timer = setTimeout(() => fail(new DeadlineError(timeout)), timeout);
    const release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (error: unknown) => {
      release();
      reject(error);
      outgoing.destroy();
    };
    const done = (value: T) => {
      release();
      resolve(value);
    };
    signal?.addEventListener('abort', onAbort, {once: true});
    // Stays attached: destroying the request after settlement raises another error that nobody waits for.
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => onAnswer(incoming, {done, fail}));
    outgoing.end(body);
  });
}
