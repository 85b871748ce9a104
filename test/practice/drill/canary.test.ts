import {createServer, type Server} from 'node:http';
import {afterEach, describe, expect, it} from 'vitest';
import type {Connection, KubeObject} from '../../../src/cluster/types.ts';
import type {JournalEntry} from '../../../src/journal/types.ts';
import {fromRanges} from '../../../src/measure/ranges.ts';
import {type DrillOptions, playOnPractice} from '../../support/drill.ts';
import {listen} from '../../support/probe-context.ts';

/**
 * A drill whose fault is a write to one ConfigMap, which the undo puts back; what happens to the canary's store besides
 * is the test's business.
 */
const scenario = (canaries: string, objectives: string) => `
apiVersion: kubedrill.dev/v1
kind: Scenario
metadata: {name: lost-writes, title: Writes are lost, owner: tests}
spec:
  type: disaster
  target: {environments: [practice], maxTargets: 1}
  prepare:
    - uses: object/apply
      with: {inline: [{apiVersion: v1, kind: Namespace, metadata: {name: shop}}, {apiVersion: v1, kind: ConfigMap, metadata: {name: switch, namespace: shop}, data: {state: "on"}}]}
  probes:
    - {name: switchedOn, uses: kubernetes/object, from: runner, every: 50ms, timeout: 50ms, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: switch}, expect: object.data.state == "on"}
  canaries: ${canaries}
  services: {shop: {up: [switchedOn]}}
  objectives: ${objectives}
  steady: {for: 600ms}
  inject:
    - {id: off, uses: object/patch, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: switch, patch: {data: {state: "off"}}}}
  recover:
    - {pause: 500ms}
    - {undo: off}
    - {pause: 500ms}
  verify:
    within: 20s
    stableFor: 500ms
    checks:
      - {name: it is on, uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: switch}, expect: object.data.state == "on"}
  stopWhen: {none: a test}`;

const orders = '[{name: orders, uses: kubernetes, every: 50ms, with: {namespace: shop, perObject: 4}}]';
const rpo = (target: string) => `[{rpo: ${target}, of: orders, source: a test}]`;
const isCanary = ({kind, metadata}: {kind: string; metadata?: {labels?: Record<string, string>}}) =>
  kind === 'ConfigMap' && metadata?.labels?.['kubedrill.dev/canary'] !== undefined;

const readings = (entries: JournalEntry[]) => entries.filter((entry) => entry.type === 'canary.read');

/** Changes what the drill's connection writes. */
const writing = (change: (connection: Connection) => Partial<Connection['writer']>): DrillOptions => ({
  through: (connection) => ({...connection, writer: {...connection.writer, ...change(connection)}}),
});

describe('ConfigMaps', () => {
  it('nothing lost: the loss is at most the gap between two writes, and nothing is left', async () => {
    const played = await playOnPractice(scenario(orders, rpo('10s')));
    expect(played.sentence).toMatch(/^PASSED \(practice run\) — The RPO of orders was 0–.*, measured/);
    expect(played.residue).toEqual([]);
    const [before, after] = readings(played.entries);
    expect([before?.moment, after?.moment]).toEqual(['before', 'after']);
    expect(fromRanges(after?.present ?? '?')?.size).toBeGreaterThan(10);
    const intents = played.entries.filter(
      (entry) => entry.type === 'mutation.intent' && entry.undo.kind === 'canary/remove',
    );
    expect(intents).toHaveLength(1);
  });

  it('a store that forgets what it acknowledged for a while: counted from the last survivor', async () => {
    let forgetting = false;
    let lost = 0;
    const swallow = (object: KubeObject) => {
      lost += 1;
      return object;
    };
    const played = await playOnPractice(scenario(orders, rpo('50ms')), {
      ...writing(({writer}) => ({
        create: async (object, options) =>
          forgetting && isCanary(object) ? swallow(object) : await writer.create(object, options),
        patch: async (ref, patch, options) =>
          forgetting && ref.name.includes('canary')
            ? swallow({...ref, metadata: {name: ref.name}})
            : await writer.patch(ref, patch, options),
      })),
      onEntry: (entry) => {
        if (entry.type === 'step.ended' && entry.path === 'inject.0') forgetting = true;
        if (entry.type === 'step.ended' && entry.path === 'recover.1') forgetting = false;
      },
    });
    expect(played.verdict).toBe('failed');
    expect(played.sentence).toMatch(/The RPO of orders is .*, beyond its target of 50 ms/);
    expect(lost).toBeGreaterThan(3);
    expect(played.residue).toEqual([]);
  });

  it('acknowledgements of a store that writes nothing refuse the run before any fault', async () => {
    const played = await playOnPractice(
      scenario(orders, rpo('10s')),
      writing(({writer}) => ({
        create: async (object, options) => (isCanary(object) ? object : await writer.create(object, options)),
      })),
    );
    expect(played.verdict).toBe('refused');
    expect(played.sentence).toMatch(/the canary orders proves nothing: \d+ acknowledged writes cannot be read back/i);
    expect(played.residue).toEqual([]);
  });

  it('a namespace that is protected is refused', async () => {
    const played = await playOnPractice(scenario(orders.replace('shop', 'kube-system'), rpo('10s')));
    expect(played.verdict).toBe('refused');
    expect(played.sentence).toMatch(/the canary orders would write to the namespace kube-system/i);
  });

  it('survivors that cannot be read are no passed', async () => {
    let verifying = false;
    const played = await playOnPractice(scenario(orders, rpo('10s')), {
      through: (connection) => ({
        ...connection,
        reader: {
          ...connection.reader,
          list: async (query, options) => {
            if (verifying && query.labelSelector?.includes('kubedrill.dev/canary')) throw new Error('no answer');
            return await connection.reader.list(query, options);
          },
        },
      }),
      onEntry: (entry) => {
        if (entry.type === 'phase.entered') verifying = entry.phase === 'verify';
      },
    });
    expect(played.verdict).toBe('inconclusive');
    expect(played.sentence).toMatch(/The RPO of orders was not measured: no answer/);
  }, 60_000);
});

describe('an endpoint of the user', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** Numbers by run, over HTTP. `refuse` gives another status for a method, `list` another answer to GET. */
  async function store(
    numbers: Map<string, number[]>,
    {refuse, list = (own) => own}: {refuse?: string; list?: (own: number[]) => number[]} = {},
  ) {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
      const run = body.run ?? new URL(request.url ?? '', 'http://x').searchParams.get('run');
      const own = numbers.get(run) ?? [];
      const status = request.method === refuse ? 500 : 200;
      response.statusCode = status;
      if (status === 200 && request.method === 'POST') numbers.set(run, [...own, body.number]);
      if (status === 200 && request.method === 'DELETE') numbers.delete(run);
      response.end(request.method === 'GET' ? JSON.stringify(list(own)) : '');
    });
    servers.push(server);
    return `[{name: orders, uses: http, every: 50ms, with: {url: "http://127.0.0.1:${await listen(server)}/", headers: {authorization: Bearer s3cr3t}}}]`;
  }

  it('is written, read back, and cleaned; its headers stay out of the journal', async () => {
    const numbers = new Map<string, number[]>();
    const played = await playOnPractice(scenario(await store(numbers), rpo('10s')));
    expect(played.sentence).toMatch(/^PASSED/);
    expect(numbers.size).toBe(0);
    expect(played.cleanup).toBe('clean');
    const intents = played.entries.filter((entry) => entry.type === 'mutation.intent');
    expect(JSON.stringify(intents)).not.toContain('s3cr3t');
  });

  it('that loses what it had is found out', async () => {
    const numbers = new Map<string, number[]>();
    const played = await playOnPractice(scenario(await store(numbers), rpo('10ms')), {
      onEntry: (entry) => {
        if (entry.type !== 'step.ended' || entry.path !== 'recover.1') return;
        for (const [run, own] of numbers) numbers.set(run, own.slice(0, 5));
      },
    });
    expect(played.verdict).toBe('failed');
    expect(played.sentence).toMatch(/The RPO of orders is/);
  });

  const everything = Array.from({length: 500}, (_, number) => number);

  it('that says it has every number there could be is refused', async () => {
    const numbers = new Map<string, number[]>();
    const url = await store(numbers, {list: () => everything});
    const played = await playOnPractice(scenario(url, rpo('10s')));
    expect(played.verdict).toBe('refused');
    expect(played.sentence).toMatch(/numbers that were never written/);
  });

  it('that begins to say so during the drill measures nothing', async () => {
    let lying = false;
    const url = await store(new Map(), {list: (own) => (lying ? everything : own)});
    const played = await playOnPractice(scenario(url, rpo('10s')), {
      onEntry: (entry) => {
        if (entry.type === 'phase.entered') lying = entry.phase === 'verify';
      },
    });
    expect(played.verdict).toBe('inconclusive');
    expect(played.sentence).toMatch(/the store names \d+ numbers that were never written: it cannot be trusted/);
  });

  it('that cannot be cleaned leaves the run dirty', async () => {
    const numbers = new Map<string, number[]>();
    const url = await store(numbers, {refuse: 'DELETE'});
    const played = await playOnPractice(scenario(url, rpo('10s')));
    expect([played.cleanup, played.exitCode]).toEqual(['dirty', 4]);
  });
});

describe('programs', () => {
  it('are run with run and number in place, and undone by their own command', async () => {
    const file = `/tmp/kubedrill-canary-${process.pid}`;
    const node = (source: string, ...args: string[]) => JSON.stringify([process.execPath, '-e', source, file, ...args]);
    const canary = [
      `write: ${node('fs.appendFileSync(process.argv[1], process.argv[2] + "\\n")', '{number}')}`,
      `read: ${node('process.stdout.write(fs.readFileSync(process.argv[1]))')}`,
      `remove: ${node('fs.rmSync(process.argv[1], {force: true})')}`,
    ];
    const played = await playOnPractice(
      scenario(`[{name: orders, uses: command, every: 250ms, with: {${canary.join(', ')}}}]`, rpo('20s')),
    );
    expect(played.sentence).toMatch(/^PASSED/);
    const {existsSync} = await import('node:fs');
    expect(existsSync(file)).toBe(false);
  });
});
