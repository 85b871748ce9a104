import {describe, expect, test} from 'vitest';
import type {PlanRecord} from '../../../../src/journal/plan.ts';
import type {JournalEntry, JournalEvent} from '../../../../src/journal/types.ts';
import {always, judge, kill, late, objective, scaled, service, without} from '../../../support/judged.ts';
import type {Schedule} from '../../../support/oracle.ts';
import {
  type KillOptions,
  killCoredns,
  killPlan,
  type MadeRun,
  RunMaker,
  scaleToZero,
  started,
} from '../../../support/runs.ts';

const pause = ({phase}: {phase: string}) => (phase === 'recover' ? {form: 'pause' as const} : {});

describe('inconclusive', () => {
  const cases: [string, KillOptions][] = [
    ['the target lies inside the bound', {plan: objective(1300)}],
    ['the effect was not seen', {answers: {effect: false}}],
    ['an outage is required and none was seen', {down: [], plan: service('required')}],
    ['the broken state was never seen as declared', {answers: {broken: 'pass'}}],
    ['a check is never to be red, and has no control', {plan: {checks: [always]}, answers: {broken: 'pass'}}],
    ['an after check could not be asked', {answers: {after: 'blind'}}],
    ['a control stayed green', {answers: {control: 'ok'}}],
    ['there are no checks', {plan: {checks: []}}],
    ['there are no services', {plan: {services: [], objectives: []}}],
    ['there is no objective', {plan: {objectives: []}}],
    [
      'an objective that nothing measures',
      {plan: {objectives: [{metric: 'rpo', target: 1000, of: 'dns', source: 'policy'}]}},
    ],
    [
      'it counts from a declaration that never came',
      {plan: {objectives: [{metric: 'rto', target: 60_000, of: 'dns', from: 'declared', source: 'policy'}]}},
    ],
    ['the service was down before the fault', {down: [[11_000, 13_500]]}],
  ];
  test.each(cases)('%s', (_name, options) => {
    const result = kill(options);
    expect(result).toMatchObject({verdict: 'inconclusive', exitCode: 6, cleanup: 'clean'});
    expect(result.reasons.length).toBeGreaterThan(0);
  });

  test('a service that must go down and was not seen down is named, with what could have gone unseen', () => {
    expect(kill({down: [], plan: service('required')}).reasons[0]).toMatch(
      /^The service dns was not seen down; an outage of up to \d+ ms could have gone unseen\.$/,
    );
  });

  test('a step of the recovery was guarded by memory, and the API server could not be asked again', () => {
    const guarded = (...answers: boolean[]) => {
      const run = killCoredns({});
      const at = run.entries.findIndex((entry) => entry.type === 'phase.entered' && entry.phase === 'undo');
      const {v, seq, at: time, mono} = run.entries[at - 1] ?? {v: 1, seq: 0, at: '', mono: 0};
      const added = answers.map(
        (ok): JournalEntry => ({
          ...{v, seq, at: time, mono, type: 'guard.answered', phase: 'recover', guard: 'API away', ok},
          message: 'nobody could look again',
        }),
      );
      return judge({...run, entries: run.entries.toSpliced(at, 0, ...added)});
    };
    expect(guarded(true).verdict).toBe('passed');
    expect(guarded(true, false)).toMatchObject({verdict: 'inconclusive', reasons: ['Nobody could look again.']});
  });

  describe('an outage that the cure made proves nothing of the fault', () => {
    test('a service that had to go down by the fault went down by the cure', () => {
      expect(judge(scaled([[8000, 9000]]))).toMatchObject({
        verdict: 'inconclusive',
        reasons: [
          'The service shop was seen down only after the recovery had begun to act: that may be its doing.',
          'The RTO of shop from fault was not measured: it was seen down only after the recovery had begun to act, which may be its doing.',
        ],
      });
    });

    test('it is the only sign of a fault that has no effect of its own', () => {
      const none = ({type}: {type: string}) => type === 'effect.seen';
      const silent = (entry: MadeRun['entries'][number]) =>
        none(entry) || (entry.type === 'check.answered' && entry.moment === 'broken');
      expect(judge(without(scaled([[8000, 9000]]), silent)).reasons).toContain(
        'Nothing shows that the fault took effect.',
      );
      expect(judge(without(scaled([[8000, 9000]]), none)).reasons).not.toContain(
        'Nothing shows that the fault took effect.',
      );
      expect(judge(without(scaleToZero(), none)).verdict).toBe('passed');
    });

    test('one that began before, and was over before the cure acted: nobody knows who ended it', () => {
      const down: Schedule = [
        [6400, 6700],
        [8000, 9000],
      ];
      expect(judge(scaled(down))).toMatchObject({
        verdict: 'inconclusive',
        reasons: ['The service shop was back before the recovery acted: who brought it back is not known.'],
      });
    });

    test('what was seen in the same instant in which the cure began may be its doing', () => {
      const none = ({type}: {type: string}) => type === 'effect.seen';
      const {entries, series} = without(scaleToZero(), none);
      const begun = entries.find((entry) => entry.type === 'step.started' && entry.path === 'recover.1')?.mono ?? 0;
      const red = (end: number) =>
        entries.map((entry) =>
          entry.type === 'check.answered' && entry.moment === 'broken' ? {...entry, start: end - 10, end} : entry,
        );
      const up = scaled([]).series;
      const possible = (all: MadeRun['entries']) =>
        all.map((entry) =>
          entry.type === 'plan.made'
            ? {
                ...entry,
                plan: {
                  ...entry.plan,
                  services: entry.plan.services.map((one) => ({...one, outage: 'possible' as const})),
                },
              }
            : entry,
        );
      const reasons = (end: number) =>
        judge({entries: possible(red(end)), series: new Map([...series, ...up])}).reasons;
      expect(reasons(begun - 1)).not.toContain('Nothing shows that the fault took effect.');
      expect(reasons(begun)).toContain('Nothing shows that the fault took effect.');
    });

    test('a check that was well again before the cure changed anything: nobody knows who mended it', () => {
      const {entries, series} = scaleToZero();
      const red = entries.findIndex((entry) => entry.type === 'check.answered' && entry.moment === 'broken') + 1;
      const check = 'the shop has all its pods';
      const answered = (...answers: [answer: 'pass' | 'fail' | 'blind', end: number][]) => {
        const later = answers.map(
          ([answer, end]): JournalEvent => ({
            ...{type: 'check.answered', check, moment: 'broken', answer, start: end - 5, end},
          }),
        );
        const more = new RunMaker().add(6730, ...later).entries;
        return judge({entries: [...entries.slice(0, red), ...more, ...entries.slice(red)], series});
      };
      expect(answered(['pass', 7760])).toMatchObject({
        verdict: 'inconclusive',
        reasons: [`The check "${check}" was well again before the recovery acted: who brought it back is not known.`],
      });
      expect(answered(['pass', 7760], ['fail', 7790]).verdict).toBe('passed');
      expect(answered(['blind', 7760]).verdict).toBe('passed');
      expect(answered(['pass', 7900]).verdict).toBe('passed');
    });

    test('where clocks are known too coarsely to say which came first, what the runner saw before the cure counts', () => {
      const {entries, series} = scaleToZero();
      const coarse: JournalEvent = {type: 'clock.measured', clock: 'node', offset: 0, error: 500};
      const onNode = entries.map((entry) => (entry.type === 'series.opened' ? {...entry, clock: 'node'} : entry));
      const run = {
        entries: [...onNode.slice(0, 7), ...new RunMaker().add(210, coarse).entries, ...onNode.slice(7)],
        series,
      };
      expect(judge(run).verdict).toBe('passed');
      const unseen = without(run, (entry) => entry.type === 'effect.seen' && entry.path === 'service/shop');
      expect(judge(unseen).verdict).toBe('inconclusive');
    });

    test('steps of the recovery that change nothing, or were not played, have made nothing', () => {
      const {entries, series} = scaled([[8000, 9000]]);
      const waited = entries.map((entry) =>
        entry.type === 'plan.made'
          ? {...entry, plan: {...entry.plan, steps: entry.plan.steps.map((step) => ({...step, ...pause(step)}))}}
          : entry,
      );
      expect(judge({entries: waited, series}).verdict).toBe('passed');
    });
  });

  describe('of several faults each must be seen, where nothing has to go down', () => {
    const [first] = killPlan().steps;
    const second = (parts: Partial<PlanRecord['steps'][number]>) =>
      ({...first, path: 'inject.1', id: 'second', targets: [], ...parts}) as PlanRecord['steps'][number];
    const two = (parts: Partial<PlanRecord['steps'][number]>, ...events: JournalEvent[]) => {
      const path = 'inject.1';
      return kill({
        down: [],
        plan: {...service('none'), objectives: [], type: 'redundancy', steps: [...killPlan().steps, second(parts)]},
        late: (maker) => {
          maker.add(28_000, {type: 'step.started', path});
          if (parts.form === 'uses') maker.change(28_100, 'm2', {role: 'fault', path});
          maker.add(28_200, ...events, {type: 'step.ended', path, outcome: 'done'});
          if (parts.form === 'uses') maker.add(28_300, {type: 'undo.ended', mutation: 'm2', state: 'undone'});
        },
      });
    };
    const saw = (path: string): JournalEvent => ({type: 'effect.seen', path, seen: true, detail: 'seen'});

    const proved = (): JournalEvent => ({
      ...{type: 'effect.seen', path: 'effect.prove', seen: true, detail: 'seen', before: 'not seen'},
    });

    test('an action that has no effect to see', () => {
      const cut = {form: 'uses', uses: 'network/isolate'} as const;
      expect(two(cut)).toMatchObject({
        verdict: 'inconclusive',
        reasons: ['Nothing shows that inject.1 took effect.'],
      });
      expect(two(cut, saw('inject.1')).verdict).toBe('passed');
      expect(two(cut, proved()).verdict).toBe('passed');
    });

    test('the proof of the scenario counts only where it was not so before the fault', () => {
      const cut = {form: 'uses', uses: 'network/isolate'} as const;
      expect(two(cut, saw('effect.prove')).reasons).toEqual(['Nothing shows that inject.1 took effect.']);
    });

    test('nor does it speak of two that have nothing else', () => {
      const silent = without(
        killCoredns({
          down: [],
          plan: {...service('none'), objectives: [], type: 'redundancy', steps: [...killPlan().steps, second({})]},
          late: (maker) => {
            maker.add(28_000, {type: 'step.started', path: 'inject.1'});
            maker.change(28_100, 'm2', {role: 'fault', path: 'inject.1'});
            maker.add(28_200, proved(), {type: 'step.ended', path: 'inject.1', outcome: 'done'});
            maker.add(28_300, {type: 'undo.ended', mutation: 'm2', state: 'undone'});
          },
        }),
        (entry) =>
          (entry.type === 'effect.seen' && entry.path === 'inject.0') ||
          (entry.type === 'check.answered' && entry.moment === 'broken'),
      );
      expect(judge(silent).reasons).toEqual(
        expect.arrayContaining([
          'Nothing shows that inject.0 took effect.',
          'Nothing shows that inject.1 took effect.',
        ]),
      );
    });

    test('an effect that is no more than its own write proves nothing, and its absence does', () => {
      const patch = {form: 'uses', uses: 'object/patch'} as const;
      const written: JournalEvent = {
        ...{type: 'effect.seen', path: 'inject.1', seen: true, detail: '1 of 1 fields are as patched'},
        ownWrite: true,
      };
      expect(two(patch, written)).toMatchObject({
        verdict: 'inconclusive',
        reasons: [
          'Nothing shows that inject.1 took effect: that 1 of 1 fields are as patched shows only that the API server took the write.',
        ],
      });
      expect(two(patch, written, proved()).verdict).toBe('passed');
      const unseen: JournalEvent = {type: 'effect.seen', path: 'inject.1', seen: false, detail: '0 of 1'};
      expect(two(patch, unseen, proved()).reasons).toEqual([
        'The fault was not seen to take effect: inject.1: 0 of 1.',
      ]);
    });

    test('something that a person did', () => {
      expect(two({form: 'manual'}).reasons).toEqual(['Nothing shows that inject.1 took effect.']);
      expect(two({form: 'manual'}, proved()).verdict).toBe('passed');
    });

    test('steps that break nothing need no proof', () => {
      expect(two({form: 'pause'}).verdict).toBe('passed');
    });

    test('one that was declared and left out is named', () => {
      const plan = {...service('none'), objectives: [], type: 'redundancy' as const};
      const skipped = [...killPlan().steps, second({form: 'manual'})];
      const end = late(
        {type: 'step.started', path: 'inject.1'},
        {type: 'step.ended', path: 'inject.1', outcome: 'skipped'},
      );
      expect(kill({down: [], plan: {...plan, steps: skipped}, late: end}).reasons).toEqual([
        'The fault inject.1 (manual) was skipped.',
      ]);
      expect(kill({down: [], plan: {...plan, steps: skipped}}).reasons).toEqual([
        'The fault inject.1 (manual) was not played.',
      ]);
      const left = [...killPlan().steps, second({form: 'manual', skipped: true})];
      expect(kill({down: [], plan: {...plan, steps: left}}).verdict).toBe('passed');
    });
  });

  test('back, but blind too often to say whether for good', () => {
    const {entries, series} = killCoredns();
    const blinded = new Map(
      [...series].map(([file, samples]) => [
        file,
        samples.map((sample) =>
          sample.seq % 20 === 0 && sample.start > 15_000 ? {...sample, state: 'blind' as const} : sample,
        ),
      ]),
    );
    const result = judge({entries, series: blinded});
    expect(result.verdict).toBe('inconclusive');
    expect(result.reasons).toContain('Nobody could see whether the service dns came back for good.');
  });

  test('a control that was never asked, unless the probe was seen red in the drill', () => {
    const silent = ({type}: {type: string}) => type === 'control.answered';
    expect(judge(without(killCoredns({down: []}), silent))).toMatchObject({
      verdict: 'inconclusive',
      reasons: [
        'The control of dnsUdp was never asked, and it was never seen red.',
        'The control of dnsTcp was never asked, and it was never seen red.',
      ],
    });
    expect(judge(without(killCoredns(), silent)).verdict).toBe('passed');
  });

  test('no samples at all', () => {
    const {entries} = killCoredns();
    const result = judge({entries, series: new Map()});
    expect(result.verdict).toBe('inconclusive');
    expect(result.reasons).toContain('There is not one sample of the service dns.');
  });

  test('a probe that was never opened', () => {
    const run = without(killCoredns(), (entry) => entry.type === 'series.opened' && entry.series === 'dnsTcp');
    expect(judge(run).verdict).toBe('inconclusive');
  });

  test('the samples end with the fault: the prober died with it', () => {
    const {entries, series} = killCoredns({down: []});
    const cut = new Map([...series].map(([file, samples]) => [file, samples.filter(({end}) => end < 13_100)]));
    expect(judge({entries, series: cut}).verdict).toBe('inconclusive');
  });

  test('blind where no outage is allowed', () => {
    const {entries, series} = killCoredns({down: [], plan: {...service('none'), type: 'redundancy', objectives: []}});
    const blinded = new Map(
      [...series].map(([file, samples]) => [
        file,
        samples.map((sample) =>
          sample.start > 14_000 && sample.start < 17_000 ? {...sample, state: 'blind' as const} : sample,
        ),
      ]),
    );
    expect(judge({entries, series}).verdict).toBe('passed');
    expect(judge({entries, series: blinded}).verdict).toBe('inconclusive');
  });

  test('the call of the fault may not have arrived', () => {
    const {entries, series} = killCoredns({down: []});
    const maybe = entries.map((entry) =>
      entry.type === 'mutation.applied'
        ? {
            ...entry,
            type: 'mutation.failed' as const,
            maybeApplied: true,
            error: {code: 'E_TIMEOUT', message: 'no answer'},
          }
        : entry,
    );
    expect(judge({entries: maybe, series}).verdict).toBe('inconclusive');
  });

  test('an inspection whose checks have no control', () => {
    const plan = killPlan({type: 'inspection', steps: [], services: [], objectives: []});
    const run = new RunMaker()
      .add(0, started('look', 'Look'))
      .add(1, {type: 'plan.made', plan})
      .phase(2, 'verify')
      .add(3, {
        type: 'check.answered',
        check: plan.checks[0]?.name ?? '',
        moment: 'after',
        answer: 'pass',
        start: 1,
        end: 2,
      })
      .phase(4, 'report')
      .done();
    expect(judge(run)).toMatchObject({verdict: 'inconclusive'});
  });
});
