import {systemClock} from '../../../src/io/clock.ts';
import {startFakeDns} from '../../support/dns-server.ts';
import {failing} from '../../support/proxy.ts';
import {at, type Case, calm, frontProbe} from '../../support/sabotage.ts';

const redundancy = {
  type: 'redundancy',
  services: '{web: {up: [answers]}}',
  objectives: '[]',
  within: '1600ms',
} as const;
const commandProbe = (more = '') =>
  `[{name: answers, uses: command, from: runner, every: 500ms, with: {argv: ["true"]${more}}}]`;

/** The probe does not look where users are, or cannot say no. */
export const probes: readonly Case[] = [
  {
    name: 'it asks a cache that still has the page',
    spoil: ({front}) => ({scenario: {probes: frontProbe(front, '500ms'), effect: '{within: 2s}'}}),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /web was not seen down/,
  },
  {
    name: 'it asks another Service’s port',
    spoil: () => ({
      scenario: {
        probes: '[{name: answers, uses: tcp, from: runner, every: 500ms, with: {address: "10.96.0.10:53"}}]',
        effect: '{within: 2s}',
      },
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /web was not seen down/,
  },
  {
    name: 'it connects to a load balancer with nothing behind it',
    spoil: ({front}) => ({
      scenario: {
        probes: `[{name: answers, uses: tcp, from: runner, every: 500ms, with: {address: "127.0.0.1:${front.port}"}}]`,
        effect: '{within: 2s}',
      },
      onEntry: at({inject: () => Object.assign(front, {mood: 503}), recover: () => Object.assign(front, {mood: 200})}),
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /web was not seen down/,
  },
  {
    name: 'it takes the redirect to an error page for an answer',
    spoil: ({front}) => ({
      scenario: {probes: frontProbe(front, '500ms'), effect: '{within: 2s}'},
      onEntry: at({inject: () => Object.assign(front, {mood: 302}), recover: () => Object.assign(front, {mood: 200})}),
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /web was not seen down/,
  },
  {
    name: 'its `expect` is content with a 503',
    spoil: ({front}) => ({
      scenario: {probes: frontProbe(front, '500ms').replace('}]', ', expect: status > 0}]'), effect: '{within: 2s}'},
      onEntry: at({inject: () => Object.assign(front, {mood: 503}), recover: () => Object.assign(front, {mood: 200})}),
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /web was not seen down/,
  },
  {
    name: 'everything answers it, also what is not there',
    spoil: ({front}) => ({
      scenario: {...calm, probes: frontProbe(front)},
      request: {dial: async () => ({host: '127.0.0.1', port: front.port})},
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The control of answers answered ok instead of bad: it cannot go red/,
  },
  {
    name: 'everything answers it, in a drill of redundancy',
    spoil: ({front}) => ({
      scenario: {...redundancy, probes: frontProbe(front, '500ms')},
      request: {dial: async () => ({host: '127.0.0.1', port: front.port})},
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The control of answers answered ok instead of bad: it cannot go red/,
  },
  {
    name: 'the resolver knows every name there is',
    spoil: async () => {
      const dns = await startFakeDns();
      return {
        scenario: {
          ...calm,
          probes: `[{name: answers, uses: dns, from: runner, every: 100ms, with: {name: web.example.org., server: "${dns.udp}"}}]`,
        },
        onEntry: ({type}) => {
          if (type === 'run.ended') void dns.stop();
        },
      };
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The control of answers answered ok instead of bad: it cannot go red/,
  },
  {
    name: 'it is a command that always succeeds, without a control',
    spoil: () => ({scenario: {...calm, probes: commandProbe()}}),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The control of answers was never asked, and it was never seen red/,
  },
  {
    name: 'it is a command that always succeeds, without a control, in a drill of redundancy',
    spoil: () => ({scenario: {...redundancy, probes: commandProbe()}}),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The control of answers was never asked, and it was never seen red/,
  },
  {
    name: 'it is a command whose control succeeds, too',
    spoil: () => ({scenario: {...calm, probes: commandProbe(', controlArgv: ["true"]')}}),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The control of answers answered ok instead of bad: it cannot go red/,
  },
  {
    name: 'it samples more seldom than the outage lasts',
    spoil: ({front}) => ({
      scenario: {
        probes: frontProbe(front, '60s'),
        objectives: calm.objectives,
        within: calm.within,
        effect: '{within: 300ms}',
      },
      onEntry: at({
        injected: () => Object.assign(front, {mood: 'reset'}),
        recover: () => Object.assign(front, {mood: 200}),
      }),
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /web was not seen down; an outage of up to .* could have gone unseen/,
  },
  {
    name: 'it asks the API server, which is away while the shop is',
    spoil: ({proxy}) => ({
      scenario: {
        probes:
          '[{name: answers, uses: kubernetes/object, from: runner, every: 100ms, with: {apiVersion: apps/v1, kind: Deployment, namespace: shop, name: web}, expect: object.status.readyReplicas == 1}]',
        effect: '{within: 1s}',
      },
      onEntry: at({
        intent: () =>
          proxy.when({method: 'GET', path: /deployments\/web|shop\/pods/}, failing(503, 'ServiceUnavailable')),
        recover: () => proxy.clear(),
      }),
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /not seen to take effect: inject.0: could not be asked/,
  },
  {
    name: 'the service was down before the fault came',
    spoil: ({proxy, front}) => ({
      scenario: {probes: frontProbe(front), effect: '{within: 5s}'},
      onEntry: at({
        steady: () =>
          proxy.when({method: 'GET', path: /namespaces\/kube-system$/}, async ({pass}) => {
            front.mood = 'reset';
            await front.asked(3);
            await pass();
          }),
        recover: () => Object.assign(front, {mood: 200}),
      }),
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /web was down right before the fault, so its outage proves nothing/,
  },
  {
    name: 'the baseline is bad',
    spoil: ({front}) => {
      front.mood = 503;
      return {scenario: {probes: frontProbe(front)}};
    },
    verdict: 'refused',
    exitCode: 3,
    because: /the steady state was not met: not up for 300ms without a break: web is down \(answers: 503\)/i,
  },
  {
    name: 'it can never ask: there is no such program',
    spoil: () => ({
      scenario: {
        probes: '[{name: answers, uses: command, from: runner, every: 500ms, with: {argv: [no-such-program-here]}}]',
      },
    }),
    verdict: 'refused',
    exitCode: 3,
    because: /the steady state was not met: not up for 300ms without a break: web is blind/i,
  },
  {
    name: 'this process stands still for three seconds, and the target is two',
    alone: true,
    spoil: ({front}) => ({
      scenario: {
        ...calm,
        probes: frontProbe(front),
        objectives: '[{rto: 2s, of: web, from: fault, source: a test}]',
        within: '6s',
      },
      onEntry: at({
        verify: () => {
          const until = systemClock.mono() + 3000;
          setImmediate(() => {
            while (systemClock.mono() < until);
          });
        },
      }),
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /the target of 2 s lies inside/,
  },
];
