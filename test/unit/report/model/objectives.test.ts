import {describe, expect, test} from 'vitest';
import type {ObjectiveRecord, PlanRecord} from '../../../../src/journal/plan.ts';
import {assessSeries} from '../../../../src/measure/service.ts';
import type {ServiceAssessment} from '../../../../src/measure/types.ts';
import {type Findings, judgeObjectives} from '../../../../src/report/model/objectives.ts';
import type {DetectionReport, ServiceReport} from '../../../../src/report/types.ts';
import {killPlan} from '../../../support/runs.ts';

/** Ten seconds from the fault on, sampled every 100 ms: o ok, x bad, - blind, each for a second. */
const window = {from: 1000, until: 11_000};
const assessed = (seconds: string): ServiceAssessment =>
  assessSeries(
    [...`o${seconds}`].flatMap((state, second) =>
      Array.from({length: 10}, (_, tenth) => ({
        seq: second * 10 + tenth,
        start: second * 1000 + tenth * 100,
        end: second * 1000 + tenth * 100 + 1,
        state: state === 'o' ? ('ok' as const) : state === 'x' ? ('bad' as const) : ('blind' as const),
      })),
    ),
    {every: 100, stableFor: 500, ...window},
  );
const service = (seconds: string): ServiceReport => ({
  name: 'shop',
  up: ['web'],
  outage: 'possible',
  by: 'inject',
  okRatio: 1,
  series: ['web'],
  assessment: assessed(seconds),
});
const judge = (objective: Partial<ObjectiveRecord>, findings: Partial<Findings> = {}) => {
  const record = {source: 'policy', ...objective} as ObjectiveRecord;
  const plan: PlanRecord = {...killPlan(), objectives: [record]};
  const base = {services: [service('oooooooooo')], canaries: [], detections: [], marks: {}, window};
  return judgeObjectives(plan, {...base, ...findings})[0];
};

describe('availability', () => {
  const of = (seconds: string, target: number) =>
    judge({metric: 'availability', target, of: 'shop'}, {services: [service(seconds)]});

  test('met with the outage inside its target, breached beyond it', () => {
    expect(of('oooxooooooo', 0.85)).toMatchObject({result: 'met'});
    expect(of('oooxxxooooo', 0.85)).toMatchObject({result: 'breached'});
  });

  test('a target inside the bound is inconclusive', () => {
    const found = of('oooxooooooo', 0.9);
    expect(found?.result).toBe('inconclusive');
    expect(found?.share?.min).toBeLessThan(0.9);
    expect(found?.share?.max).toBeGreaterThan(0.9);
  });

  test('blind time may have been an outage', () => {
    expect(of('oooo----ooo', 0.85)?.result).toBe('inconclusive');
    expect(of('----------', 0.1)?.result).toBe('not-measured');
  });

  test('an outage between two samples could have gone unseen: no 100 %', () => {
    const found = of('oooooooooo', 1);
    expect(found?.result).toBe('inconclusive');
    expect(found?.share?.max).toBe(1);
    expect(of('oooooooooo', 0.98)?.result).toBe('met');
  });
});

describe('rpo', () => {
  const canary = {name: 'orders', uses: 'http', every: 1000, resident: false};
  const of = (target: number, found: object) =>
    judge({metric: 'rpo', target, of: 'orders'}, {canaries: [{...canary, figure: 'n/a', ...found}]});
  const bound = (min: number, max?: number) => ({
    figure: max === undefined ? {atLeast: min} : {lower: min, upper: max},
    bound: max === undefined ? {min} : {min, max},
  });

  test.each([
    [bound(100, 900), 'met'],
    [bound(900, 1100), 'inconclusive'],
    [bound(1100, 1200), 'breached'],
    [bound(1100), 'breached'],
    [bound(100), 'inconclusive'],
  ])('%j against 1 s: %s', (found, result) => {
    expect(of(1000, found)?.result).toBe(result);
  });

  test('says how it was found, and why it was not', () => {
    expect(of(1000, {...bound(1, 2), basis: 'measured'})?.basis).toBe('measured');
    expect(of(1000, {note: 'no answer'})).toMatchObject({result: 'not-measured', note: 'no answer'});
    expect(judge({metric: 'rpo', target: 1, of: 'other'})?.result).toBe('not-measured');
  });
});

describe('detection', () => {
  const fault = {earliest: 990, latest: 1000};
  const pager = (found: object) => ({probe: 'pager', uses: 'alertmanager', ...found}) as DetectionReport;
  const of = (target: number, detections: DetectionReport[], more: Partial<ObjectiveRecord> = {}, marks = {}) =>
    judge({metric: 'detection', target, from: 'fault', ...more}, {detections, marks: {fault, ...marks}});
  const fired = pager({state: 'detected', at: {earliest: 1500, latest: 1700}});

  test('from the fault to the first good answer', () => {
    expect(of(1000, [fired])).toMatchObject({result: 'met', bound: {min: 500, max: 710}});
    expect(of(600, [fired])?.result).toBe('inconclusive');
    expect(of(400, [fired])?.result).toBe('breached');
  });

  test('a silent alert is a miss when anybody looked for longer than the target, else nothing is known', () => {
    const silent = pager({state: 'never', until: 6000});
    expect(of(3000, [silent])).toMatchObject({result: 'breached', bound: {min: 5000}, note: 'pager: no alert fired'});
    expect(of(9000, [silent])?.result).toBe('inconclusive');
  });

  test.each([
    ['before', /firing before the fault already/],
    ['unknown', /could not be asked/],
  ])('an alert that says %s proves nothing', (state, note) => {
    const found = of(9000, [pager({state})]);
    expect(found?.result).toBe('not-measured');
    expect(found?.note).toMatch(note);
  });

  test('a person counts as well, and whoever was first', () => {
    expect(of(1000, [], {}, {detected: 1200})).toMatchObject({result: 'met', bound: {min: 200, max: 210}});
    expect(of(1000, [fired], {}, {detected: 1200})?.bound).toEqual({min: 200, max: 210});
    expect(of(1000, [])).toMatchObject({result: 'not-measured', note: 'nobody and nothing detected it'});
  });

  test('one alert of several may be named', () => {
    const other = {...pager({state: 'never', until: 6000}), probe: 'other'};
    expect(of(1000, [fired, other])?.result).toBe('met');
    expect(of(1000, [fired, other], {of: 'pager'})?.result).toBe('met');
    expect(of(1000, [fired, other], {of: 'other'})?.result).toBe('breached');
  });

  test('from the impact on its service', () => {
    const services = [service('ooxxoooooo')];
    const found = judge(
      {metric: 'detection', target: 5000, from: 'impact', of: 'pager'},
      {services, detections: [pager({state: 'detected', at: {earliest: 3500, latest: 3600}})], marks: {fault}},
    );
    expect(found?.result).toBe('met');
    expect(found?.bound?.min).toBeGreaterThan(0);
  });
});
