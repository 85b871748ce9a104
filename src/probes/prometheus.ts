import * as z from 'zod';
import {isJsonObject, type Json, type JsonObject} from '../io/json.ts';
import {attempt, judged} from './attempt.ts';
import {defineProbe, type Observation, type ProbeContext, type Reading} from './define.ts';
import {askMonitoring, baseUrl, monitoringFields, unasked} from './monitoring.ts';

const input = () =>
  z.strictObject({
    ...monitoringFields('Prometheus'),
    query: z.string().min(1).describe('PromQL, evaluated as an instant query: now, on the server.'),
    allowEmpty: z.boolean().default(false).describe('Whether an empty result may be judged; else it is bad.'),
  });
type Input = z.infer<ReturnType<typeof input>>;

/** Always empty, whatever the server has scraped. */
const control = (given: Input): Input => ({...given, query: 'vector(1) > 2', allowEmpty: false});

/**
 * What Prometheus says of a query. A Prometheus that cannot be asked leaves the question open: blind. A query that it
 * does not understand is the scenario's fault.
 */
export const prometheus = defineProbe<Input>({
  kind: 'prometheus',
  summary: 'Asks Prometheus an instant query in PromQL and evaluates an expression on the result.',
  input,
  from: ['runner', 'cluster', 'node'],
  detector: true,
  observes: {
    samples: 'the result: a list of {labels, value}; one without labels for a scalar',
    value: 'the value, when the result has exactly one sample',
  },
  permissions: () => [],
  sample: (ctx, given) => attempt(ctx, (signal) => ask(ctx, given, signal).catch(unasked), 'blind'),
  empty: ({allowEmpty}, {samples}) =>
    Array.isArray(samples) && samples.length === 0 && !allowEmpty ? 'empty result' : undefined,
  control,
  controls: {emptyResult: control},
  // As an alert does: the query gives something exactly while its condition holds.
  defaultExpect: 'samples.size() > 0',
});

async function ask(ctx: ProbeContext, given: Input, signal: AbortSignal): Promise<Reading> {
  const url = baseUrl(given.url, 'api/v1/query');
  url.searchParams.set('query', given.query);
  const {status, content} = await askMonitoring(ctx, url, given, signal);
  // 400: it cannot be parsed. 422: it cannot be executed. Both are about the query, whatever the server's state.
  if (status === 400 || status === 422) {
    const error = isJsonObject(content) ? content.error : undefined;
    return {state: 'blind', detail: typeof error === 'string' ? error : `${status}`, fault: 'expect'};
  }
  const observation = observe(content);
  if (status !== 200 || !observation)
    return {state: 'blind', detail: status === 200 ? 'no answer to a query' : `${status}`};
  const {samples, value} = observation;
  const count = Array.isArray(samples) ? samples.length : 0;
  return judged(ctx, observation, value === undefined ? `${count} samples` : `value ${String(value)}`);
}

/** The result of a query as data, undefined when it is none. */
function observe(content: Json | undefined): Observation | undefined {
  const data = isJsonObject(content) && content.status === 'success' ? content.data : undefined;
  if (!isJsonObject(data)) return undefined;
  const {resultType, result} = data;
  if (!Array.isArray(result)) return undefined;
  const vector = resultType === 'scalar' ? [{metric: {}, value: result}] : resultType === 'vector' ? result : undefined;
  const samples = vector?.map(sampleOf);
  if (!samples?.every((sample) => sample !== undefined)) return undefined;
  const [only] = samples;
  return {samples, ...(only && samples.length === 1 ? {value: only.value} : {})};
}

/** `{metric: {…}, value: [time, "1.5"]}`; values are text, as JSON has neither NaN nor infinities. */
function sampleOf(entry: Json): {labels: JsonObject; value: number} | undefined {
  if (!isJsonObject(entry) || !isJsonObject(entry.metric) || !Array.isArray(entry.value)) return undefined;
  const text = entry.value[1];
  if (typeof text !== 'string') return undefined;
  return {labels: entry.metric, value: Number(text.replace(/^([+-]?)Inf$/, '$1Infinity'))};
}
