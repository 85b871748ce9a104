import {expect, test} from 'vitest';
import {defaultConfig} from '../../../../src/drill/config/config.ts';
import {guardCanaries} from '../../../../src/drill/guards/canaries.ts';
import type {Scope} from '../../../../src/drill/session.ts';
import {resolveScenario, type Spec} from '../../../../src/scenario/index.ts';
import {scenarioOf, scenarioText} from '../../../support/scenario.ts';

const scope: Scope = {vars: {}, env: {}, run: {}, cluster: {}, steps: {}};

async function specOf(canary: string, target = '{environments: [practice, staging], maxTargets: 1}'): Promise<Spec> {
  const file = await scenarioOf(scenarioText(`target: ${target}\ncanaries: [${canary}]`));
  return resolveScenario(file, {}, {}).spec;
}

const asked = (spec: Spec, config = defaultConfig) => guardCanaries({spec, scope, config, defaultNamespace: 'apps'});

test('the rights that it will need, in its namespace, undo included', async () => {
  const {permissions, answers} = asked(await specOf('{name: orders, uses: kubernetes, every: 1s}'));
  expect(permissions.map(({verb, resource, namespace}) => `${verb} ${resource} in ${namespace}`)).toEqual([
    'list configmaps in apps',
    'create configmaps in apps',
    'patch configmaps in apps',
    'delete configmaps in apps',
  ]);
  expect(answers).toEqual([]);
});

test('a resident one is only read, where it lives', async () => {
  const {permissions} = asked(await specOf('{name: old, uses: kubernetes, every: 1m, with: {resident: true}}'));
  expect(permissions).toEqual([{verb: 'list', group: '', resource: 'configmaps', namespace: 'kubedrill-canary'}]);
});

test('protected namespaces stay closed, unless ConfigMaps in them are allowed', async () => {
  const canary = '{name: orders, uses: kubernetes, every: 1s, with: {namespace: kube-system}}';
  expect(asked(await specOf(canary)).answers).toMatchObject([{guard: 'protected', ok: false}]);
  const config = {...defaultConfig, protectedNamespaces: ['payments']};
  const own = await specOf(canary.replace('kube-system', 'payments'));
  expect(asked(own, config).answers).toMatchObject([{guard: 'protected', ok: false}]);
  const allowed =
    '{environments: [practice], maxTargets: 1, allowProtected: [{namespace: kube-system, kind: ConfigMap, name: x, reason: y}]}';
  expect(asked(await specOf(canary, allowed)).answers).toEqual([]);
});
