import {once} from 'node:events';
import {rm, writeFile} from 'node:fs/promises';
import net, {type AddressInfo} from 'node:net';
import {join} from 'node:path';
import {addresses, refusal, startFakeDns} from '../../../support/dns-server.ts';
import {failing} from '../../../support/proxy.ts';
import type {Stage} from '../../../support/sabotage.ts';
import {startAlerts, startQueries} from '../../../support/sabotage-servers.ts';
import {mergePatch, type Thing} from './timeline.ts';

/** What one kind of probe looks at. */
export interface Lens extends Thing {
  /** `uses` and `with`, in flow style without braces. */
  asks: string;
  stop?(): unknown;
}

/** A way to look at something of its own for each kind of probe, by its name in the registry. */
export const lenses: Readonly<Record<string, (stage: Stage) => Lens | Promise<Lens>>> = {
  http: ({front}) => ({
    asks: `uses: http, with: {url: "${front.url}"}`,
    down: () => Object.assign(front, {mood: 503}),
    up: () => Object.assign(front, {mood: 200}),
  }),
  tcp: async () => {
    const server = net.createServer((socket) => socket.on('error', () => {}).end());
    const listen = async (port: number) => once(server.listen(port, '127.0.0.1'), 'listening');
    await listen(0);
    const {port} = server.address() as AddressInfo;
    const close = () => new Promise((resolve) => server.close(resolve));
    return {
      asks: `uses: tcp, with: {address: "127.0.0.1:${port}"}`,
      down: close,
      up: () => listen(port),
      stop: close,
    };
  },
  dns: async () => {
    const dns = await startFakeDns();
    let well = true;
    dns.handle = (query) =>
      well && query.questions?.[0]?.name === 'web.example.org' ? addresses(query, '127.0.0.1') : refusal(query, 3);
    const become = (to: boolean) => () => {
      well = to;
    };
    return {
      asks: `uses: dns, with: {name: web.example.org., server: "${dns.udp}"}`,
      down: become(false),
      up: become(true),
      stop: dns.stop,
    };
  },
  'kubernetes/object': async ({api}) => {
    const path = '/api/v1/namespaces/shop/configmaps';
    await api('POST', path, {metadata: {name: 'seen'}, data: {well: 'so'}});
    const become = (well: string) => () => api('PATCH', `${path}/seen`, {data: {well}}, mergePatch);
    return {
      asks: `uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: seen}, expect: object.data.well == 'so'`,
      down: become('not'),
      up: become('so'),
    };
  },
  'kubernetes/api': ({proxy}) => {
    let end = () => {};
    return {
      asks: 'uses: kubernetes/api, with: {path: /livez}',
      down: () => {
        end = proxy.when({path: /^\/livez$/}, failing(500, 'InternalError'));
      },
      up: () => end(),
    };
  },
  command: async ({folder}) => {
    const file = join(folder, 'well');
    const up = () => writeFile(file, '');
    await up();
    return {
      asks: `uses: command, with: {argv: [test, -e, "${file}"], controlArgv: ["false"]}`,
      down: () => rm(file),
      up,
    };
  },
  prometheus: async () => {
    const queries = await startQueries();
    return {
      asks: `uses: prometheus, with: {url: "${queries.url}", query: shop_up}`,
      down: () => Object.assign(queries, {found: []}),
      up: () => Object.assign(queries, {found: ['shop_up']}),
      stop: queries.stop,
    };
  },
  // An alert that fires as long as all is well, as a watchdog does.
  alertmanager: async () => {
    const alerts = await startAlerts();
    alerts.firing = ['Watchdog'];
    return {
      asks: `uses: alertmanager, with: {url: "${alerts.url}", alert: Watchdog}`,
      down: () => Object.assign(alerts, {firing: []}),
      up: () => Object.assign(alerts, {firing: ['Watchdog']}),
      stop: alerts.stop,
    };
  },
};

/** Names that fit into a scenario, by kind. */
export const nameOf = (kind: string): string => kind.replace(/\/(.)/, (_, letter: string) => letter.toUpperCase());

/** All of them, in one drill. */
export interface Lenses extends Thing {
  names: readonly string[];
  /** `asks` by name. */
  asks: readonly (readonly [name: string, asks: string])[];
  stop(): void;
}

export async function openLenses(stage: Stage, kinds = Object.keys(lenses)): Promise<Lenses> {
  const open = await Promise.all(
    Object.entries(lenses)
      .filter(([kind]) => kinds.includes(kind))
      .map(async ([kind, lens]) => ({name: nameOf(kind), ...(await lens(stage))})),
  );
  return {
    names: open.map(({name}) => name),
    asks: open.map(({name, asks}) => [name, asks] as const),
    down: () => Promise.all(open.map((lens) => lens.down())),
    up: () => Promise.all(open.map((lens) => lens.up())),
    stop: () => {
      for (const lens of open) void lens.stop?.();
    },
  };
}
