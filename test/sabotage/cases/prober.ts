import {until} from '../../support/practice.ts';
import {altering} from '../../support/proxy.ts';
import {at, type Case, frontProbe, type Stage} from '../../support/sabotage.ts';

const inCluster =
  '[{name: answers, uses: http, from: cluster, every: 300ms, with: {url: "http://web.shop.svc.cluster.local./"}}]';
const log = {method: 'GET', path: /kubedrill\/pods\/.*\/log/};
/** Little time to recover in: who sees nothing does not see more by waiting. */
const short = {
  probes: inCluster,
  objectives: '[{rto: 1s, of: web, from: declared, source: a test}]',
  within: '1600ms',
} as const;

/** Kills the pod that samples in the cluster, and waits until it is gone. */
async function killProber({api}: Stage): Promise<void> {
  const pods = '/api/v1/namespaces/kubedrill/pods';
  const list = async () => (await api('GET', pods)).body.items as {metadata: {name: string}}[];
  for (const {metadata} of await list()) {
    await api('DELETE', `${pods}/${metadata.name}`, {kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0});
  }
  await until(list, (items) => items.length === 0);
}

/** What samples in the cluster dies, lies, or is not heard. */
export const prober: readonly Case[] = [
  {
    name: 'its pod dies with the fault, and its log ends',
    spoil: (stage) => {
      stage.proxy.when({method: 'PATCH', path: /deployments\/web\/scale/}, async ({pass}) => {
        await killProber(stage);
        await pass();
      });
      return {
        scenario: {...short, effect: '{within: 1s}'},
        onEntry: at({recover: () => stage.proxy.clear()}),
      };
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: [/web was not seen down/, /web could not be seen at the end of the drill/],
  },
  {
    name: 'its pod dies while the shop is down: nobody saw whether it came back',
    spoil: (stage) => ({
      scenario: {...short, recover: '[{pause: 1500ms}, {undo: zero}]'},
      onEntry: at({seenDown: () => killProber(stage)}),
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /could not be seen at the end of the drill|Nobody could see whether the service web came back/,
  },
  {
    name: 'its log goes silent once the fault is made',
    spoil: ({proxy}) => {
      let silent = false;
      proxy.when(log, ({pass}) => (silent ? undefined : pass((line) => (silent ? undefined : line))));
      return {
        scenario: {...short, effect: '{within: 1s}'},
        onEntry: at({
          intent: () => {
            silent = true;
          },
        }),
      };
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: [/web was not seen down/, /web could not be seen at the end of the drill/],
  },
  {
    name: 'its log loses every sample that was bad',
    spoil: ({proxy}) => {
      proxy.when(log, ({pass}) => pass((line) => (/"series".*"bad"/.test(line) ? undefined : line)));
      return {scenario: {probes: inCluster, effect: '{within: 1s}'}};
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: /web was not seen down; an outage of up to .* could have gone unseen/,
  },
  {
    name: 'its log loses what the controls answered',
    spoil: ({proxy, front}) => {
      proxy.when(log, ({pass}) => pass((line) => (line.includes('"control"') ? undefined : line)));
      return {
        scenario: {
          probes: frontProbe(front, '1s').replace('runner', 'cluster'),
          services: '{web: {up: [answers], outage: possible}}',
        },
      };
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The control of answers was never asked, and it was never seen red/,
  },
  {
    name: 'its clock is an hour off the second time it is asked',
    spoil: ({proxy}) => ({
      scenario: {probes: inCluster},
      onEntry: at({
        verify: () =>
          proxy.when(
            {method: 'GET', path: /proxy\/clock/},
            altering((answer) => ({...answer, mono: answer.mono + 3_600_000})),
          ),
      }),
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The service web could not be seen at the end of the drill/,
  },
];
