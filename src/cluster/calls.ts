import pRetry from 'p-retry';
import type {Clock} from '../io/clock.ts';
import {isJsonObject, type JsonObject, parseJson} from '../io/json.ts';
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

/** Tells an answer that is what was asked for from what something in between may say with the same status. */
export type Wanted<T extends JsonObject> = (value: JsonObject) => value is T;

/**
 * One attempt at a JSON object. Rejects with a ClusterError for any other status than 2xx, and for other bodies than
 * the one that is wanted: an answer by somebody else must never pass for "there is none".
 */
export async function requestJson<T extends JsonObject>(
  transport: Transport,
  call: Call,
  {wanted, ...outgoing}: Outgoing & {wanted: Wanted<T>},
  options: CallOptions,
): Promise<T> {
  const answer = await transport.request(call, outgoing, options);
  if (options.onWarning) for (const warning of warningsOf(answer)) options.onWarning(warning);
  if (answer.status < 200 || answer.status >= 300) throw transport.refusal(call, answer);
  const value = parseObject(transport, call, answer);
  if (!wanted(value)) throw transport.nonsense(call, answer);
  return value;
}

/** Texts of the `Warning` headers: `299 - "text"`. */
function warningsOf({headers}: RawAnswer): string[] {
  const all = [headers.warning ?? []].flat().join(', ');
  return [...all.matchAll(/\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replace(/\\(.)/g, '$1'));
}

/** Whether a value has what every Kubernetes object has. */
export function isKubeObject(value: JsonObject): value is KubeObject {
  return typeof value.apiVersion === 'string' && typeof value.kind === 'string' && isJsonObject(value.metadata);
}

/** Whether a value is an answer of the Kubernetes API of that kind (`APIResourceList`), or of any. */
export const isOfKind =
  (kind?: string): Wanted<JsonObject> =>
  (value): value is JsonObject =>
    typeof value.kind === 'string' && (kind === undefined || value.kind === kind);

/** Whether a value is a list of objects. One without items is a list all the same: some servers write `null`. */
export function isList(value: JsonObject): value is JsonObject {
  const {kind, apiVersion, items = null} = value;
  const named = typeof kind === 'string' && kind.endsWith('List') && typeof apiVersion === 'string';
  return named && (items === null || Array.isArray(items));
}

function parseObject(transport: Transport, call: Call, answer: RawAnswer): JsonObject {
  let value: unknown;
  try {
    value = parseJson(answer.body);
  } catch (error) {
    throw transport.nonsense(call, answer, error);
  }
  if (!isJsonObject(value)) throw transport.nonsense(call, answer);
  return value;
}
