import {type Case, calm, frontProbe} from '../../support/sabotage.ts';

const soon = {objectives: '[{rto: 1s, of: web, from: fault, source: a test}]', within: '1600ms'} as const;
const withPrices = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'prices', namespace: 'shop'}};
const configMaps = '/api/v1/namespaces/shop/configmaps';

/** What comes back is not what was there. */
export const restored: readonly Case[] = [
  {
    name: 'the objects come back, but in another namespace',
    spoil: () => ({
      scenario: {
        ...soon,
        prepare: '[{uses: object/apply, with: {inline: {apiVersion: v1, kind: Namespace, metadata: {name: shop2}}}}]',
        inject: '[{uses: object/delete, with: {apiVersion: apps/v1, kind: Deployment, namespace: shop, name: web}}]',
        recover: `[{uses: object/apply, with: {namespace: shop2, inline: {apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: echo}]}}}}}}]`,
      },
    }),
    verdict: 'failed',
    exitCode: 1,
    because: [/web was still down when the drill ended/, /"one replica" answered fail instead of pass \(not found\)/],
  },
  {
    name: 'the recovery brings back one object of two',
    spoil: async ({api, front}) => {
      for (const name of ['prices', 'orders']) {
        await api('POST', configMaps, {metadata: {name, labels: {app: 'web'}}, data: {tea: '3'}});
      }
      return {
        scenario: {
          ...calm,
          probes: frontProbe(front),
          target: '{environments: [practice], maxTargets: 2}',
          inject:
            '[{uses: object/delete, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, selector: app=web}}]',
          recover:
            '[{uses: object/apply, with: {inline: {apiVersion: v1, kind: ConfigMap, metadata: {name: prices, namespace: shop, labels: {app: web}}, data: {tea: "3"}}}}]',
          checks:
            '[{name: both are there, uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, selector: app=web}, expect: items.size() == 2}]',
        },
      };
    },
    verdict: 'failed',
    exitCode: 1,
    because: /After the recovery, the check "both are there" answered fail instead of pass/,
  },
  {
    name: 'the recovery brings the object back empty, and the undo would overwrite it',
    spoil: async ({api, front}) => {
      await api('POST', configMaps, {...withPrices, data: {tea: '3'}});
      return {
        scenario: {
          ...calm,
          probes: frontProbe(front),
          inject: '[{uses: object/delete, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: prices}}]',
          recover:
            '[{uses: object/apply, with: {inline: {apiVersion: v1, kind: ConfigMap, metadata: {name: prices, namespace: shop}, data: {}}}}]',
          checks:
            '[{name: it has its data, uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: prices}, expect: object.data.tea == "3"}]',
        },
      };
    },
    verdict: 'failed',
    exitCode: 4,
    because: /After the recovery, the check "it has its data" answered fail instead of pass/,
  },
];
