import nodeHttp from 'node:http';
import https from 'node:https';
import type net from 'node:net';
import {afterEach, describe, expect, it} from 'vitest';
import {http} from '../../../src/probes/http.ts';
import {startFakeDns} from '../../support/dns-server.ts';
import {askControl, askProbe, freePort, listen, unhurried} from '../../support/probe-context.ts';
import {selfSigned} from '../../support/self-signed.ts';

const open: (nodeHttp.Server | https.Server)[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(handler: nodeHttp.RequestListener, more: {tls?: boolean} = {}) {
  const server = more.tls ? https.createServer(selfSigned(), handler) : nodeHttp.createServer(handler);
  open.push(server);
  const connections: net.Socket[] = [];
  server.on('connection', (socket) => connections.push(socket));
  const port = await listen(server);
  return {port, connections, url: `${more.tls ? 'https' : 'http'}://127.0.0.1:${port}/`};
}

describe('http', () => {
  it('is ok for a good answer and shows what it saw', async () => {
    const {url} = await serve((_request, response) => response.writeHead(200, {'X-Kind': 'a'}).end('hello'));
    expect(await askProbe(http, {url})).toMatchObject({
      state: 'ok',
      observation: {status: 200, body: 'hello', headers: {'x-kind': 'a'}, latencyMs: expect.any(Number)},
    });
  });

  it.each([
    [204, 'ok'],
    [302, 'ok'],
    [400, 'bad'],
    [401, 'bad'],
    [503, 'bad'],
  ])('takes status %i for %s', async (status, state) => {
    const {url} = await serve((_request, response) => response.writeHead(status, {Location: '/elsewhere'}).end());
    expect(await askProbe(http, {url})).toMatchObject({state, ...(state === 'bad' ? {detail: String(status)} : {})});
  });

  it('sends what it is told to', async () => {
    const seen: unknown[] = [];
    const {url, port} = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        seen.push(request.method, request.url, request.headers.host, request.headers['x-token'], body);
        response.end();
      });
    });
    await askProbe(http, {url: `${url}a?b=c`, method: 'POST', headers: {'X-Token': 't'}, body: 'öl'});
    expect(seen).toEqual(['POST', '/a?b=c', `127.0.0.1:${port}`, 't', 'öl']);
  });

  it('opens a new connection for each sample', async () => {
    const {url, connections} = await serve((_request, response) => response.end('x'));
    for (let count = 0; count < 3; count += 1) await askProbe(http, {url});
    expect(connections).toHaveLength(3);
  });

  it('evaluates expect on the answer', async () => {
    const {url} = await serve((_request, response) => response.end('{"ready": true}'));
    expect(await askProbe(http, {url}, {expect: 'body.contains("true") && latencyMs < 100000'})).toMatchObject({
      state: 'ok',
    });
    expect(await askProbe(http, {url}, {expect: 'headers.absent == "x"'})).toMatchObject({
      state: 'bad',
      detail: expect.stringContaining('missing'),
    });
    expect(await askProbe(http, {url}, {expect: 'status + body == 1'})).toMatchObject({state: 'bad', fault: 'expect'});
  });

  it('reads at most 64 KiB of a body that never ends', async () => {
    const {url} = await serve((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    });
    const {state, observation} = await askProbe(http, {url});
    expect(state).toBe('ok');
    expect(String(observation?.body)).toHaveLength(64 * 1024);
  });

  it.each<[string, nodeHttp.RequestListener, string]>([
    ['a reset', (request) => request.socket.resetAndDestroy(), 'ECONNRESET'],
    ['a close without an answer', (request) => request.socket.end(), 'ECONNRESET'],
    [
      'an answer that breaks off',
      (request, response) => {
        response.writeHead(200, {'Content-Length': '1000'});
        response.write('part', () => request.socket.destroy());
      },
      'ECONNRESET',
    ],
    ['an answer that is no HTTP', (request) => request.socket.end('what?\r\n\r\n'), 'HPE_INVALID_CONSTANT'],
  ])('is bad for %s', async (_what, handler, detail) => {
    const {url} = await serve(handler);
    expect(await askProbe(http, {url})).toEqual({state: 'bad', detail});
  });

  it('is bad when no answer comes in time, and lets the connection go', async () => {
    const gone = Promise.withResolvers<void>();
    const {url} = await serve((request) => request.socket.on('close', () => gone.resolve()));
    expect(await askProbe(http, {url}, {timeout: 200, clock: unhurried})).toEqual({state: 'bad', detail: 'timeout'});
    await gone.promise;
  });

  it('is bad when nothing listens, and so is its control', async () => {
    const url = `http://127.0.0.1:${await freePort()}/`;
    expect(await askProbe(http, {url})).toEqual({state: 'bad', detail: 'ECONNREFUSED'});
    expect(await askControl(http, {url})).toMatchObject({state: 'bad'});
  });

  it('has a control at another port of the same host', () => {
    const given = http.input.parse({url: 'https://shop.example/cart?x=1'});
    expect(http.control?.(given)).toMatchObject({url: 'https://shop.example:1/cart?x=1'});
    expect(http.control?.(http.input.parse({service: 'shop/web'}))).toMatchObject({service: 'shop/web:1'});
  });

  it('does not accept a certificate that nobody vouches for, unless told to', async () => {
    const {url} = await serve((_request, response) => response.end('x'), {tls: true});
    expect(await askProbe(http, {url})).toEqual({state: 'bad', detail: 'DEPTH_ZERO_SELF_SIGNED_CERT'});
    expect(await askProbe(http, {url, insecureSkipVerify: true})).toMatchObject({state: 'ok'});
  });

  it('is bad when TLS is spoken to a server that has none', async () => {
    const {port} = await serve((_request, response) => response.end('x'));
    expect(await askProbe(http, {url: `https://127.0.0.1:${port}/`})).toMatchObject({state: 'bad'});
  });

  it('looks the name up at each sample, and follows where it moved', async () => {
    const dns = await startFakeDns();
    const one = await serve((_request, response) => response.end('one'));
    const two = await serve((_request, response) => response.end('two'));
    const homes: Record<string, number> = {'10.0.0.1': one.port, '10.0.0.2': two.port};
    let home = '10.0.0.1';
    const context = {
      nameserver: dns.udp,
      dial: (address: {host: string; port: number}) =>
        Promise.resolve({host: '127.0.0.1', port: homes[address.host] ?? address.port}),
    };
    dns.handle = (query) => ({
      type: 'response',
      id: query.id ?? 0,
      questions: query.questions ?? [],
      answers: [{type: 'A', name: query.questions?.[0]?.name ?? '', data: home}],
    });
    const given = {url: 'http://web.shop.svc.cluster.local./'};
    expect((await askProbe(http, given, context)).observation?.body).toBe('one');
    home = '10.0.0.2';
    expect((await askProbe(http, given, context)).observation?.body).toBe('two');
    await dns.stop();
  });

  it.each([
    {},
    {url: 'ftp://x/'},
    {url: 'no url'},
    {url: 'http://user:secret@x/'},
    {url: 'http://x/', service: 'a/b'},
    {url: 'http://x/', path: '/'},
    {service: 'web'},
    {service: 'a/b', path: 'x'},
    {url: 'http://x/', verb: 'GET'},
  ])('refuses the input %j', (given) => {
    expect(http.input.safeParse(given).success).toBe(false);
  });
});
