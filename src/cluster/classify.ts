import {messageOf} from '../io/errors.ts';
import {isJsonObject, type JsonObject} from '../io/json.ts';
import {oneLine} from '../io/text.ts';
import {ClusterError, isClusterError} from './errors.ts';
import {BrokenAnswerError, DeadlineError} from './http.ts';
import type {ClusterErrorReason, RawAnswer} from './types.ts';

/** A call as messages speak of it. */
export interface Call {
  /** `get Pod shop/web-1`. */
  what: string;
  server: string;
  context: string;
  /** A kubectl command that asks the same. */
  command?: string;
}

/** The error behind an answer whose status is no success. */
export function fromAnswer(call: Call, {status, body, headers}: RawAnswer, problem?: string): ClusterError {
  const said = parseStatus(body);
  const reason = reasonOf(status, said);
  const own = typeof said?.message === 'string' ? oneLine(said.message) : undefined;
  const words = own ?? (excerpt(body) || `HTTP status ${status} without a word`);
  const retryAfter = Number(headers['retry-after']);
  const foreign = `${call.server} answered ${status}, but not as an API server does: `;
  return new ClusterError(`${call.what}: ${reason === 'badAnswer' ? foreign : ''}${words}`, {
    reason,
    status,
    apiMessage: own || undefined,
    retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined,
    hint: answerHints[reason]?.(call, problem),
  });
}

/** The error behind a success whose body is not what was asked for. */
export function badAnswer(call: Call, {status, body}: RawAnswer, cause?: unknown): ClusterError {
  return new ClusterError(
    `${call.what}: ${call.server} answered ${status} with something else than was asked for: ${excerpt(body) || '(nothing)'}`,
    {reason: 'badAnswer', status, hint: inFront, cause},
  );
}

/** The error behind a call that got no complete answer. An abort's reason is not for here: it passes as it is. */
export function fromThrown(call: Call, thrown: unknown): ClusterError {
  if (thrown instanceof ClusterError) return thrown;
  const {reason, why, hint} = networkReason(thrown);
  const code = codeOf(thrown);
  return new ClusterError(`${call.what}: no answer from ${call.server}: ${why}`, {
    reason,
    detail: thrown instanceof DeadlineError ? 'timeout' : (code ?? reason),
    hint: hint ?? `Try: kubectl --context ${call.context} get --raw /readyz`,
    cause: thrown,
  });
}

/** Whether asking again may help. Only reads are ever asked again. */
export function isRetryable(error: unknown): boolean {
  if (!isClusterError(error)) return false;
  return ['unreachable', 'tooManyRequests', 'serverError', 'badAnswer'].includes(error.reason);
}

/**
 * What a refusal means. Only a Status says what the API server thinks: a page by something in between (a load balancer
 * without a backend, a login, a filter) is no evidence that an object is gone or that a call did nothing. Two kinds of
 * answers the API server itself gives without one: that it is overloaded (429, 5xx), which any server may say with the
 * same result, and that it does not serve a path (404), which discovery can tell for certain.
 */
function reasonOf(status: number, said: JsonObject | undefined): ClusterErrorReason {
  const reason = statusReasons[status] ?? (status >= 500 ? 'serverError' : 'other');
  if (reason === 'serverError' || reason === 'tooManyRequests') return reason;
  if (said === undefined) return 'badAnswer';
  if (status === 404 && said.reason !== 'NotFound') return 'badAnswer';
  return status === 409 && said.reason === 'AlreadyExists' ? 'alreadyExists' : reason;
}

const statusReasons: Readonly<Record<number, ClusterErrorReason>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  408: 'serverError',
  409: 'conflict',
  410: 'gone',
  422: 'invalid',
  429: 'tooManyRequests',
};

const inFront = 'Is there a proxy, a load balancer or another server in front of the API server?';

const answerHints: Partial<Record<ClusterErrorReason, (call: Call, problem?: string) => string | undefined>> = {
  unauthorized: ({context}, problem) =>
    `The credentials of context ${context} are not accepted${problem ? `: ${problem}` : ''}. ` +
    `Log in again, then try: kubectl --context ${context} auth whoami`,
  forbidden: ({context}) => `See what this user may do with: kubectl --context ${context} auth can-i --list`,
  notFound: ({command}) => (command === undefined ? undefined : `Look for it with: ${command}`),
  conflict: ({command}) => `Somebody else changed it meanwhile${command ? `. See: ${command}` : ''}`,
  alreadyExists: ({command}) => (command === undefined ? undefined : `See it with: ${command}`),
  gone: () => 'What was asked for is no longer kept by the API server; ask again',
  invalid: () => 'The API server does not take this object; its words name the field',
  tooManyRequests: () => 'The API server (or a PodDisruptionBudget) asks to wait; try again later',
  badAnswer: (_call, problem) => `${inFront}${problem ? ` Or is it the credentials: ${problem}?` : ''}`,
  serverError: ({context}) =>
    `The API server has a problem of its own: kubectl --context ${context} get --raw '/readyz?verbose'`,
};

/** Connection errors by their Node code; what a person would want to know about each. */
const networkWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed while sending',
  ETIMEDOUT: 'connection timed out',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ENETDOWN: 'this machine has no network',
  ENOTFOUND: 'the host name does not resolve',
  EAI_AGAIN: 'the resolver does not answer',
  EADDRNOTAVAIL: 'no free local port',
  EMFILE: 'this process has too many open files',
};

const proxyHint = 'Check proxy-url in the kubeconfig, or HTTPS_PROXY, HTTP_PROXY and NO_PROXY';

const tlsCode = /^(?:ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO$)/;

function networkReason(thrown: unknown): {reason: ClusterErrorReason; why: string; hint?: string} {
  const code = codeOf(thrown) ?? '';
  if (thrown instanceof DeadlineError) return {reason: 'timeout', why: thrown.message};
  if (thrown instanceof BrokenAnswerError) return {reason: 'unreachable', why: thrown.message};
  if (tlsCode.test(code)) {
    return {
      reason: 'tls',
      why: `TLS: ${oneLine(messageOf(thrown))} (${code})`,
      hint: 'Check the server address, certificate-authority-data and the clock of this machine',
    };
  }
  if (code.startsWith('HPE_')) {
    return {reason: 'badAnswer', why: `what came back is no HTTP (${code})`, hint: 'Check the server address'};
  }
  if (code === 'ERR_PROXY') return {reason: 'unreachable', why: oneLine(messageOf(thrown)), hint: proxyHint};
  const words = networkWords[code];
  return {reason: words === undefined ? 'other' : 'unreachable', why: words ?? oneLine(messageOf(thrown))};
}

/** The Node code of an error, also of the last attempt when several addresses were tried. */
function codeOf(thrown: unknown): string | undefined {
  const inner = thrown instanceof AggregateError ? thrown.errors.at(-1) : thrown;
  const code = inner instanceof Error && 'code' in inner ? inner.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** The Status of the Kubernetes API that a body is, if it is one. */
function parseStatus(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isJsonObject(value) && value.kind === 'Status' && value.apiVersion === 'v1' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The beginning of a body that is no Status, on one line. */
const excerpt = (body: string): string => {
  const line = oneLine(body.slice(0, 400));
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
};
