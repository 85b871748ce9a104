import packet from 'dns-packet';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {dns} from '../../../src/probes/dns.ts';
import {addresses, type FakeDns, refusal, startFakeDns} from '../../support/dns-server.ts';
import {askControl, askProbe, freePort, unhurried} from '../../support/probe-context.ts';

let server: FakeDns;
beforeEach(async () => {
  server = await startFakeDns();
});
afterEach(() => server.stop());

const name = 'kubernetes.default.svc.cluster.local.';
const ask = (protocol: 'udp' | 'tcp', more: object = {}, timeout = 10_000) =>
  askProbe(dns, {name, protocol, server: server[protocol], ...more}, {timeout, clock: unhurried});

describe.each(['udp', 'tcp'] as const)('dns over %s', (protocol) => {
  it('is ok when the name has an address', async () => {
    expect(await ask(protocol)).toMatchObject({state: 'ok', observation: {rcode: 'NOERROR', answers: ['127.0.0.1']}});
  });

  it.each([
    [3, 'NXDOMAIN'],
    [2, 'SERVFAIL'],
    [5, 'REFUSED'],
  ])('is bad for rcode %i, which is %s', async (rcode, detail) => {
    server.handle = (query) => refusal(query, rcode);
    expect(await ask(protocol)).toMatchObject({state: 'bad', detail});
  });

  it('is bad for an answer without an address', async () => {
    server.handle = (query) => refusal(query, 0);
    expect(await ask(protocol)).toMatchObject({state: 'bad', detail: 'NODATA'});
  });

  it('does not count records of another type', async () => {
    expect(await ask(protocol, {type: 'AAAA'})).toMatchObject({state: 'bad', detail: 'NODATA'});
  });

  it('is bad when nothing answers', async () => {
    server.handle = () => undefined;
    expect(await ask(protocol, {}, 50)).toEqual({state: 'bad', detail: 'timeout'});
  });

  it('is bad when nothing listens', async () => {
    const port = await freePort();
    expect(await ask(protocol, {server: `127.0.0.1:${port}`})).toEqual({state: 'bad', detail: 'ECONNREFUSED'});
  });

  it('does not follow a truncated answer', async () => {
    server.handle = (query) => {
      const full = addresses(query, '127.0.0.1');
      return {...full, flags: (full.flags ?? 0) | packet.TRUNCATED_RESPONSE};
    };
    expect(await ask(protocol)).toEqual({state: 'bad', detail: 'truncated'});
  });

  it('has a control that asks for a name in the same zone which cannot exist', async () => {
    server.handle = (query) =>
      query.questions?.[0]?.name === name.slice(0, -1) ? addresses(query, '127.0.0.1') : refusal(query, 3);
    const given = {name, protocol, server: server[protocol]};
    expect(await askProbe(dns, given)).toMatchObject({state: 'ok'});
    expect(await askControl(dns, given)).toMatchObject({state: 'bad', detail: 'NXDOMAIN'});
    expect(server.asked.at(-1)).toBe('kubedrill-control.default.svc.cluster.local A');
  });
});

describe('dns', () => {
  it('asks the resolver of its place when the probe names no server', async () => {
    expect(await askProbe(dns, {name}, {nameserver: server.udp})).toMatchObject({state: 'ok'});
  });

  it('waits on when an answer bears another id or question, or is garbage', async () => {
    const ids: (number | undefined)[] = [];
    server.handle = (query) => {
      ids.push(query.id);
      return {...addresses(query, '127.0.0.1'), id: ((query.id ?? 0) + 1) % 0x10000};
    };
    expect(await ask('udp', {}, 50)).toEqual({state: 'bad', detail: 'timeout'});
    server.handle = (query) => ({...addresses(query, '127.0.0.1'), questions: [{type: 'A', name: 'elsewhere'}]});
    expect(await ask('udp', {}, 50)).toEqual({state: 'bad', detail: 'timeout'});
    server.handle = () => Buffer.from([1, 2, 3]);
    expect(await ask('udp', {}, 50)).toEqual({state: 'bad', detail: 'timeout'});
  });

  it('takes an answer to another question over tcp for a bad one', async () => {
    server.handle = (query) => ({...addresses(query, '127.0.0.1'), questions: [{type: 'A', name: 'elsewhere'}]});
    expect(await ask('tcp')).toEqual({state: 'bad', detail: 'EBADRESP'});
  });

  it('takes the name in any case', async () => {
    server.handle = (query) => ({...addresses(query, '127.0.0.1'), questions: [{type: 'A', name: name.toUpperCase()}]});
    expect(await ask('udp')).toMatchObject({state: 'ok'});
  });

  it('asks with another id each time', async () => {
    const ids = new Set<number | undefined>();
    server.handle = (query) => {
      ids.add(query.id);
      return addresses(query, '127.0.0.1');
    };
    for (let count = 0; count < 8; count += 1) await ask('udp');
    expect(ids.size).toBeGreaterThan(1);
  });

  it('lets expect speak of the answers', async () => {
    const given = {name, server: server.udp};
    expect(await askProbe(dns, given, {expect: "'127.0.0.1' in answers"})).toMatchObject({state: 'ok'});
    expect(await askProbe(dns, given, {expect: "'10.0.0.1' in answers"})).toMatchObject({state: 'bad'});
  });

  it.each(['kubernetes.default', '.', '', 'a..b.', `${'a'.repeat(64)}.`])('refuses the name "%s"', (wrong) => {
    expect(dns.input.safeParse({name: wrong}).success).toBe(false);
  });
});
