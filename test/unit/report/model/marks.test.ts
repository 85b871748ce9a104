import {describe, expect, test} from 'vitest';
import type {PlanRecord, StepRecord} from '../../../../src/journal/plan.ts';
import {buildModel} from '../../../../src/report/index.ts';
import {type Alteration, altered, judge, planOf} from '../../../support/judged.ts';
import {scaleToZero} from '../../../support/runs.ts';

/** scale-to-zero: its undo acts at 6.81 s, and the shop is back at 14.3 s. */
const [zero, person, undo] = planOf(scaleToZero()).steps as [StepRecord, StepRecord, StepRecord];

const rto = (from: 'declared' | 'recovery', target: number): PlanRecord['objectives'] => [
  {metric: 'rto', target, of: 'shop', from, source: 'policy'},
];
const told = (alteration: Alteration) => altered(scaleToZero(), alteration);
const boundOf = (alteration: Alteration) => {
  const {entries, series} = told(alteration);
  return buildModel(entries, series).objectives[0]?.bound ?? {min: -1};
};
const declared = (at: number): NonNullable<Alteration['add']>[number] => [
  at,
  {type: 'mark', name: 'declared', by: 'Ada'},
];

describe('an RTO from the declaration', () => {
  const after = {...person, path: 'recover.1'};
  const late = (target: number, steps: StepRecord[], ...add: NonNullable<Alteration['add']>) =>
    told({plan: {objectives: rto('declared', target), steps}, add});

  test('counts from no later than the first step that acted, also where the mark came later', () => {
    const steps = [zero, {...undo, path: 'recover.1'}, {...person, path: 'recover.2'}];
    const marked = [
      [13_000, {type: 'step.started', path: 'recover.2'}],
      declared(13_900),
      [13_901, {type: 'step.ended', path: 'recover.2', outcome: 'done', who: 'Ada'}],
    ] satisfies Alteration['add'];
    const run = late(2000, steps, ...marked);
    expect(judge(run)).toMatchObject({verdict: 'failed'});
    const {objectives, timeline} = buildModel(run.entries, run.series);
    expect(objectives[0]?.bound?.min).toBeGreaterThan(7000);
    expect(timeline.find(({name}) => name === 't3')?.source).toBe('the recovery acted before Ada marked it');
  });

  test('a person who decides first, and acts by the steps after it, is not counted', () => {
    const steps = [zero, {...person, path: 'recover.0'}, {...undo, path: 'recover.1'}];
    const add = [
      [6801, {type: 'step.started', path: 'recover.0'}],
      declared(6805),
      [6806, {type: 'step.ended', path: 'recover.0', outcome: 'done', who: 'Ada'}],
    ] satisfies Alteration['add'];
    const skipped = (entry: {type: string; path?: string}) => entry.type === 'step.ended' && entry.path === 'recover.0';
    const {entries, series} = altered(altered(scaleToZero(), {drop: skipped}), {
      plan: {objectives: rto('declared', 30_000), steps},
      add,
    });
    const {timeline} = buildModel(entries, series);
    expect(timeline.find(({name}) => name === 't3')).toMatchObject({
      instant: {earliest: 7805, latest: 7805},
      source: 'marked by Ada',
    });
  });

  test('where no step acts after the mark, the step that marks it is the recovery, from when it was asked', () => {
    const add = [
      [6811, {type: 'step.started', path: 'recover.1'}],
      declared(14_000),
      [14_001, {type: 'step.ended', path: 'recover.1', outcome: 'done', who: 'Ada'}],
    ] satisfies Alteration['add'];
    const drop = (entry: {type: string; path?: string}) =>
      entry.type.startsWith('undo.') || (entry.type.startsWith('step.') && entry.path === 'recover.1');
    const run = altered(altered(scaleToZero(), {drop}), {
      plan: {objectives: rto('declared', 2000), steps: [zero, after]},
      add,
    });
    expect(judge(run).verdict).toBe('inconclusive');
    const {objectives} = buildModel(run.entries, run.series);
    expect(objectives[0]?.bound?.max).toBeGreaterThan(7000);
  });
});

describe('an RTO from the start of the recovery', () => {
  test('counts from the person who was asked first, and may have acted from then on', () => {
    const steps = [zero, {...person, path: 'recover.2'}, {...undo, path: 'recover.1'}];
    const add = [
      [6750, {type: 'step.started', path: 'recover.2'}],
      [6805, {type: 'step.ended', path: 'recover.2', outcome: 'done', who: 'Ada'}],
    ] satisfies Alteration['add'];
    const without = boundOf({plan: {objectives: rto('recovery', 30_000)}});
    const withPerson = boundOf({plan: {objectives: rto('recovery', 30_000), steps}, add});
    expect(withPerson.max).toBeGreaterThan(without.max ?? Number.POSITIVE_INFINITY);
    expect(withPerson.min).toBeGreaterThanOrEqual(without.min);
  });

  test('a person who was not there has begun nothing', () => {
    const both = boundOf({plan: {objectives: rto('recovery', 30_000)}});
    const alone = boundOf({plan: {objectives: rto('recovery', 30_000), steps: [zero, undo]}});
    expect(both).toEqual(alone);
  });
});
