import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {systemClock} from '../../../src/io/clock.ts';
import {directDial} from '../../../src/io/dial.ts';
import type {ProbeContext} from '../../../src/probes/define.ts';
import {addressesOf} from '../../../src/probes/resolve.ts';
import {addresses, type FakeDns, refusal, startFakeDns} from '../../support/dns-server.ts';

let server: FakeDns;
beforeEach(async () => {
  server = await startFakeDns();
});
afterEach(() => server.stop());

const {signal} = new AbortController();
const context: ProbeContext = {
  signal,
  timeout: 10_000,
  clock: systemClock,
  dial: directDial,
  judge: () => ({state: 'ok'}),
};
const resolve = (host: string, more: Partial<ProbeContext> = {}) =>
  addressesOf({...context, nameserver: server.udp, ...more}, host, signal);

describe('addressesOf', () => {
  it.each([
    ['10.1.2.3', '10.1.2.3'],
    ['[fd00::1]', 'fd00::1'],
  ])('takes %s as it is', async (host, address) => {
    expect(await resolve(host)).toEqual([address]);
    expect(server.asked).toEqual([]);
  });

  it('completes a relative name as libc does', async () => {
    server.handle = (query) =>
      query.questions?.[0]?.name === 'web.shop' ? addresses(query, '10.0.0.9') : refusal(query, 3);
    expect(await resolve('web.shop', {searchDomains: ['svc.cluster.local', 'cluster.local']})).toEqual(['10.0.0.9']);
    expect(server.asked).toEqual(['web.shop.svc.cluster.local A', 'web.shop.cluster.local A', 'web.shop A']);
  });

  it('asks an absolute name once', async () => {
    server.handle = (query) => refusal(query, 3);
    await expect(resolve('web.shop.', {searchDomains: ['cluster.local']})).rejects.toMatchObject({code: 'NXDOMAIN'});
    expect(server.asked).toEqual(['web.shop A']);
  });

  it('takes an IPv6 address when there is no other', async () => {
    server.handle = (query) =>
      query.questions?.[0]?.type === 'AAAA'
        ? {...refusal(query, 0), answers: [{type: 'AAAA', name: 'web.shop', data: 'fd00::9'}]}
        : refusal(query, 0);
    expect(await resolve('web.shop.')).toEqual(['fd00::9']);
  });

  it('does not take a failing server for a name that is not there', async () => {
    server.handle = (query) => refusal(query, 2);
    await expect(resolve('web.shop', {searchDomains: ['cluster.local']})).rejects.toMatchObject({code: 'SERVFAIL'});
    expect(server.asked).toHaveLength(1);
  });

  it('leaves names of the hosts file to the system', async () => {
    expect(await addressesOf(context, 'localhost', signal)).toContain('127.0.0.1');
  });
});
