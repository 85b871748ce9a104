import {expect, test} from 'vitest';
import {reachOf} from '../../../../src/drill/compare/index.ts';
import {outside, type Target} from '../../../../src/io/target.ts';
import type {StepRecord} from '../../../../src/journal/plan.ts';

const step = (form: StepRecord['form'], ...targets: Target[]): StepRecord => ({
  ...{path: 'inject.0', phase: 'inject', form, timeout: 1000, targets, cascade: [], undoKinds: []},
});
const asking = (namespace: string) => ({
  ...{name: 'asked', uses: 'kubernetes/object', with: {apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'a'}},
  ...{states: {before: 'pass', broken: 'fail', after: 'pass'} as const},
});
const configMap: Target = {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings'};

const namespaces = (steps: StepRecord[]) =>
  reachOf(
    {
      steps,
      checks: [asking('checked')],
      probes: [{...asking('probed'), from: 'runner', every: 1000, timeout: 1000}],
      prove: asking('proven'),
    },
    [],
  ).namespaces;

test('of a step whose targets are known, their namespaces', () => {
  expect(namespaces([step('uses', configMap)])).toEqual(['kubedrill', 'shop']);
});

test('of a program or a person, whatever the scenario asks about', () => {
  const all = ['checked', 'kubedrill', 'probed', 'proven'];
  expect(namespaces([step('uses', outside('Program', 'true'))])).toEqual(all);
  expect(namespaces([step('manual')])).toEqual(all);
  expect(namespaces([{...step('manual'), skipped: true}])).toEqual(['kubedrill']);
});
