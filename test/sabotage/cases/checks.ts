import {altering, failing, remembering} from '../../support/proxy.ts';
import {at, type Case, calm, frontProbe, type Spoiled, type Stage} from '../../support/sabotage.ts';

const ofDeployment =
  'uses: kubernetes/object, with: {apiVersion: apps/v1, kind: Deployment, namespace: shop, name: web}';
const ready = 'expect: object.status.readyReplicas == 1';

/** A real fault, a service that need not notice, and the checks of the case. */
const checking =
  (checks: string, more: Partial<Spoiled> = {}) =>
  ({front}: Stage): Spoiled => ({...more, scenario: {...calm, probes: frontProbe(front), checks}});

/** The checks cannot go red, are not asked, or read what is not so. */
export const checks: readonly Case[] = [
  {
    name: 'it is always true',
    spoil: checking(`[{name: it, ${ofDeployment}, expect: "object.metadata.name == 'web'"}]`),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The check "it" answered pass while it was broken; fail is declared/,
  },
  {
    name: 'it is always true, in a drill of redundancy',
    spoil: ({front}) => ({
      scenario: {
        type: 'redundancy',
        services: '{web: {up: [answers]}}',
        objectives: '[]',
        probes: frontProbe(front, '500ms'),
        checks: `[{name: it, ${ofDeployment}, expect: "object.metadata.name == 'web'"}]`,
      },
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The check "it" answered pass while it was broken; fail is declared/,
  },
  {
    name: 'it is declared green throughout, and has no control',
    spoil: checking(
      `[{name: it, ${ofDeployment}, expect: "object.metadata.name == 'web'", states: {before: pass, broken: pass, after: pass}}]`,
    ),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The check "it" .*control/,
  },
  {
    name: 'it is asked after the recovery only, and has no control',
    spoil: checking(`[{name: it, ${ofDeployment}, states: {before: skip, broken: skip, after: pass}}]`),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The check "it" .*control/,
  },
  {
    name: 'it wants something gone that was never there',
    spoil: checking(
      '[{name: it, uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: never}, states: {before: skip, broken: skip, after: fail}}]',
    ),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The check "it" was never/,
  },
  {
    name: 'its control stays green',
    spoil: (stage) => {
      stage.proxy.when({method: 'GET', path: /deployments\/kubedrill-control/}, async ({answer}) => {
        answer(200, (await stage.api('GET', '/apis/apps/v1/namespaces/shop/deployments/web')).body);
      });
      return checking(
        `[{name: it, ${ofDeployment}, states: {before: pass, broken: pass, after: pass}, control: absent}]`,
      )(stage);
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The control "absent" of the check "it" answered pass instead of fail/,
  },
  {
    name: 'it reads a list from before the fault',
    spoil: (stage) => {
      stage.proxy.when({method: 'GET', path: /shop\/pods\?.*app(?:%20|\+)in/}, remembering());
      return checking(
        '[{name: it, uses: kubernetes/object, with: {apiVersion: v1, kind: Pod, namespace: shop, selector: "app in (web)"}}]',
      )(stage);
    },
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The check "it" answered pass while it was broken; fail is declared/,
  },
  {
    name: 'it reads a status that its controller has not caught up with',
    spoil: (stage) => ({
      ...checking(
        `[{name: it, ${ofDeployment}, expect: "object.status.observedGeneration >= object.metadata.generation && object.status.readyReplicas == 1"}]`,
      )(stage),
      onEntry: at({
        verify: () =>
          stage.proxy.when(
            {method: 'GET', path: /deployments\/web$/},
            altering((object) => {
              object.status.observedGeneration = object.metadata.generation - 1;
              return object;
            }),
          ),
        undo: () => stage.proxy.clear(),
      }),
    }),
    verdict: 'failed',
    exitCode: 1,
    because: /After the recovery, the check "it" answered fail instead of pass/,
  },
  {
    // With no recovery to act, whatever turns it red would be the fault's doing.
    name: 'its only red answer is the end of the watch, which cuts a question short',
    spoil: (stage) => ({
      scenario: {
        ...checking('[{name: it, uses: kubernetes/api, with: {path: /livez}}]')(stage).scenario,
        recover: '[]',
      },
      onEntry: at({
        effect: () => {
          const end = stage.proxy.when({path: /^\/livez$/}, () => end());
        },
      }),
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The check "it" was not asked while it was broken; fail is declared/,
  },
  {
    name: 'it is forbidden once the service is back',
    spoil: (stage) => ({
      ...checking(`[{name: it, ${ofDeployment}, ${ready}}]`)(stage),
      onEntry: at({
        verify: () => stage.proxy.when({method: 'GET', path: /deployments\/web$/}, failing(403, 'Forbidden')),
        undo: () => stage.proxy.clear(),
      }),
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The check "it" answered blind \(.*\) after the recovery; pass is declared/,
  },
  {
    name: 'it is not asked after the recovery',
    spoil: checking(`[{name: it, ${ofDeployment}, ${ready}, states: {after: skip}}]`),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /No check is asked after the recovery/,
  },
  {
    name: 'there is none',
    spoil: checking('[]'),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The scenario has no checks/,
  },
  {
    name: 'a member’s name is misspelt, and the baseline is not asked',
    spoil: checking(`[{name: it, ${ofDeployment}, expect: object.status.redyReplicas == 1, states: {before: skip}}]`),
    verdict: 'failed',
    exitCode: 1,
    because: /After the recovery, the check "it" answered fail instead of pass \(missing: .*redyReplicas/,
  },
  {
    name: 'an expression that cannot be evaluated stands in for "broken"',
    spoil: checking(
      `[{name: it, ${ofDeployment}, expect: object.metadata.name > 5, states: {before: skip, broken: fail, after: skip}},
        {name: other, ${ofDeployment}, ${ready}}]`,
    ),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The check "it" answered error .* while it was broken; fail is declared/,
  },
  {
    name: 'all of nothing is well',
    spoil: checking(
      '[{name: it, uses: kubernetes/object, with: {apiVersion: v1, kind: Pod, namespace: shop, selector: app=nobody}, expect: "items.all(p, p.metadata.name != \'\')"}]',
    ),
    verdict: 'refused',
    exitCode: 3,
    because: /it: fail instead of pass \(not found\)/,
  },
  {
    name: 'all of nothing is well, and the scenario allows an empty list',
    spoil: checking(
      '[{name: it, uses: kubernetes/object, with: {apiVersion: v1, kind: Pod, namespace: shop, selector: app=nobody, allowEmpty: true}, expect: "items.all(p, p.metadata.name != \'\')"}]',
    ),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The check "it" answered pass while it was broken; fail is declared/,
  },
  {
    name: 'every wrong check is named, not only the first',
    spoil: checking(
      `[{name: one, ${ofDeployment}, expect: object.metadata.name == 'tea'}, {name: two, ${ofDeployment}, expect: object.metadata.name == 'milk'}]`,
    ),
    verdict: 'refused',
    exitCode: 3,
    because: [/one: fail instead of pass/, /two: fail instead of pass/],
  },
];
