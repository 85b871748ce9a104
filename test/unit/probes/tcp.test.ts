import net from 'node:net';
import {describe, expect, it} from 'vitest';
import {tcp} from '../../../src/probes/tcp.ts';
import {startFakeDns} from '../../support/dns-server.ts';
import {askControl, askProbe, freePort, listen} from '../../support/probe-context.ts';

describe('tcp', () => {
  it('is ok when a connection can be opened, and closes it', async () => {
    const closed = Promise.withResolvers<void>();
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.on('close', () => closed.resolve());
      socket.resume();
    });
    const port = await listen(server);
    expect(await askProbe(tcp, {address: `127.0.0.1:${port}`})).toMatchObject({state: 'ok'});
    await closed.promise;
    server.close();
  });

  it('is bad when nothing listens, and so is its control', async () => {
    const port = await freePort();
    expect(await askProbe(tcp, {address: `127.0.0.1:${port}`})).toEqual({state: 'bad', detail: 'ECONNREFUSED'});
    expect(await askControl(tcp, {address: `127.0.0.1:${port}`})).toMatchObject({state: 'bad'});
  });

  it('has a control at another port of the same host', () => {
    expect(tcp.control?.({address: '[::1]:443'})).toEqual({address: '[::1]:1'});
    expect(tcp.control?.({address: 'db.example:1'})).toEqual({address: 'db.example:2'});
    expect(tcp.control?.({service: 'shop/db:5432'})).toEqual({service: 'shop/db:1'});
  });

  it('looks a Service up by its cluster name, in the domain of the place', async () => {
    const dns = await startFakeDns();
    const server = net.createServer((socket) => socket.on('error', () => {}));
    const port = await listen(server);
    const reading = await askProbe(
      tcp,
      {service: `shop/db:${port}`},
      {nameserver: dns.udp, searchDomains: ['kubedrill.svc.corp.example', 'svc.corp.example', 'corp.example']},
    );
    expect(reading).toMatchObject({state: 'ok'});
    expect(dns.asked).toEqual(['db.shop.svc.corp.example A']);
    server.close();
    await dns.stop();
  });

  it.each([{}, {address: 'a:1', service: 'b/c:1'}, {address: 'a'}, {service: 'shop/db'}, {service: 'db:1'}, {port: 1}])(
    'refuses the input %j',
    (given) => {
      expect(tcp.input.safeParse(given).success).toBe(false);
    },
  );
});
