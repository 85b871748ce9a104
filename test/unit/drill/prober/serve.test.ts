import {describe, expect, it} from 'vitest';
import {parseResolvConf} from '../../../../src/drill/prober/program.ts';
import {parseClock, parseLine, proberPort} from '../../../../src/drill/prober/protocol.ts';
import {serveProber} from '../../../../src/drill/prober/serve.ts';
import {systemClock} from '../../../../src/io/clock.ts';
import {directDial} from '../../../../src/io/dial.ts';
import {addresses, refusal, startFakeDns} from '../../../support/dns-server.ts';
import {listen} from '../../../support/probe-context.ts';

const name = 'kubernetes.default.svc.cluster.local.';
const probe = (more: object) => ({name: 'dns', uses: 'dns', every: 20, timeout: 20, with: {name}, ...more});
const soon = () => new Date(Date.now() + 60_000).toISOString();
const config = (probes: object[], lifetime = 60_000, expires = soon()) =>
  JSON.stringify({v: 1, lifetime, expires, scope: {want: 1}, probes});

/** Runs the prober against a DNS server of the test. */
async function start(text: string) {
  const dns = await startFakeDns();
  dns.handle = (query) =>
    query.questions?.[0]?.name?.startsWith('kubernetes') ? addresses(query, '10.0.0.1') : refusal(query, 3);
  const stop = new AbortController();
  const lines: string[] = [];
  let listening: {port: number; asked: number} | undefined;
  const exit = serveProber({
    config: text,
    print: (line) => lines.push(line),
    signal: stop.signal,
    clock: systemClock,
    dial: directDial,
    nameserver: dns.udp,
    listen: async (server, asked) => {
      listening = {port: await listen(server), asked};
      return () => server.close();
    },
  });
  const parsed = () => lines.map(parseLine);
  return {
    dns,
    lines,
    parsed,
    exit,
    port: () => listening?.port ?? 0,
    asked: () => listening?.asked,
    samples: () => parsed().flatMap((line) => (line?.type === 'sample' ? [line] : [])),
    end: async () => {
      stop.abort();
      const code = await exit;
      await dns.stop();
      return code;
    },
  };
}

describe('serveProber', () => {
  it('prints its start, then one line per sample, and what each control said', async () => {
    const prober = await start(
      config([probe({timeout: 2000}), probe({name: 'wrong', expect: 'answers.size() == want + 1'})]),
    );
    await expect.poll(() => prober.samples().length, {timeout: 10_000}).toBeGreaterThan(10);
    expect(await prober.end()).toBe(0);
    const [first] = prober.parsed();
    expect(first?.type).toBe('start');
    const ok = prober.samples().filter((line) => line.probe === 'dns');
    expect(ok.some(({sample}) => sample.state === 'ok')).toBe(true);
    let next = 0;
    for (const {sample, skipped} of ok) {
      expect(sample.seq - skipped).toBe(next);
      next = sample.seq + 1;
    }
    expect(prober.samples().some(({probe: of, sample}) => of === 'wrong' && sample.state === 'ok')).toBe(false);
    const controls = prober.parsed().filter((line) => line?.type === 'control');
    expect(controls).toEqual([{type: 'control', probe: 'dns', reading: {state: 'bad', detail: 'NXDOMAIN'}}]);
  });

  it('serves its clock and its readiness', async () => {
    const prober = await start(config([probe({})]));
    await expect.poll(prober.port).toBeGreaterThan(0);
    expect(prober.asked()).toBe(proberPort);
    const before = systemClock.mono();
    const answer = parseClock(await (await fetch(`http://127.0.0.1:${prober.port()}/clock`)).text());
    expect(answer?.mono).toBeGreaterThanOrEqual(before);
    expect(answer?.mono).toBeLessThanOrEqual(systemClock.mono());
    const [first] = prober.parsed();
    expect(first).toEqual({type: 'start', boot: answer?.boot});
    expect((await fetch(`http://127.0.0.1:${prober.port()}/readyz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${prober.port()}/other`)).status).toBe(404);
    await prober.end();
  });

  it('samples no more past its lifetime, and stays up', async () => {
    const prober = await start(config([probe({})], 1));
    await expect.poll(prober.port).toBeGreaterThan(0);
    expect((await fetch(`http://127.0.0.1:${prober.port()}/readyz`)).status).toBe(200);
    const asked = prober.samples().length;
    expect(asked).toBeLessThanOrEqual(2);
    expect(await prober.end()).toBe(0);
    expect(prober.samples().length).toBeLessThanOrEqual(2);
  });

  it('that is started again after it has expired samples nothing, and stays up', async () => {
    const prober = await start(config([probe({})], 60_000, new Date(Date.now() - 1000).toISOString()));
    await expect.poll(prober.port).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await fetch(`http://127.0.0.1:${prober.port()}/readyz`)).status).toBe(200);
    expect(prober.samples()).toEqual([]);
    expect(await prober.end()).toBe(0);
  });

  it.each(['', '{}', 'no JSON', JSON.stringify({v: 2, lifetime: 1, scope: {}, probes: []})])(
    'refuses the configuration %j',
    async (text) => {
      const prober = await start(text);
      await expect(prober.exit).rejects.toMatchObject({
        code: 'E_PROBER_CONFIG',
        hint: expect.stringContaining('--prober-image'),
      });
      await prober.dns.stop();
    },
  );

  it('refuses a probe that its kind does not take', async () => {
    const prober = await start(config([probe({with: {name: 'relative'}})]));
    await expect(prober.exit).rejects.toThrow(/absolute name/);
    await prober.dns.stop();
  });
});

describe('parseResolvConf', () => {
  it('takes the first nameserver and the last search list', () => {
    const text =
      '# by kubelet\nsearch old\nnameserver 10.96.0.10\nnameserver 8.8.8.8\nsearch a.svc.x svc.x x\noptions ndots:5\n';
    expect(parseResolvConf(text)).toEqual({nameserver: '10.96.0.10', searchDomains: ['a.svc.x', 'svc.x', 'x']});
    expect(parseResolvConf('')).toEqual({searchDomains: []});
  });
});
