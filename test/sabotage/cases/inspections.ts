import {failing} from '../../support/proxy.ts';
import type {Case, Parts, Stage} from '../../support/sabotage.ts';

const inspecting = (expect = 'object.status.readyReplicas == 1'): Parts => ({
  type: 'inspection',
  target: '{environments: [practice]}',
  probes: null,
  services: null,
  objectives: null,
  inject: null,
  effect: null,
  recover: null,
  stopWhen: null,
  within: '1s',
  checks: `[{name: it, uses: kubernetes/object, with: {apiVersion: apps/v1, kind: Deployment, namespace: shop, name: web}, expect: ${expect}, control: absent}]`,
});
const alwaysThere = async ({api, proxy}: Stage) => {
  const {body} = await api('GET', '/apis/apps/v1/namespaces/shop/deployments/web');
  proxy.when({method: 'GET', path: /deployments\/kubedrill-control/}, ({answer}) => answer(200, body));
};

/** Nothing is broken, so that the checks and their controls are all there is. */
export const inspections: readonly Case[] = [
  {
    name: 'the control of the check stays green',
    spoil: async (stage) => {
      await alwaysThere(stage);
      return {scenario: inspecting()};
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The control "absent" of the check "it" answered pass instead of fail/,
  },
  {
    name: 'the check is true of everything, and its control stays green',
    spoil: async (stage) => {
      await alwaysThere(stage);
      return {scenario: inspecting("object.metadata.name != ''")};
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The control "absent" of the check "it" answered pass instead of fail/,
  },
  {
    name: 'the API server does not let it look',
    spoil: ({proxy}) => {
      proxy.when({method: 'GET', path: /deployments\/web$/}, failing(403, 'Forbidden'));
      return {scenario: inspecting()};
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The check "it" answered blind/,
  },
  {
    name: 'the check answers no',
    spoil: () => ({scenario: inspecting('object.status.readyReplicas == 2')}),
    verdict: 'failed',
    exitCode: 1,
    because: /The check "it" answered fail instead of pass/,
  },
];

/** One that may pass. */
export const honestInspection: Case = {
  name: 'an inspection whose control turns red',
  spoil: () => ({scenario: inspecting()}),
  verdict: 'passed',
  exitCode: 0,
  because: /PASSED/,
};
