import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {systemClock} from '../../../src/io/clock.ts';
import {at, type Case, frontProbe} from '../../support/sabotage.ts';
import type {Front, Mood} from '../../support/sabotage-front.ts';

const become = (front: Front, mood: Mood) => () => Object.assign(front, {mood});
const soon = {objectives: '[{rto: 1s, of: web, from: fault, source: a test}]', within: '1600ms'} as const;
const later = (ms: number) => systemClock.sleep(ms);
const _withPrices = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'prices', namespace: 'shop'}};
const _configMaps = '/api/v1/namespaces/shop/configmaps';
const anHourOff = (jump: number) => {
  let offset = 0;
  return {
    jump: () => {
      offset = jump * 3_600_000;
    },
    request: {clock: {...systemClock, wall: () => new Date(Date.now() + offset)}},
  };
};

/** The service does not come back, not for good, or not in time. */
export const recoveries: readonly Case[] = [
  {
    name: 'the pods are ready again, and nothing answers',
    spoil: ({front}) => ({
      scenario: {...soon, probes: frontProbe(front)},
      onEntry: at({injected: become(front, 503)}),
    }),
    verdict: 'failed',
    exitCode: 1,
    because: /web was still down when the drill ended/,
  },
  {
    name: 'it comes back, and fails again inside the stability window',
    spoil: ({front}) => ({
      scenario: {...soon, probes: frontProbe(front)},
      onEntry: at({
        injected: become(front, 'reset'),
        verify: async () => {
          const once = front.asked(1);
          front.mood = 200;
          await once;
          front.mood = 'reset';
        },
      }),
    }),
    verdict: 'failed',
    exitCode: 1,
    because: /web was still down when the drill ended/,
  },
  {
    name: 'it comes back, and fails again just after the stability window',
    spoil: ({front, proxy}) => ({
      scenario: {probes: frontProbe(front)},
      onEntry: at({
        injected: become(front, 'reset'),
        verify: () => {
          const failing = (async () => {
            front.mood = 200;
            await front.asked(12);
            front.mood = 'reset';
            await front.asked(2);
            front.mood = 200;
          })();
          // Until then the check that would end the drill is not answered.
          proxy.when({method: 'GET', path: /deployments\/web$/}, async ({pass}) => {
            await failing;
            await pass();
          });
        },
      }),
    }),
    verdict: 'failed',
    exitCode: 1,
    because: /web was bad again after it had recovered/,
  },
  {
    name: 'it comes back for good too late',
    spoil: ({front}) => ({
      scenario: {objectives: soon.objectives, probes: frontProbe(front)},
      onEntry: at({
        injected: become(front, 'reset'),
        recover: async () => {
          await later(1300);
          await front.asked(2);
          front.mood = 200;
        },
      }),
    }),
    verdict: 'failed',
    exitCode: 1,
    because: /The RTO of web from fault is .*, beyond its target of 1 s/,
  },
  {
    name: 'it is back in time for a moment, and for good too late',
    spoil: ({front}) => ({
      scenario: {objectives: soon.objectives, probes: frontProbe(front)},
      onEntry: at({
        injected: become(front, 'reset'),
        recover: async () => {
          const once = front.asked(1);
          front.mood = 200;
          await once;
          front.mood = 'reset';
          await later(1300);
          await front.asked(2);
          front.mood = 200;
        },
      }),
    }),
    verdict: 'failed',
    exitCode: 1,
    because: /The RTO of web from fault is .*, beyond its target of 1 s/,
  },
  ...[-1, 1].map(
    (hours): Case => ({
      name: `it is too late, and the wall clock jumps by ${hours} h`,
      spoil: ({front}) => {
        const {jump, request} = anHourOff(hours);
        return {
          scenario: {objectives: soon.objectives, probes: frontProbe(front)},
          request,
          onEntry: at({
            injected: become(front, 'reset'),
            recover: async () => {
              jump();
              await later(1300);
              await front.asked(2);
              front.mood = 200;
            },
          }),
        };
      },
      verdict: 'failed',
      exitCode: 1,
      because: /The RTO of web from fault is \d+(\.\d+)?–\d+(\.\d+)? s, beyond its target of 1 s/,
    }),
  ),
  {
    // The monotonic clock stands still in a sleep: all that the journal has of it is a wall clock that went ahead.
    name: 'the runner sleeps for an hour while the service is down',
    spoil: () => {
      const {jump, request} = anHourOff(1);
      return {request, onEntry: at({seenDown: jump})};
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: /wall clock moved forward by 60 min after the fault/,
  },
  {
    name: 'the target lies inside the bound',
    spoil: ({front}) => ({
      scenario: {
        probes: frontProbe(front, '1s'),
        objectives: '[{rto: 1s, of: web, from: impact, source: a test}]',
        stableFor: '1s',
      },
      onEntry: at({
        injected: async () => {
          const once = front.asked(1);
          front.mood = 'reset';
          await once;
          front.mood = 200;
        },
      }),
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The RTO of web from impact is .*; the target of 1 s lies inside/,
  },
  {
    name: 'one probe proves a miss while another has gone blind',
    spoil: async ({front, folder}) => {
      const program = join(folder, 'other');
      await writeFile(program, '#!/bin/sh\nexit 0\n', {mode: 0o755});
      return {
        scenario: {
          ...soon,
          probes: `${frontProbe(front).slice(0, -1)}, {name: other, uses: command, from: runner, every: 500ms, with: {argv: ["${program}"], controlArgv: ["false"]}}]`,
          services: '{web: {up: [answers]}, other: {up: [other], outage: possible}}',
        },
        onEntry: at({
          injected: async () => {
            front.mood = 503;
            await writeFile(program, '#!/no/such/shell\n', {mode: 0o755});
          },
        }),
      };
    },
    verdict: 'failed',
    exitCode: 1,
    because: /web was still down when the drill ended/,
  },
  {
    name: 'a bystander is hit for a moment',
    spoil: ({front}) => ({
      scenario: {
        probes: `[{name: answers, uses: http, from: runner, every: 100ms, with: {url: "http://10.96.77.77/"}}, ${frontProbe(front).slice(1).replace('answers', 'other')}`,
        services: '{web: {up: [answers]}, neighbour: {up: [other], outage: none}}',
      },
      onEntry: at({
        injected: async () => {
          const once = front.asked(1);
          front.mood = 503;
          await once;
          front.mood = 200;
        },
      }),
    }),
    verdict: 'failed',
    exitCode: 1,
    because: /neighbour was seen down by other \(503\); no outage was allowed/,
  },
  {
    name: 'the redundant service was away for one sample',
    spoil: ({front}) => ({
      scenario: {
        type: 'redundancy',
        probes: frontProbe(front),
        services: '{web: {up: [answers]}}',
        objectives: '[]',
      },
      onEntry: at({
        injected: async () => {
          const once = front.asked(1);
          front.mood = 'reset';
          await once;
          front.mood = 200;
        },
      }),
    }),
    verdict: 'failed',
    exitCode: 1,
    because: /web was seen down by answers .*; no outage was allowed/,
  },
  {
    name: 'a stop condition ends it before anything is back',
    spoil: ({front}) => ({
      scenario: {
        probes: frontProbe(front),
        recover: '[{pause: 20s}, {undo: zero}]',
        stopWhen: '[{service: web, downFor: 300ms}]',
      },
      onEntry: at({injected: become(front, 'reset')}),
    }),
    verdict: 'failed',
    exitCode: 1,
    because: /web was down for 0.3 s/,
  },
];
