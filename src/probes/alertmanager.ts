import * as z from 'zod';
import {isJsonObject} from '../io/json.ts';
import {attempt, judged} from './attempt.ts';
import {defineProbe, type ProbeContext, type Reading} from './define.ts';
import {askMonitoring, baseUrl, monitoringFields, unasked} from './monitoring.ts';

const input = () =>
  z.strictObject({
    ...monitoringFields('Alertmanager'),
    alert: z.string().min(1).describe('Name of the alert (its label alertname); exact.'),
    labels: z.record(z.string(), z.string()).default({}).describe('Labels that the alert must have; exact.'),
  });
type Input = z.infer<ReturnType<typeof input>>;

const control = (given: Input): Input => ({...given, alert: 'KubedrillControl', labels: {}});

/**
 * Whether an alert is firing, as Alertmanager would tell people: one that is silenced or inhibited reaches nobody and
 * does not count. An Alertmanager that cannot be asked leaves the question open: blind.
 */
export const alertmanager = defineProbe<Input>({
  kind: 'alertmanager',
  summary: 'Asks Alertmanager whether a named alert is firing; ok while it is, neither silenced nor inhibited.',
  input,
  from: ['runner', 'cluster', 'node'],
  detector: true,
  observes: {alerts: 'the alerts that are firing: a list of objects as Alertmanager has them (labels, startsAt…)'},
  permissions: () => [],
  sample: (ctx, given) => attempt(ctx, (signal) => ask(ctx, given, signal).catch(unasked), 'blind'),
  empty: (_given, {alerts}) => (Array.isArray(alerts) && alerts.length === 0 ? 'not firing' : undefined),
  control,
  controls: {otherAlert: control},
  defaultExpect: 'alerts.size() > 0',
});

async function ask(ctx: ProbeContext, given: Input, signal: AbortSignal): Promise<Reading> {
  const url = baseUrl(given.url, 'api/v2/alerts');
  url.searchParams.set('active', 'true');
  for (const kind of ['silenced', 'inhibited', 'unprocessed']) url.searchParams.set(kind, 'false');
  for (const [label, value] of Object.entries({...given.labels, alertname: given.alert})) {
    url.searchParams.append('filter', `${label}=${JSON.stringify(value)}`);
  }
  const {status, content} = await askMonitoring(ctx, url, given, signal);
  if (status === 400) {
    return {state: 'blind', detail: typeof content === 'string' ? content : '400', fault: 'expect'};
  }
  if (status !== 200) return {state: 'blind', detail: `${status}`};
  if (!Array.isArray(content) || !content.every(isJsonObject)) {
    return {state: 'blind', detail: 'no list of alerts'};
  }
  return judged(ctx, {alerts: content}, `${content.length} firing`);
}
