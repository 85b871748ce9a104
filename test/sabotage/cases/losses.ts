import {at, type Case, frontProbe, type Parts, type Spoiled, type Stage} from '../../support/sabotage.ts';
import {type Store, startAlerts, startStore} from '../../support/sabotage-servers.ts';

/** A drill with a canary whose store deceives from one moment on. */
async function withStore(
  {front}: Stage,
  target: string,
  lie: (store: Store) => Spoiled['onEntry'],
  parts: Parts = {},
): Promise<Spoiled> {
  const store = await startStore();
  const deeds = lie(store);
  return {
    scenario: {
      // The service itself is well all along, and asked seldom: it is the data that matters here.
      probes: frontProbe(front, '1s'),
      services: '{web: {up: [answers], outage: possible}}',
      canaries: `[{name: orders, uses: http, every: 200ms, with: {url: "${store.url}"}}]`,
      objectives: `[{rto: 20s, of: web, from: fault, source: a test}, {rpo: ${target}, of: orders, source: a test}]`,
      ...parts,
    },
    onEntry: (entry, control) => {
      deeds?.(entry, control);
      if (entry.type === 'run.ended') store.stop();
    },
  };
}
const turns = (lie: Store['lie'], moment: 'injected' | 'undo' | 'verify') => (store: Store) =>
  at({[moment]: () => Object.assign(store, {lie})});
const slowly = {recover: '[{pause: 2500ms}, {undo: zero}]'};

/** A drill that is to be noticed by an alert. */
async function withAlerts(firing: {before?: string[]; after?: string[]}, expected: Pick<Parts, 'type'> = {}) {
  const alerts = await startAlerts();
  alerts.firing = firing.before ?? [];
  const deeds = at({seenDown: () => Object.assign(alerts, {firing: firing.after ?? alerts.firing})});
  const spoiled: Spoiled = {
    scenario: {
      ...expected,
      probes: `[{name: answers, uses: http, from: runner, every: 200ms, with: {url: "http://10.96.77.77/"}},
        {name: alarm, uses: alertmanager, from: runner, every: 200ms, with: {url: "${alerts.url}", alert: ShopDown}}]`,
      objectives:
        '[{rto: 20s, of: web, from: fault, source: a test}, {detection: 3s, of: alarm, from: fault, source: a test}]',
      recover: '[{pause: 1s}, {undo: zero}]',
    },
    onEntry: (entry, control) => {
      deeds(entry, control);
      if (entry.type === 'run.ended') alerts.stop();
    },
  };
  return spoiled;
}

/** Data is lost, or the disaster goes unnoticed, and nothing would say so. */
export const losses: readonly Case[] = [
  {
    name: 'the canary’s store acknowledges without writing',
    spoil: (stage) =>
      withStore(stage, '20s', (store) => {
        store.lie = 'forgets';
        return undefined;
      }),
    verdict: 'refused',
    exitCode: 3,
    because: /the canary orders proves nothing: .*acknowledged writes cannot be read back/i,
  },
  {
    name: 'it acknowledges without writing once the fault is made',
    spoil: (stage) => withStore(stage, '1s', turns('forgets', 'injected'), slowly),
    verdict: 'failed',
    exitCode: 1,
    because: /The RPO of orders is .*, beyond its target of 1 s/,
  },
  {
    name: 'it answers no write once the fault is made: lost or not, nobody knows',
    spoil: (stage) => withStore(stage, '1s', turns('silent', 'injected'), slowly),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The RPO of orders is .*; the target of 1 s lies inside/,
  },
  {
    name: 'it names numbers after the recovery that nobody wrote',
    spoil: (stage) => withStore(stage, '20s', turns('invents', 'verify')),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The RPO of orders was not measured/,
  },
  {
    name: 'it cannot be read after the recovery',
    spoil: (stage) => withStore(stage, '20s', turns('unreadable', 'verify')),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The RPO of orders was not measured/,
  },
  {
    name: 'it is written to more seldom than the target asks for',
    spoil: (stage) => withStore(stage, '100ms', () => undefined),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The RPO of orders is .*; the target of 0.1 s lies inside|the target of 100 ms lies inside/,
  },
  {
    name: 'no alert fires',
    spoil: () => withAlerts({}),
    verdict: 'failed',
    exitCode: 1,
    because: /The time to detection of alarm from fault is .*, beyond its target of 3 s \(alarm: no alert fired\)/,
  },
  {
    name: 'the alert was firing before the fault',
    spoil: () => withAlerts({before: ['ShopDown']}),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /time to detection/,
  },
];
