import {describe, expect, test} from 'vitest';
import type {PlanRecord} from '../../../../src/journal/plan.ts';
import type {JournalEvent} from '../../../../src/journal/types.ts';
import {buildModel, verdict} from '../../../../src/report/index.ts';
import type {Schedule} from '../../../support/oracle.ts';
import {type KillOptions, killCoredns, killPlan, type MadeRun, RunMaker, scaleToZero} from '../../../support/runs.ts';

const build = ({entries, series}: MadeRun) => buildModel(entries, series);
const kill = (options: KillOptions = {}) => build(killCoredns(options));
const instant = (model: ReturnType<typeof build>, name: string) =>
  model.timeline.find((row) => row.name === name)?.instant;
const rto = (from: 'fault' | 'impact' | 'declared' | 'recovery'): Partial<PlanRecord> => ({
  objectives: [{metric: 'rto', target: 60_000, of: 'dns', from, source: 'policy'}],
});
const at =
  (time: number, ...events: JournalEvent[]) =>
  (maker: RunMaker): unknown =>
    maker.add(time, ...events);

describe('t0', () => {
  test('lies between the intent and the answer of the first fault', () => {
    expect(kill().fault).toEqual({earliest: 12_990, latest: 13_000});
  });

  test('of faults in parallel: from the first that went out to the first that was answered, whichever fault that was', () => {
    const {entries, series} = killCoredns();
    const events = (time: number, ...some: JournalEvent[]) => new RunMaker().add(time, ...some).entries;
    const [intent] = entries.filter((entry) => entry.type === 'mutation.intent');
    const early = {...intent, mutation: 'm0'} as JournalEvent & MadeRun['entries'][number];
    const both = [
      ...entries,
      {...early, mono: 9000},
      ...events(28_000, {type: 'mutation.applied', mutation: 'm0'}),
    ].sort((a, b) => a.mono - b.mono);
    const model = build({entries: both, series});
    expect(model.fault).toEqual({earliest: 9000, latest: 13_000});
    expect(model.window?.from).toBe(9000);
  });

  test('a call that failed for sure is no fault', () => {
    const {entries, series} = killCoredns();
    const refused = entries.map((entry) =>
      entry.type === 'mutation.applied'
        ? {...entry, type: 'mutation.failed' as const, maybeApplied: false, error: {code: 'E', message: '403'}}
        : entry,
    );
    const model = build({entries: refused, series});
    expect(model.injected).toBe(false);
    expect(model.window).toBeUndefined();
    expect(model.objectives).toEqual([]);
  });

  test('of a fault by hand lies between the begin and the end of the step; one that was skipped is none', () => {
    const manual = killPlan().steps.map((step) => ({...step, form: 'manual' as const}));
    const byHand = (outcome: 'done' | 'skipped') => {
      const {entries, series} = killCoredns({plan: {steps: manual}});
      const kept = entries.filter(({type}) => !type.startsWith('mutation.'));
      return build({entries: kept.map((entry) => (entry.type === 'step.ended' ? {...entry, outcome} : entry)), series});
    };
    expect(byHand('done').fault).toEqual({earliest: 12_900, latest: 13_010});
    expect(byHand('skipped').injected).toBe(false);
  });
});

describe('the timeline', () => {
  test('of a platform that heals itself has no recovery of ours', () => {
    const model = kill();
    expect(model.timeline.map(({name}) => name)).toEqual(['t0', 't1', 't2', 't3', 't4', 't5', 't6', 't7', 't8']);
    for (const name of ['t2', 't3', 't4', 't5']) expect(instant(model, name)).toBeUndefined();
    // The names were gone from 12.3 s to 13.5 s of the run, whose clock began at 1 s.
    expectInside(13_300, instant(model, 't1'));
    expectInside(14_500, instant(model, 't7'));
  });

  test('takes detection and declaration from the marks', () => {
    const model = kill({
      late: at(12_800, {type: 'mark', name: 'detected', by: 'ada'}, {type: 'mark', name: 'declared', by: 'ada'}),
    });
    expect(instant(model, 't2')).toEqual({earliest: 13_800, latest: 13_800});
    expect(model.timeline.find(({name}) => name === 't3')?.source).toBe('marked by ada');
  });

  test('without a mark, recovery is declared by its first step that was played', () => {
    // It began somewhere between the end of the step before and its targets being fixed.
    expect(instant(build(scaleToZero()), 't3')).toEqual({earliest: 7801, latest: 7810});
    expect(instant(build(scaleToZero()), 't5')).toEqual({earliest: 7960, latest: 7960});
  });
});

describe('objectives', () => {
  test('each counts from what its author chose', () => {
    const figureFrom = (from: 'fault' | 'impact') => kill({plan: rto(from)}).objectives[0]?.bound;
    const [fault, impact] = [figureFrom('fault'), figureFrom('impact')];
    expect(fault?.min).toBeLessThanOrEqual(1500);
    expect(fault?.max).toBeGreaterThanOrEqual(1500);
    expect(impact?.min).toBeLessThanOrEqual(1200);
    expect(impact?.max).toBeGreaterThanOrEqual(1200);
    expect(fault?.min).toBeGreaterThan(impact?.min ?? 0);
  });

  describe('what counts from the recovery counts the planning of its first action, too', () => {
    const step = (path: string, form: 'uses' | 'pause' | 'parallel') =>
      ({...killPlan().steps[0], path, phase: 'recover', form}) as PlanRecord['steps'][number];
    const boundFrom = (
      from: 'declared' | 'recovery',
      steps: PlanRecord['steps'],
      events: (maker: RunMaker) => RunMaker,
    ) => {
      const plan = {...rto(from), steps: [...killPlan().steps, ...steps], stableFor: 5000};
      return kill({down: [[12_300, 17_000]], plan, late: events}).objectives[0]?.bound;
    };
    const started = (path: string): JournalEvent => ({type: 'step.started', path});
    const ended = (path: string): JournalEvent => ({type: 'step.ended', path, outcome: 'done'});
    // `recover` is entered at 12.21 s; service is back at 17 s.
    const spans = (bound: {min: number; max?: number} | undefined, longest: number, shortest: number) => {
      expect(bound?.max).toBeGreaterThanOrEqual(longest);
      expect(bound?.max).toBeLessThan(longest + 700);
      expect(bound?.min).toBeLessThanOrEqual(shortest);
      expect(bound?.min).toBeGreaterThan(shortest - 700);
    };

    test('the first step: from where the phase began', () => {
      for (const from of ['declared', 'recovery'] as const) {
        const bound = boundFrom(from, [step('recover.0', 'uses')], (maker) =>
          maker.add(15_210, started('recover.0')).add(15_300, ended('recover.0')),
        );
        spans(bound, 4790, 1790);
      }
    });

    test('a later one: from the end of the step before', () => {
      const steps = [step('recover.0', 'pause'), step('recover.1', 'uses')];
      const events = (maker: RunMaker) =>
        maker
          .add(12_212, started('recover.0'))
          .add(13_210, ended('recover.0'))
          .add(15_210, started('recover.1'))
          .add(15_300, ended('recover.1'));
      spans(boundFrom('recovery', steps, events), 3790, 1790);
      spans(boundFrom('declared', steps, events), 4790, 4788);
    });

    test('one of several in parallel: the others are not before it', () => {
      const steps = [step('recover.0', 'parallel'), step('recover.0.0', 'uses'), step('recover.0.1', 'pause')];
      const events = (maker: RunMaker) =>
        maker
          .add(12_212, started('recover.0'))
          .add(12_213, started('recover.0.1'))
          .add(14_000, ended('recover.0.1'))
          .add(15_210, started('recover.0.0'))
          .add(15_300, ended('recover.0.0'), ended('recover.0'));
      spans(boundFrom('recovery', steps, events), 4790, 1790);
    });
  });

  test('an instant that never came, or came after the recovery, gives no figure', () => {
    expect(kill({plan: rto('declared')}).objectives[0]).toMatchObject({
      result: 'not-measured',
      note: 'recovery was never declared',
    });
    const late = at(25_000, {type: 'mark', name: 'declared', by: 'ada'});
    expect(kill({plan: rto('declared'), late}).objectives[0]).toMatchObject({
      result: 'not-measured',
      note: 'it had recovered before the instant it counts from',
    });
  });

  test('detection counts up to the mark', () => {
    const plan: Partial<PlanRecord> = {
      objectives: [{metric: 'detection', target: 5000, of: 'dns', from: 'fault', source: 'policy'}],
    };
    const late = at(14_000, {type: 'mark', name: 'detected', by: 'ada'});
    expect(kill({plan, late}).objectives[0]).toMatchObject({result: 'met', bound: {min: 2000, max: 2010}});
    expect(kill({plan}).objectives[0]).toMatchObject({result: 'not-measured'});
  });

  test('a service without a target is listed, not hidden', () => {
    expect(kill({plan: {objectives: []}}).objectives).toMatchObject([{of: 'dns', result: 'no-target', source: 'none'}]);
  });

  test('not recovered: at least as long as it was seen', () => {
    const [objective] = kill({down: [[12_300, 99_000]]}).objectives;
    expect(objective?.note).toBe('not recovered');
    expect(objective?.bound?.max).toBeUndefined();
    expect(objective?.bound?.min).toBeGreaterThan(15_000);
  });
});

test('a service that the cure takes down must go down after the cure began', () => {
  const step = {...killPlan().steps[0], path: 'recover.0', phase: 'recover'} as PlanRecord['steps'][number];
  const services = killPlan().services.map((one) => ({...one, outage: 'required' as const, by: 'recover' as const}));
  const cured = (time: number) => {
    const plan = {steps: [...killPlan().steps, step], services};
    const model = kill({
      plan,
      undo: 'object/put-back',
      late: (maker) => {
        maker.add(time, {type: 'step.started', path: 'recover.0'});
        maker.change(time + 1, 'm2', {role: 'recovery', path: 'recover.0'});
        maker.add(time + 20, {type: 'step.ended', path: 'recover.0', outcome: 'done'});
        maker.add(time + 21, {type: 'undo.ended', mutation: 'm2', state: 'kept'});
      },
    });
    return verdict(model).verdict;
  };
  expect(cured(12_250)).toBe('passed');
  expect(cured(20_000)).toBe('inconclusive');
});

describe('a service that the cure takes down is judged from the cure on', () => {
  const step = {...killPlan().steps[0], path: 'recover.0', phase: 'recover'} as PlanRecord['steps'][number];
  const cured = (
    down: Schedule,
    {outage = 'required', target = 60_000}: {outage?: 'required' | 'possible' | 'none'; target?: number} = {},
  ) => {
    const services = killPlan().services.map((one) => ({...one, outage, by: 'recover' as const}));
    const objectives = [{metric: 'rto', target, of: 'dns', from: 'impact', source: 'policy'} as const];
    const events = (maker: RunMaker) =>
      maker
        .add(20_000, {type: 'step.started', path: 'recover.0'})
        .change(20_001, 'm2', {role: 'recovery', path: 'recover.0'})
        .add(22_000, {type: 'step.ended', path: 'recover.0', outcome: 'done'})
        .add(22_001, {type: 'undo.ended', mutation: 'm2', state: 'kept'});
    return kill({
      down,
      plan: {steps: [...killPlan().steps, step], services, objectives, stableFor: 5000},
      undo: 'object/put-back',
      late: events,
    });
  };
  const blip = [12_300, 12_450] as const;
  const outage = [20_300, 21_500] as const;

  test('a bad sample long before is neither its outage nor its recovery', () => {
    const [alone, both] = [cured([[...outage]]), cured([[...blip], [...outage]])];
    expect(verdict(both).verdict).toBe('passed');
    expect(both.objectives).toEqual(alone.objectives);
    expect(both.services[0]?.assessment?.outages).toHaveLength(1);
    // Unavailable it was all the same.
    const unavailable = (model: typeof both) => model.services[0]?.assessment?.unavailable.max ?? 0;
    expect(unavailable(both)).toBeGreaterThanOrEqual(unavailable(alone) + 150);
  });

  test('where the cure took nothing down, what was down before is not forgotten', () => {
    expect(verdict(cured([[...blip]])).verdict).toBe('inconclusive');
    expect(cured([[...blip]], {outage: 'possible'}).objectives[0]?.note).toBeUndefined();
    expect(verdict(cured([[...blip], [...outage]], {outage: 'none'})).verdict).toBe('failed');
  });

  test('an outage before the cure that no target allows is one', () => {
    expect(verdict(cured([[12_300, 14_300], [...outage]], {target: 1900})).verdict).toBe('failed');
  });
});

function expectInside(truth: number, bound: {earliest: number; latest: number} | undefined): void {
  expect(bound?.earliest).toBeLessThanOrEqual(truth);
  expect(bound?.latest).toBeGreaterThanOrEqual(truth);
}
