import {describe, expect, test} from 'vitest';
import {warningsOf} from '../../../../src/drill/plan/warnings.ts';
import type {Spec} from '../../../../src/scenario/index.ts';

const spec = (...from: string[]): Spec =>
  ({
    probes: from.map((place, index) => ({name: `p${index}`, from: place})),
    effect: {},
    verify: {checks: [{name: 'a', uses: 'tcp', states: {before: 'pass', broken: 'fail', after: 'pass'}}]},
    services: {web: {up: from.map((_, index) => `p${index}`)}},
  }) as unknown as Spec;

test('probes of one service that sample from different places are worth a warning', () => {
  expect(warningsOf(spec('runner', 'cluster'), {attended: true})).toEqual([
    expect.stringContaining('web sample from cluster and runner'),
  ]);
  expect(warningsOf(spec('cluster', 'cluster'), {attended: true})).toEqual([]);
});

describe('a step for a person, where nobody is', () => {
  const person = {manual: 'Restart it', unattended: 'skip'};
  const left = (recover: object[], attended = false) =>
    warningsOf({...spec('runner'), type: 'disaster', inject: [], recover} as unknown as Spec, {attended});

  test('is all of the recovery: nothing is recovered', () => {
    const [warning] = left([{pause: 1000}, person]);
    expect(warning).toMatch(/^spec\.recover\[1\]: nobody is there.* nothing is recovered then.*cannot pass\. Run it/);
  });

  test('stands beside others: it is left out', () => {
    expect(left([{undo: 'kill'}, person])).toEqual(['spec.recover[1]: nobody is there, so that it will be skipped']);
  });

  test('needs no word where somebody is', () => {
    expect(left([person], true)).toEqual([]);
  });
});
