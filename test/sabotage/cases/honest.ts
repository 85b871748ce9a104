import {systemClock} from '../../../src/io/clock.ts';
import {quick} from '../../support/practice.ts';
import {failing} from '../../support/proxy.ts';
import {at, type Case, frontProbe, shopDeployment} from '../../support/sabotage.ts';

const inCluster =
  '[{name: answers, uses: http, from: cluster, every: 300ms, with: {url: "http://web.shop.svc.cluster.local./"}}]';

/** Drills that prove what they say: a suite that only refuses would be worth nothing. */
export const honest: readonly Case[] = [
  {
    name: 'the shop is scaled to nothing and back',
    verdict: 'passed',
    exitCode: 0,
    because: /web was back after/,
  },
  {
    name: 'the API server is away for a second, and the samples in the cluster are not',
    spoil: ({proxy}) => ({
      scenario: {probes: inCluster, recover: '[{pause: 2500ms}, {undo: zero}]'},
      onEntry: at({
        recover: async () => {
          await systemClock.sleep(500);
          const end = proxy.when({}, ({cut}) => cut());
          proxy.drop(/./);
          await systemClock.sleep(1000);
          end();
        },
      }),
    }),
    verdict: 'passed',
    exitCode: 0,
    because: /web was back after/,
  },
  {
    name: 'the API server stumbles over every first read',
    spoil: ({proxy}) => {
      let reads = 0;
      proxy.when({method: 'GET', path: /deployments\/web$/}, async (exchange) => {
        reads += 1;
        await (reads % 2 === 1 ? failing(500, 'InternalError')(exchange) : exchange.pass());
      });
      return {
        scenario: {
          checks:
            '[{name: pods, uses: kubernetes/object, with: {apiVersion: v1, kind: Pod, namespace: shop, selector: app=web}}]',
        },
      };
    },
    verdict: 'passed',
    exitCode: 0,
    because: /web was back after/,
  },
  {
    name: 'the wall clock is put back by 1 h',
    spoil: () => {
      let offset = 0;
      return {
        request: {clock: {...systemClock, wall: () => new Date(Date.now() + offset)}},
        onEntry: at({
          injected: () => {
            offset = -3_600_000;
          },
        }),
      };
    },
    verdict: 'passed',
    exitCode: 0,
    because: /web was back after/,
  },
  {
    name: 'it comes back, goes again, and comes back for good in time',
    spoil: ({front}) => ({
      scenario: {probes: frontProbe(front)},
      onEntry: at({
        injected: () => Object.assign(front, {mood: 'reset'}),
        recover: async () => {
          const once = front.asked(1);
          front.mood = 200;
          await once;
          front.mood = 'reset';
          await front.asked(2);
          front.mood = 200;
        },
      }),
    }),
    verdict: 'passed',
    exitCode: 0,
    because: /web was back after/,
  },
  {
    name: 'a check turns red well after the service went down, and the recovery waits for it',
    spoil: ({front}) => {
      let cured = false;
      return {
        scenario: {checks: `[{name: front, uses: http, with: {url: "${front.url}"}}]`},
        onEntry: at({
          seenDown: async () => {
            await front.asked(3);
            if (!cured) front.mood = 500;
          },
          recover: () => {
            cured = true;
            front.mood = 200;
          },
        }),
      };
    },
    verdict: 'passed',
    exitCode: 0,
    because: /web was back after/,
  },
  {
    name: 'a redundant service does not notice that a pod is killed',
    practice: {latency: {...quick, containerStart: [1500, 1500]}},
    spoil: ({front}) => ({
      scenario: {
        type: 'redundancy',
        probes: frontProbe(front),
        services: '{web: {up: [answers]}}',
        objectives: '[]',
        inject: '[{id: kill, uses: pod/delete, with: {namespace: shop, selector: app=web}}]',
        recover: '[]',
        checks: `[{name: replaced, uses: kubernetes/object, with: {apiVersion: v1, kind: Pod, namespace: shop, selector: app=web}, states: {before: skip, broken: fail, after: pass}, expect: "items.size() == 1 && items.all(p, !(p.metadata.uid in steps.kill.outputs.uids) && p.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True'))"}]`,
      },
    }),
    verdict: 'passed',
    exitCode: 0,
    because: /no user impact seen/,
  },
  {
    name: 'a person recovers it by hand',
    spoil: ({api}) => ({
      scenario: {recover: '[{manual: Scale it back, marks: declared}]'},
      answer: async () => {
        const merge = {'content-type': 'application/merge-patch+json'};
        // A person takes time to read, in which samples show that it is still down.
        await new Promise((resolve) => setTimeout(resolve, 700));
        await api('PATCH', shopDeployment, {spec: {replicas: 1}}, merge);
        return {outcome: 'done', who: 'ada'};
      },
    }),
    verdict: 'passed',
    exitCode: 0,
    because: /web was back after/,
  },
];
