import {createServer, type Server} from 'node:http';
import {afterEach, describe, expect, it} from 'vitest';
import {alertmanager} from '../../../src/probes/alertmanager.ts';
import {prometheus} from '../../../src/probes/prometheus.ts';
import {askControl, askProbe, freePort, listen} from '../../support/probe-context.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that answers every request in the same way, and says what it was asked. */
async function answering(status: number, body: unknown): Promise<{url: string; asked: URL[]}> {
  const asked: URL[] = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://x'));
    response.writeHead(status, {'content-type': 'application/json'});
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  servers.push(server);
  return {url: `http://127.0.0.1:${await listen(server)}/prefix`, asked};
}

const vector = (...samples: [labels: Record<string, string>, value: string][]) => ({
  status: 'success',
  data: {resultType: 'vector', result: samples.map(([metric, value]) => ({metric, value: [1, value]}))},
});

describe('prometheus', () => {
  it('is ok while the query gives something, and asks below the prefix', async () => {
    const {url, asked} = await answering(200, vector([{job: 'shop'}, '1']));
    expect(await askProbe(prometheus, {url, query: 'up == 0'})).toMatchObject({
      state: 'ok',
      observation: {samples: [{labels: {job: 'shop'}, value: 1}], value: 1},
    });
    expect(asked[0]?.pathname).toBe('/prefix/api/v1/query');
    expect(asked[0]?.searchParams.get('query')).toBe('up == 0');
  });

  it('is bad on an empty result, unless that may be judged', async () => {
    const {url} = await answering(200, vector());
    expect(await askProbe(prometheus, {url, query: 'up'}, {expect: 'true'})).toMatchObject({
      state: 'bad',
      detail: 'empty result',
    });
    const given = {url, query: 'up', allowEmpty: true};
    expect((await askProbe(prometheus, given, {expect: 'samples.size() == 0'})).state).toBe('ok');
  });

  it.each([
    ['0.25', 'value < 0.5', 'ok'],
    ['3', 'value > 2.5', 'ok'],
    ['+Inf', 'value > 1000.0', 'ok'],
    ['-Inf', 'value > 0.0', 'bad'],
    ['NaN', 'value < 1.0 || value >= 1.0', 'bad'],
  ])('judges the value %s by %s: %s', async (value, expr, state) => {
    const {url} = await answering(200, vector([{}, value]));
    expect((await askProbe(prometheus, {url, query: 'q'}, {expect: expr})).state).toBe(state);
  });

  it('has no single value when there are several samples', async () => {
    const {url} = await answering(200, vector([{a: '1'}, '1'], [{a: '2'}, '2']));
    expect(await askProbe(prometheus, {url, query: 'q'}, {expect: 'value > 0'})).toMatchObject({state: 'bad'});
    expect((await askProbe(prometheus, {url, query: 'q'}, {expect: 'samples.all(s, s.value > 0)'})).state).toBe('ok');
  });

  it('takes a scalar', async () => {
    const {url} = await answering(200, {status: 'success', data: {resultType: 'scalar', result: [1, '7']}});
    expect((await askProbe(prometheus, {url, query: '7'}, {expect: 'value == 7'})).state).toBe('ok');
  });

  it('calls a query that cannot be evaluated the fault of the query', async () => {
    const {url} = await answering(400, {status: 'error', errorType: 'bad_data', error: 'parse error'});
    expect(await askProbe(prometheus, {url, query: 'up{'})).toEqual({
      state: 'blind',
      detail: 'parse error',
      fault: 'expect',
    });
  });

  it.each([
    [503, {status: 'error'}],
    [500, 'broken'],
    [200, 'no JSON'],
    [200, {status: 'success', data: {resultType: 'matrix', result: []}}],
    [200, {status: 'success', data: {resultType: 'vector', result: [{metric: {}}]}}],
    [401, ''],
  ])('is blind, never bad, on %s %j', async (status, body) => {
    const {url} = await answering(status, body);
    const reading = await askProbe(prometheus, {url, query: 'q'});
    expect(reading.state).toBe('blind');
    expect(reading.fault).toBeUndefined();
  });

  it('is blind when nothing listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await askProbe(prometheus, {url, query: 'q'})).toEqual({state: 'blind', detail: 'ECONNREFUSED'});
  });
});

describe('alertmanager', () => {
  const alert = {labels: {alertname: 'ShopDown', env: 'a"b'}, status: {state: 'active'}};

  it('asks for the alert alone, without what reaches nobody', async () => {
    const {url, asked} = await answering(200, [alert]);
    const given = {url, alert: 'ShopDown', labels: {env: 'a"b'}};
    expect((await askProbe(alertmanager, given)).state).toBe('ok');
    const {pathname, searchParams} = asked[0] ?? new URL('http://x');
    expect(pathname).toBe('/prefix/api/v2/alerts');
    expect(searchParams.getAll('filter')).toEqual(['env="a\\"b"', 'alertname="ShopDown"']);
    expect(['active', 'silenced', 'inhibited', 'unprocessed'].map((key) => searchParams.get(key))).toEqual([
      'true',
      'false',
      'false',
      'false',
    ]);
  });

  it('is bad while it is not firing, whatever expect says', async () => {
    const {url} = await answering(200, []);
    const reading = await askProbe(alertmanager, {url, alert: 'ShopDown'}, {expect: 'alerts.size() == 0'});
    expect(reading).toMatchObject({state: 'bad', detail: 'not firing'});
  });

  it('judges what the alert says', async () => {
    const {url} = await answering(200, [alert]);
    const given = {url, alert: 'ShopDown'};
    expect((await askProbe(alertmanager, given, {expect: "alerts[0].labels.env == 'x'"})).state).toBe('bad');
  });

  it.each([
    [500, []],
    [200, 'no JSON'],
    [200, {alerts: []}],
  ])('is blind, never bad, on %s %j', async (status, body) => {
    const {url} = await answering(status, body);
    expect((await askProbe(alertmanager, {url, alert: 'ShopDown'})).state).toBe('blind');
  });

  it('is blind when nothing listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await askProbe(alertmanager, {url, alert: 'X'})).toEqual({state: 'blind', detail: 'ECONNREFUSED'});
  });

  it('has a control that asks for an alert that nobody has', async () => {
    const {url, asked} = await answering(200, []);
    expect((await askControl(alertmanager, {url, alert: 'ShopDown'})).state).toBe('bad');
    expect(asked[0]?.searchParams.getAll('filter')).toEqual(['alertname="KubedrillControl"']);
  });
});
