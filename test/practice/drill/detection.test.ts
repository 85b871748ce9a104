import {createServer, type Server} from 'node:http';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {alertmanager} from '../../../src/probes/alertmanager.ts';
import {prometheus} from '../../../src/probes/prometheus.ts';
import {playOnPractice} from '../../support/drill.ts';
import {hasMonitoring, type Monitoring, startMonitoring} from '../../support/monitoring.ts';
import {askProbe, listen} from '../../support/probe-context.ts';

/** A shop that Prometheus scrapes; `POST /break` and `POST /mend` do what they say. */
function shop(): Server {
  let broken = false;
  return createServer((request, response) => {
    if (request.method === 'POST') broken = request.url === '/break';
    else if (broken) response.statusCode = 500;
    response.end('orders_total 1\n');
  });
}

/** Calls the shop: a fault and its cure for `command/run`. */
const post = (url: string) => JSON.stringify([process.execPath, '-e', `await fetch('${url}', {method: 'POST'})`]);

describe.skipIf(!hasMonitoring)('with a real Prometheus and Alertmanager', () => {
  const server = shop();
  let base = '';
  let monitoring: Monitoring;

  beforeAll(async () => {
    base = `http://127.0.0.1:${await listen(server)}`;
    monitoring = await startMonitoring(base.slice('http://'.length));
  }, 60_000);
  afterAll(async () => {
    await monitoring?.stop();
    server.close();
  });

  const scenario = (alert: string, {target, outage = ''}: {target: string; outage?: string}) => `
apiVersion: kubedrill.dev/v1
kind: Scenario
metadata: {name: noticed, title: Somebody notices, owner: tests}
spec:
  type: disaster
  target: {environments: [practice], maxTargets: 1}
  prepare:
    - waitFor: {uses: prometheus, with: {url: "${monitoring.prometheus}", query: "up{job='shop'}"}, expect: value == 1}
      within: 20s
  probes:
    - {name: shopAnswers, uses: http, from: runner, every: 100ms, with: {url: "${base}/metrics"}}
    - {name: pager, uses: alertmanager, from: runner, every: 200ms, with: {url: "${monitoring.alertmanager}", alert: ${alert}}}
  services: {shop: {up: [shopAnswers]${outage}}}
  objectives:
    - {rto: 30s, of: shop, from: fault, source: a test}
    - {detection: ${target}, of: pager, from: fault, source: a test}
  steady: {for: 1s}
  inject:
    - id: break
      uses: command/run
      with: {argv: ${post(`${base}/break`)}, undo: {argv: ${post(`${base}/mend`)}}}
  effect:
    within: 10s
    prove: {uses: http, with: {url: "${base}/metrics"}, expect: status != 200}
  recover:
    - {waitFor: {uses: prometheus, with: {url: "${monitoring.prometheus}", query: "ALERTS{alertname='ShopDown',alertstate='firing'}"}}, within: 20s, every: 200ms}
    - {pause: 1s}
    - {undo: break}
  verify:
    within: 40s
    stableFor: 500ms
    checks:
      - {name: the shop is scraped, uses: prometheus, with: {url: "${monitoring.prometheus}", query: "up{job='shop'} == 1"}}
  stopWhen: {none: a test}`;

  it('answers queries about what it scraped', async () => {
    const given = {url: monitoring.prometheus, query: 'vector(0.5)'};
    expect(await askProbe(prometheus, given)).toMatchObject({state: 'ok', observation: {value: 0.5}});
    expect((await askProbe(prometheus, {...given, query: 'vector(1) > 2'})).state).toBe('bad');
    expect(await askProbe(prometheus, {...given, query: 'up{'})).toMatchObject({state: 'blind', fault: 'expect'});
    const quiet = {url: monitoring.alertmanager, alert: 'NoSuchAlert'};
    expect((await askProbe(alertmanager, quiet)).state).toBe('bad');
  });

  it('measures when the alert fired', async () => {
    const played = await playOnPractice(scenario('ShopDown', {target: '20s'}));
    expect(played.sentence).toMatch(/^PASSED/);
    expect(played.verdict).toBe('passed');
    expect(played.cleanup).toBe('clean');
  }, 90_000);

  it('takes a silent alert for a miss, once its time is over', async () => {
    const played = await playOnPractice(scenario('NobodyWroteThis', {target: '3s'}));
    expect(played.verdict).toBe('failed');
    expect(played.sentence).toMatch(
      /time to detection of pager from fault is ≥ .*beyond its target of 3 s \(pager: no alert fired\)/,
    );
  }, 90_000);
});
