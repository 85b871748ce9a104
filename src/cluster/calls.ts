import pRetry from 'p-retry';
import type {Clock} from '../io/clock.ts';
import {isJsonObject, type JsonObject} from '../io/json.ts';
import {type Call, isRetryable} from './classify.ts';
import {isClusterError} from './errors.ts';
import {defaultTimeout, type Outgoing, type Transport} from './transport.ts';
import type {CallOptions, KubeObject, RawAnswer} from './types.ts';

/** At most so many more attempts of a read, 100 ms and 300 ms later. */
const retries = 2;
const pause = {minTimeout: 100, factor: 3};

/** One read: asked again after a passing failure as long as the call's deadline allows, unless it is a sample. */
export async function read<T>(
  clock: Clock,
  options: CallOptions,
  attempt: (options: CallOptions) => Promise<T>,
): Promise<T> {
  if (options.fresh) return await attempt(options);
  const {signal, timeout = defaultTimeout} = options;
  const deadline = clock.mono() + timeout;
  const left = () => Math.max(1, deadline - clock.mono());
  return await pRetry(() => attempt({...options, timeout: left()}), {
    ...pause,
    retries,
    signal,
    maxRetryTime: timeout,
    onFailedAttempt: async ({error, retriesLeft}) => {
      const wait = isClusterError(error, 'tooManyRequests') ? (error.retryAfter ?? 0) * 1000 : 0;
      if (retriesLeft > 0 && wait > 0 && wait < left()) await clock.sleep(wait, signal);
    },
    shouldRetry: ({error}) => isRetryable(error) && !waitsTooLong(error, left()),
  });
}

const waitsTooLong = (error: unknown, left: number) =>
  isClusterError(error, 'tooManyRequests') && (error.retryAfter ?? 0) * 1000 >= left;

/** One attempt at a JSON object. Rejects with a ClusterError for any other status than 2xx, and for other bodies. */
export async function requestJson(
  transport: Transport,
  call: Call,
  outgoing: Outgoing,
  options: CallOptions,
): Promise<JsonObject> {
  const answer = await transport.request(call, outgoing, options);
  if (options.onWarning) for (const warning of warningsOf(answer)) options.onWarning(warning);
  if (answer.status < 200 || answer.status >= 300) throw await transport.refusal(call, answer);
  return parseObject(transport, call, answer);
}

/** Texts of the `Warning` headers: `299 - "text"`. */
function warningsOf({headers}: RawAnswer): string[] {
  const all = [headers.warning ?? []].flat().join(', ');
  return [...all.matchAll(/\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replace(/\\(.)/g, '$1'));
}

/** {@link requestJson} for an answer that must be a Kubernetes object. */
export async function requestObject(
  transport: Transport,
  call: Call,
  outgoing: Outgoing,
  options: CallOptions,
): Promise<KubeObject> {
  const value = await requestJson(transport, call, outgoing, options);
  if (isKubeObject(value)) return value;
  throw transport.nonsense(call, {status: 200, body: JSON.stringify(value), headers: {}});
}

/** Whether a value has what every Kubernetes object has. */
function isKubeObject(value: unknown): value is KubeObject {
  return (
    isJsonObject(value) &&
    typeof value.apiVersion === 'string' &&
    typeof value.kind === 'string' &&
    isJsonObject(value.metadata)
  );
}

function parseObject(transport: Transport, call: Call, answer: RawAnswer): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(answer.body);
  } catch (error) {
    throw transport.nonsense(call, answer, error);
  }
  if (!isJsonObject(value)) throw transport.nonsense(call, answer);
  return value;
}
