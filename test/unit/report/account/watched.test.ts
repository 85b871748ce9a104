import {describe, expect, test} from 'vitest';
import type {PlanRecord, StepRecord} from '../../../../src/journal/plan.ts';
import {buildModel, renderMarkdown, reportPage, verdict} from '../../../../src/report/index.ts';
import {verdictSentence} from '../../../../src/report/sentence.ts';
import {altered, judge, kill, planOf, scaled, service} from '../../../support/judged.ts';
import {killCoredns, killPlan, type MadeRun, RunMaker, scaleToZero} from '../../../support/runs.ts';

/** The sentence and the page of a run. */
function told({entries, series}: MadeRun): {sentence: string; page: string} {
  const model = buildModel(entries, series);
  const result = verdict(model);
  return {sentence: verdictSentence(model, result), page: renderMarkdown(reportPage(model, result))};
}

describe('a fault that is taken back before anybody looked', () => {
  /** The shop must not go down; the fault has shown its effect at 6.7 s, and the recovery acts at 6.81 s. */
  const plan: Partial<PlanRecord> = {
    type: 'redundancy',
    objectives: [],
    services: [{name: 'shop', up: ['shopAnswers'], outage: 'none', by: 'inject', okRatio: 1}],
  };
  const run = altered(scaled([]), {plan});
  const every = (ms: number) => {
    const {series} = new RunMaker().sampled(0, 'shopAnswers', {every: ms, from: 200, until: 24_000, down: []});
    return {entries: run.entries, series: new Map([...run.series, ...series])};
  };

  test('no sample lies between its effect and the recovery', () => {
    expect(judge(every(400))).toMatchObject({
      verdict: 'inconclusive',
      reasons: [
        'No sample of shopAnswers (service shop) began after the fault had taken effect and ended before the recovery acted, or the undo began.',
      ],
    });
    expect(judge(every(20)).verdict).toBe('passed');
  });

  test('without a recovery the undo is the edge', () => {
    const redundancy = {down: [], plan: {...service('none'), type: 'redundancy' as const, objectives: []}};
    expect(kill(redundancy).verdict).toBe('passed');
    const {entries, series} = killCoredns(redundancy);
    const cut = new Map(
      [...series].map(([file, samples]) => [
        file,
        samples.filter(({start, end}) => end < 13_200 || start > 30_990 || file.includes('Udp')),
      ]),
    );
    const watched = buildModel(entries, cut).account?.watched;
    expect(watched?.map(({series: name, during}) => [name, during])).toEqual([
      ['dnsUdp', true],
      ['dnsTcp', false],
    ]);
  });

  test('an outage by the fault shows by itself that somebody looked', () => {
    const {entries, series} = scaleToZero();
    expect(buildModel(entries, series).account?.watched).toEqual([
      {series: 'shopAnswers', service: 'shop', after: true},
    ]);
  });

  test('a fault that has no effect of its own has taken it when the scenario saw its proof', () => {
    const bare = altered(killCoredns({down: []}), {
      drop: ({type}) => type === 'effect.seen',
      add: [[29_990, {type: 'effect.seen', path: 'effect.prove', seen: true, detail: 'gone'}]],
      plan: {...service('none'), objectives: []},
    });
    const watched = buildModel(bare.entries, bare.series).account?.watched;
    expect(watched?.map(({during}) => during)).toEqual([false, false]);
  });
});

describe('an RTO that rests on no outage of the fault', () => {
  const possible: Partial<PlanRecord> = {
    services: [{name: 'shop', up: ['shopAnswers'], outage: 'possible', by: 'inject', okRatio: 1}],
  };

  test('is not measured: the recovery may have made the outage', () => {
    const run = altered(scaled([[8000, 9000]]), {plan: possible});
    expect(judge(run).reasons).toContain(
      'The RTO of shop from fault was not measured: it was seen down only after the recovery had begun to act, which may be its doing.',
    );
    const untargeted = altered(run, {plan: {...possible, objectives: []}});
    expect(buildModel(untargeted.entries, untargeted.series).objectives[0]).toMatchObject({
      figure: 'n/a',
      result: 'no-target',
    });
  });

  test('a miss stays one', () => {
    const objectives: PlanRecord['objectives'] = [
      {metric: 'rto', target: 500, of: 'shop', from: 'fault', source: 'policy'},
    ];
    expect(judge(altered(scaled([[8000, 9000]]), {plan: {...possible, objectives}})).verdict).toBe('failed');
  });

  test('nor is a time to detection that counts from its impact', () => {
    const objectives: PlanRecord['objectives'] = [
      {metric: 'detection', target: 60_000, of: 'shop', from: 'impact', source: 'policy'},
    ];
    const run = altered(scaled([[8000, 9000]]), {
      plan: {...possible, objectives},
      add: [[9000, {type: 'mark', name: 'detected', by: 'Ada'}]],
    });
    expect(buildModel(run.entries, run.series).objectives[0]?.result).toBe('not-measured');
  });
});

describe('a service that the recovery takes down', () => {
  const plan = (parts: Partial<PlanRecord['services'][number]> = {}): Partial<PlanRecord> => ({
    services: [{name: 'shop', up: ['shopAnswers'], outage: 'required', by: 'recover', okRatio: 1, ...parts}],
  });
  const notSeen = /^The service shop was not seen down/;

  test('must have been down after a step that acts, not after one that waits', () => {
    const [zero, person, undo] = planOf(scaleToZero()).steps as [StepRecord, StepRecord, StepRecord];
    const pause = {...person, form: 'pause' as const};
    const waiting = {
      plan: {...plan(), steps: [zero, pause, {...undo, path: 'recover.2'}]},
      add: [
        [6802, {type: 'step.started', path: 'recover.0'}],
        [8500, {type: 'step.started', path: 'recover.2'}],
        [8900, {type: 'step.ended', path: 'recover.2', outcome: 'done'}],
      ],
    } satisfies Parameters<typeof altered>[1];
    const reasons = (down: [number, number]) => judge(altered(scaled([down]), waiting)).reasons;
    expect(reasons([7000, 8400])).toContainEqual(expect.stringMatching(notSeen));
    expect(reasons([8800, 9800])).not.toContainEqual(expect.stringMatching(notSeen));
  });

  test('where clocks are known too coarsely to say which came first, it was not', () => {
    const onNode = (error: number) => {
      const run = altered(scaled([[7100, 7500]]), {
        plan: plan(),
        add: [[205, {type: 'clock.measured', clock: 'node', offset: 0, error}]],
      });
      const entries = run.entries.map((entry) => (entry.type === 'series.opened' ? {...entry, clock: 'node'} : entry));
      return judge({entries, series: run.series}).reasons;
    };
    expect(onNode(5)).not.toContainEqual(expect.stringMatching(notSeen));
    expect(onNode(700)).toContainEqual(expect.stringMatching(notSeen));
  });
});

describe('a service that may not go down at all', () => {
  const targeted: Partial<PlanRecord> = {...service('none'), type: 'redundancy'};

  test('has no room for blindness by an RTO target', () => {
    const {entries, series} = killCoredns({down: [], plan: targeted});
    const blinded = new Map(
      [...series].map(([file, samples]) => [
        file,
        samples.map((sample) =>
          sample.start > 14_000 && sample.start < 20_000 ? {...sample, state: 'blind' as const} : sample,
        ),
      ]),
    );
    expect(judge({entries, series}).verdict).toBe('passed');
    expect(judge({entries, series: blinded})).toMatchObject({
      verdict: 'inconclusive',
      reasons: [expect.stringMatching(/^The probes of dns could not see for up to/)],
    });
  });

  test('nor for a sleep', () => {
    const {entries, series} = killCoredns({down: [], plan: targeted});
    const slept = entries.map((entry, index) =>
      index < 20 ? entry : {...entry, at: new Date(Date.parse(entry.at) + 30_000).toISOString()},
    );
    expect(judge({entries: slept, series}).verdict).toBe('inconclusive');
  });

  test('bad samples that okRatio allows are told', () => {
    const plan: Partial<PlanRecord> = {
      type: 'redundancy',
      services: [{...(killPlan().services[0] as PlanRecord['services'][number]), outage: 'none', okRatio: 0.5}],
      objectives: [],
    };
    const run = killCoredns({down: [[12_300, 12_900]], plan});
    const {sentence} = told(run);
    expect(sentence).toMatch(
      /^PASSED — no outage beyond okRatio: dns \(\d+ of \d+ samples were bad, as okRatio allows; an outage of up to/,
    );
    const withTarget = told(
      killCoredns({down: [[12_300, 12_900]], plan: {...plan, objectives: killPlan().objectives}}),
    );
    expect(withTarget.sentence).toMatch(/^PASSED — dns: RTO [^,]+, \d+ of \d+ samples were bad, as okRatio allows/);
    expect(withTarget.page).not.toMatch(/no user impact|no bad sample|none was seen/);
  });
});
