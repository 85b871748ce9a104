import {altering} from '../../support/proxy.ts';
import type {Case} from '../../support/sabotage.ts';

/** There is nothing to break, or nothing that the fault would change. */
export const targets: readonly Case[] = [
  {
    name: 'no pod matches the selector',
    spoil: () => ({
      scenario: {inject: '[{uses: pod/delete, with: {namespace: shop, selector: app=nobody}}]', recover: '[]'},
    }),
    verdict: 'refused',
    exitCode: 3,
    because: /no running pod in namespace shop matches app=nobody \(0 of 1 pods\)/,
  },
  {
    name: 'a name that is only the beginning of the pods’ names',
    spoil: () => ({
      scenario: {inject: '[{uses: pod/delete, with: {namespace: shop, name: /web/}}]', recover: '[]'},
    }),
    verdict: 'refused',
    exitCode: 3,
    because: /no running pod in namespace shop matches/,
  },
  {
    name: 'every pod that matches is on its way out already',
    spoil: ({proxy}) => {
      const deletionTimestamp = '2026-01-01T00:00:00Z';
      proxy.when(
        {method: 'GET', path: /shop\/pods\?/},
        altering((list) => {
          for (const {metadata} of list.items) metadata.deletionTimestamp = deletionTimestamp;
          return list;
        }),
      );
      return {scenario: {inject: '[{uses: pod/delete, with: {namespace: shop, selector: app=web}}]', recover: '[]'}};
    },
    verdict: 'refused',
    exitCode: 3,
    because: /no running pod in namespace shop matches app=web \(0 of 1 pods\)/,
  },
  {
    name: 'the patch says what is there already',
    spoil: () => ({
      scenario: {
        inject:
          '[{uses: object/patch, with: {apiVersion: apps/v1, kind: Deployment, namespace: shop, name: web, patch: {spec: {replicas: 1}}}}]',
        recover: '[]',
      },
    }),
    verdict: 'refused',
    exitCode: 3,
    because: /the patch changes nothing/,
  },
  {
    name: 'scaled to the number that it has',
    spoil: () => ({
      scenario: {inject: '[{uses: deployment/scale, with: {namespace: shop, name: web, replicas: 1}}]', recover: '[]'},
    }),
    verdict: 'refused',
    exitCode: 3,
    because: /has 1 replicas already, so this would change nothing/,
  },
];
