import {quick} from '../../support/practice.ts';
import {pretending} from '../../support/proxy.ts';
import {at, type Case, calm, frontProbe, type Stage, shopDeployment} from '../../support/sabotage.ts';

const scaled = {
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata: {name: 'web', namespace: 'shop'},
  spec: {replicas: 0},
};
const scalePath = /deployments\/web\/scale/;
const killing = '[{id: kill, uses: pod/delete, with: {namespace: shop, selector: app=web}}]';
const pretender = (more: string) => `[{id: fake, uses: command/run, with: {argv: ["true"], ${more}}}]`;

async function podsOf({api}: Stage): Promise<string[]> {
  const {body} = await api('GET', '/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb');
  return body.items.map(({metadata}: {metadata: {name: string}}) => metadata.name);
}

const podPath = (name: string) => `/api/v1/namespaces/shop/pods/${name}`;

/** Nothing was broken, or not what the scenario says. */
export const faults: readonly Case[] = [
  {
    name: 'the scaling is answered with 200, and nothing is scaled',
    spoil: ({proxy}) => {
      proxy.when({method: 'PATCH', path: scalePath}, pretending(scaled));
      return {scenario: {effect: '{within: 600ms}'}};
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: [/not seen to take effect: inject.0: Deployment shop\/web wants 1/, /web was not seen down/],
  },
  {
    name: 'the delete of an object is answered with 200, and deletes nothing',
    spoil: ({proxy, front}) => {
      proxy.when({method: 'DELETE', path: /deployments\/web/}, pretending());
      return {
        scenario: {
          ...calm,
          probes: frontProbe(front),
          inject: '[{uses: object/delete, with: {apiVersion: apps/v1, kind: Deployment, namespace: shop, name: web}}]',
          effect: '{within: 600ms}',
          recover: '[]',
        },
      };
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: /not seen to take effect: inject.0: 0 of 1 objects are gone/,
  },
  {
    name: 'the delete of a pod is answered with 200, and the pod lives on until the undo',
    spoil: async (stage) => {
      const {proxy, front, api} = stage;
      const [name = ''] = await podsOf(stage);
      proxy.when({method: 'DELETE', path: /shop\/pods\//}, pretending());
      return {
        scenario: {...calm, probes: frontProbe(front), inject: killing, effect: '{within: 600ms}', recover: '[]'},
        onEntry: at({undo: () => api('DELETE', podPath(name))}),
      };
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: /not seen to take effect: inject.0: 0 of 1 old pods are gone/,
  },
  {
    name: 'the old pod lingers behind its finalizer while its successor serves',
    spoil: async (stage) => {
      const {front, api} = stage;
      const [name = ''] = await podsOf(stage);
      const keep = (finalizers: string[] | null) =>
        api('PATCH', podPath(name), {metadata: {finalizers}}, {'content-type': 'application/merge-patch+json'});
      await keep(['example.org/keep']);
      return {
        scenario: {...calm, probes: frontProbe(front), inject: killing, effect: '{within: 600ms}', recover: '[]'},
        onEntry: at({undo: () => keep(null)}),
      };
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: /not seen to take effect: inject.0: 0 of 1 old pods are gone/,
  },
  {
    name: 'another pod of the same name and UID is there at once: a stale read',
    spoil: async (stage) => {
      const {proxy, front, api} = stage;
      const [name = ''] = await podsOf(stage);
      const {body} = await api('GET', podPath(name));
      return {
        scenario: {...calm, probes: frontProbe(front), inject: killing, effect: '{within: 600ms}', recover: '[]'},
        onEntry: at({
          injected: () => proxy.when({method: 'GET', path: new RegExp(`/pods/${name}`)}, pretending(body)),
          undo: () => proxy.clear(),
        }),
      };
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: /not seen to take effect: inject.0: 0 of 1 old pods are gone/,
  },
  {
    name: 'the command only says that it broke something',
    spoil: ({front}) => ({
      scenario: {...calm, probes: frontProbe(front), inject: pretender('undo: {argv: ["true"]}'), recover: '[]'},
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /Nothing shows that the fault took effect/,
  },
  {
    name: 'the command of the fault changes nothing by its own word',
    spoil: ({front}) => ({
      scenario: {...calm, probes: frontProbe(front), inject: pretender('mutates: false'), recover: '[]'},
    }),
    verdict: 'error',
    exitCode: 5,
    because: /No fault was injected/,
  },
  {
    name: 'the fault is switched off by its `if`',
    spoil: ({front}) => ({
      scenario: {
        ...calm,
        probes: frontProbe(front),
        inject: '[{if: "1 > 2", uses: deployment/scale, with: {namespace: shop, name: web, replicas: 0}}]',
        recover: '[]',
      },
    }),
    verdict: 'error',
    exitCode: 5,
    because: /No fault was injected/,
  },
  {
    name: 'half of the fault is real, the other half pretended',
    spoil: async ({proxy, api}) => {
      await api('POST', '/api/v1/namespaces/shop/configmaps', {metadata: {name: 'prices'}, data: {tea: '3'}});
      proxy.when({method: 'DELETE', path: /configmaps\/prices/}, pretending());
      return {
        scenario: {
          target: '{environments: [practice], maxTargets: 2}',
          inject: `[
            {id: zero, uses: deployment/scale, with: {namespace: shop, name: web, replicas: 0}},
            {uses: object/delete, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: prices}}]`,
          effect: '{within: 3s}',
        },
      };
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: /not seen to take effect: inject.1: 0 of 1 objects are gone\.$/m,
  },
  {
    name: 'an autoscaler takes the fault back before it bites',
    spoil: ({proxy, api, front}) => {
      proxy.when({method: 'PATCH', path: scalePath}, async ({forward, answer}) => {
        const {status, body} = await forward();
        const merge = {'content-type': 'application/merge-patch+json'};
        await api('PATCH', shopDeployment, {spec: {replicas: 1}}, merge);
        answer(status, body);
      });
      return {scenario: {...calm, probes: frontProbe(front), effect: '{within: 600ms}'}};
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: /not seen to take effect: inject.0: Deployment shop\/web wants 1/,
  },
  {
    name: 'the fault is a person’s, and nobody is there',
    spoil: ({front}) => ({
      scenario: {
        ...calm,
        probes: frontProbe(front),
        inject: '[{manual: Pull the plug, unattended: skip}]',
        recover: '[]',
      },
    }),
    verdict: 'error',
    exitCode: 5,
    because: /No fault was injected/,
  },
  {
    name: 'the fault is a person’s, who says it is done',
    spoil: ({front}) => ({
      scenario: {...calm, probes: frontProbe(front), inject: '[{manual: Pull the plug}]', recover: '[]'},
      answer: () => ({outcome: 'done', who: 'ada'}),
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /Nothing shows that the fault took effect/,
  },
  {
    name: 'the service goes down only when the recovery restarts it',
    spoil: ({front}) => ({
      scenario: {probes: frontProbe(front), effect: '{within: 1s}'},
      onEntry: at({
        verify: async () => {
          front.mood = 'reset';
          await front.asked(2);
          front.mood = 200;
        },
      }),
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /web was seen down only after the recovery had begun to act/,
  },
  {
    name: 'of two faults that a redundant service withstood, one is only said to be done',
    practice: {latency: {...quick, containerStart: [1500, 1500]}},
    spoil: ({front}) => ({
      scenario: {
        type: 'redundancy',
        probes: frontProbe(front),
        services: '{web: {up: [answers]}}',
        objectives: '[]',
        inject: `[${killing.slice(1, -1)}, {manual: Pull the plug of the other}]`,
        recover: '[]',
      },
      answer: () => ({outcome: 'done', who: 'ada'}),
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /^Nothing shows that inject\.1 took effect\.$/,
  },
];
