import {expect, test} from 'vitest';
import {warningsOf} from '../../../../src/drill/plan/warnings.ts';
import type {Spec} from '../../../../src/scenario/index.ts';

const spec = (...from: string[]): Spec =>
  ({
    probes: from.map((place, index) => ({name: `p${index}`, from: place})),
    services: {web: {up: from.map((_, index) => `p${index}`)}},
  }) as unknown as Spec;

test('probes of one service that sample from different places are worth a warning', () => {
  expect(warningsOf(spec('runner', 'cluster'))).toEqual([
    expect.stringContaining('web sample from cluster and runner'),
  ]);
  expect(warningsOf(spec('cluster', 'cluster'))).toEqual([]);
});
