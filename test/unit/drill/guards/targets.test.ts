import {expect, test} from 'vitest';
import {guardTargets, protectedByDefault} from '../../../../src/drill/guards/targets.ts';
import type {Target} from '../../../../src/io/target.ts';
import type {StepRecord} from '../../../../src/journal/plan.ts';

const map = (namespace: string): Target => ({apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings'});
const role: Target = {apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'policy'};
const other: Target = {...role, name: 'other'};

const guarded = async (targets: Target[], cascade: Target[], allowed: Target[] = []) => {
  const step: StepRecord = {
    ...{path: 'inject.0', phase: 'inject', form: 'uses', uses: 'object/delete', timeout: 1000},
    ...{targets, cascade, undoKinds: []},
  };
  const answers = await guardTargets({
    steps: [step],
    maxTargets: undefined,
    maxCascade: undefined,
    allowProtected: [{namespace: '', kind: 'any', reason: 'a test'}],
    protectedNamespaces: protectedByDefault,
    isNamespaced: async ({kind}) => kind === 'ConfigMap',
    covers: async (target) => allowed.includes(target),
  });
  return answers.filter(({guard, ok}) => guard === 'protected' && !ok).map(({message}) => message);
};

test('what goes with a target is protected as what it is, where no target lies', async () => {
  const system = map('kube-system');
  expect(await guarded([role], [system, map('shop')], [role])).toEqual([
    'inject.0 (object/delete) would take along ConfigMap kube-system/settings, which is protected',
  ]);
  expect(await guarded([role], [other], [role])).toEqual([
    'inject.0 (object/delete) would take along ClusterRole other, which is protected',
  ]);
  expect(await guarded([role], [system, other], [role, system, other])).toEqual([]);
});

test('what belongs to an allowed target beside it needs no allowance of its own', async () => {
  const [deployment, pod] = [map('kube-system'), map('kube-system')];
  expect(await guarded([deployment], [pod], [deployment])).toEqual([]);
  expect(await guarded([deployment], [pod])).toEqual([
    'inject.0 (object/delete) would change ConfigMap kube-system/settings, which is protected',
  ]);
});
