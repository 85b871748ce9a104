import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import type {PlanRecord} from '../../../src/journal/plan.ts';
import type {JournalEvent} from '../../../src/journal/types.ts';
import {buildModel, type VerdictResult, verdict, verdictRows} from '../../../src/report/index.ts';
import type {Schedule} from '../../support/oracle.ts';
import {
  type KillOptions,
  killCoredns,
  killPlan,
  type MadeRun,
  RunMaker,
  refusedRun,
  scaleToZero,
  started,
} from '../../support/runs.ts';

const judge = ({entries, series}: MadeRun): VerdictResult => verdict(buildModel(entries, series));
const kill = (options: KillOptions): VerdictResult => judge(killCoredns(options));
const objective = (target: number): Partial<PlanRecord> => ({
  objectives: [{metric: 'rto', target, of: 'dns', from: 'impact', source: 'policy'}],
});
const service = (outage: 'required' | 'possible' | 'none'): Partial<PlanRecord> => ({
  services: [{name: 'dns', up: ['dnsUdp', 'dnsTcp'], outage, by: 'inject', okRatio: 1}],
});

/** A check that is green whatever happens. */
const always = {
  name: 'as many pods as were killed, new and ready',
  uses: 'kubernetes/object',
  with: {},
  states: {before: 'pass', broken: 'pass', after: 'pass'},
} as const;

/** scale-to-zero whose service is down then; the cure begins to act at 6.81 s, after the fault has shown its own effect. */
function scaled(down: Schedule): MadeRun {
  const {entries, series} = scaleToZero();
  const sampled = new RunMaker().sampled(0, 'shopAnswers', {every: 250, from: 200, until: 24_000, down});
  return {entries, series: new Map([...series, ...sampled.series])};
}

/** Adds events right before undo. */
const late =
  (...events: JournalEvent[]) =>
  (maker: RunMaker): unknown =>
    maker.add(29_000, ...events);

/** The same run with the entries of some types left out. */
function without({entries, series}: MadeRun, drop: (entry: MadeRun['entries'][number]) => boolean): MadeRun {
  return {entries: entries.filter((entry) => !drop(entry)), series};
}

describe('passed', () => {
  test('a measured outage within the target, every check as declared, everything taken back', () => {
    expect(kill({})).toEqual({verdict: 'passed', cleanup: 'clean', exitCode: 0, reasons: []});
  });

  test('no outage where one is only possible', () => {
    expect(kill({down: []}).verdict).toBe('passed');
  });

  test('a redundancy drill without an outage and without an objective', () => {
    const plan = {...service('none'), objectives: [], type: 'redundancy' as const};
    expect(kill({down: [], plan}).verdict).toBe('passed');
  });

  test('a recovery that is the undo of the fault', () => {
    expect(judge(scaleToZero())).toMatchObject({verdict: 'passed', cleanup: 'clean'});
  });
});

describe('refused', () => {
  test('every no is a reason, none is lost', () => {
    expect(judge(refusedRun())).toEqual({
      verdict: 'refused',
      cleanup: 'clean',
      exitCode: 3,
      reasons: [
        'The user may not delete pods in the namespace kube-system.',
        'No Pod in kube-system matches k8s-app=kube-dns.',
      ],
    });
  });

  test('a guard that says no after the fault does not hide that there was one', () => {
    const no = {type: 'guard.answered', phase: 'recover', guard: 'x', ok: false, message: 'no'} as const;
    expect(kill({late: late(no)}).verdict).not.toBe('refused');
  });

  test('a step that finds no target right before it acts', () => {
    const error = {code: 'E_TARGET_NOT_FOUND', message: 'pod/delete: no pod matches'};
    const run = endedBefore(
      11_900,
      {type: 'step.started', path: 'inject.0'},
      {type: 'step.ended', path: 'inject.0', outcome: 'failed', error},
      {type: 'stopped', cause: 'step', detail: error.message},
    );
    expect(judge(run)).toMatchObject({verdict: 'refused', exitCode: 3});
  });

  test('a check that answers otherwise before the fault than declared', () => {
    const check = {
      ...killPlan().checks[0],
      name: 'pods',
      states: {before: 'pass', broken: 'fail', after: 'pass'},
    } as const;
    const {entries, series} = endedBefore(11_900, {
      type: 'check.answered',
      check: 'pods',
      moment: 'before',
      answer: 'fail',
      start: 1,
      end: 2,
    });
    const planned = entries.map((entry) =>
      entry.type === 'plan.made'
        ? {...entry, plan: killPlan({checks: [{...check, uses: 'kubernetes/object', with: {}}]})}
        : entry,
    );
    expect(judge({entries: planned, series})).toMatchObject({
      verdict: 'refused',
      reasons: ['Before the fault, the check "pods" answered fail instead of pass.'],
    });
  });

  test('a deadline before the fault', () => {
    const run = endedBefore(5000, {
      type: 'stopped',
      cause: 'deadline',
      detail: 'steady did not end within its deadline',
    });
    expect(judge(run)).toMatchObject({verdict: 'refused', reasons: ['Steady did not end within its deadline.']});
  });

  test('an abort before the fault is no refusal', () => {
    expect(judge(endedBefore(5000, {type: 'stopped', cause: 'signal', detail: 'SIGINT'})).verdict).toBe('aborted');
  });
});

describe('error', () => {
  test.each(['error', 'clusterLost'] as const)('stopped by %s', (cause) => {
    expect(kill({late: late({type: 'stopped', cause, detail: 'it broke'})})).toMatchObject({
      verdict: 'error',
      exitCode: 5,
    });
  });

  test('an action that gets a 403 is an error, not a miss', () => {
    const error = {code: 'E_FORBIDDEN', message: 'pods "x" is forbidden'};
    const run = endedBefore(
      11_900,
      {type: 'step.started', path: 'inject.0'},
      {type: 'step.ended', path: 'inject.0', outcome: 'failed', error},
      {type: 'stopped', cause: 'step', detail: error.message},
    );
    expect(judge(run)).toMatchObject({verdict: 'error', exitCode: 5});
  });

  test('an action that exceeds its time is an error', () => {
    const {entries, series} = killCoredns();
    const timed = entries.map((entry) =>
      entry.type === 'step.ended' ? {...entry, outcome: 'timeout' as const} : entry,
    );
    expect(judge({entries: timed, series}).verdict).toBe('error');
  });

  test('a process that died before its report, wherever the journal ends', () => {
    const {entries, series} = killCoredns();
    const allowed = new Set(['error']);
    for (let length = 0; length < entries.length - 1; length++) {
      const cut = judge({entries: entries.slice(0, length), series});
      expect(allowed).toContain(cut.verdict);
      const open = entries.slice(0, length).some(({type}) => type === 'mutation.intent');
      const closed = entries.slice(0, length).some(({type}) => type === 'undo.ended');
      expect(cut).toMatchObject(open && !closed ? {cleanup: 'dirty', exitCode: 4} : {cleanup: 'clean', exitCode: 5});
    }
  });

  test('a step that ended the drill and left no record of it', () => {
    expect(kill({late: late({type: 'stopped', cause: 'step', detail: 'the prober is gone'})})).toMatchObject({
      verdict: 'error',
      reasons: ['The prober is gone.'],
    });
  });

  test('an empty journal', () => {
    expect(judge({entries: [], series: new Map()})).toMatchObject({verdict: 'error', exitCode: 5});
  });

  test('nothing injected and no reason for it', () => {
    expect(judge(endedBefore(11_900)).reasons).toEqual(['No fault was injected, and the journal does not say why.']);
  });
});

describe('aborted', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('%s exits with %d', (name, exitCode) => {
    expect(kill({late: late({type: 'stopped', cause: 'signal', detail: name})})).toMatchObject({
      verdict: 'aborted',
      exitCode,
    });
  });

  test('by the answer to a manual step', () => {
    const plan = killPlan().steps.map((step) => ({
      ...step,
      path: 'recover.0',
      phase: 'recover' as const,
      form: 'manual' as const,
    }));
    const error = {code: 'E_MANUAL_ABORT', message: 'recover.0: ended by ada'};
    const result = kill({
      plan: {steps: [...killPlan().steps, ...plan]},
      late: late(
        {type: 'step.ended', path: 'recover.0', outcome: 'failed', error},
        {type: 'stopped', cause: 'step', detail: error.message},
      ),
    });
    expect(result).toMatchObject({verdict: 'aborted', exitCode: 130});
  });

  test('a miss that was proven before outranks the signal in the exit code', () => {
    const stop = late({type: 'stopped', cause: 'signal', detail: 'SIGINT'});
    expect(kill({plan: objective(500), late: stop})).toMatchObject({verdict: 'aborted', exitCode: 1});
  });
});

describe('failed', () => {
  test('the lower bound is beyond the target', () => {
    expect(kill({plan: objective(500)})).toMatchObject({verdict: 'failed', exitCode: 1});
  });

  test('still down at the end', () => {
    const result = kill({down: [[12_300, 99_000]]});
    expect(result.verdict).toBe('failed');
    expect(result.reasons).toContain('The service dns was still down when the drill ended.');
  });

  test('flapping to the end', () => {
    expect(
      kill({
        down: [
          [12_300, 13_500],
          [20_000, 21_000],
          [28_000, 28_500],
        ],
      }).reasons,
    ).toContain('The service dns was not up for 15 s without a break before the drill ended.');
  });

  test('bad again after the recovery', () => {
    expect(
      kill({
        down: [
          [12_300, 13_500],
          [29_300, 29_900],
        ],
      }),
    ).toMatchObject({
      verdict: 'failed',
      reasons: ['The service dns was bad again after it had recovered.'],
    });
  });

  test('a service that must not be disturbed was down', () => {
    expect(kill({plan: {...service('none'), type: 'redundancy'}}).verdict).toBe('failed');
  });

  test('an after check wrong', () => {
    expect(kill({answers: {after: 'fail'}}).verdict).toBe('failed');
  });

  test.each(['stopWhen', 'deadline'] as const)('ended by %s', (cause) => {
    expect(kill({late: late({type: 'stopped', cause, detail: 'dns was down for 30 s'})}).verdict).toBe('failed');
  });

  test('a recovery step that failed', () => {
    const step = {...killPlan().steps[0], path: 'recover.0', phase: 'recover' as const} as PlanRecord['steps'][number];
    const error = {code: 'E_RESTORE', message: 'the snapshot is damaged'};
    const result = kill({
      plan: {steps: [...killPlan().steps, step]},
      late: late(
        {type: 'step.started', path: 'recover.0'},
        {type: 'step.ended', path: 'recover.0', outcome: 'failed', error},
      ),
    });
    expect(result.verdict).toBe('failed');
  });

  test('a proven miss together with a control that stayed green is a miss', () => {
    expect(kill({plan: objective(500), answers: {control: 'ok'}}).verdict).toBe('failed');
  });
});

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

  describe('an outage that the cure made proves nothing of the fault', () => {
    test('a service that had to go down by the fault went down by the cure', () => {
      expect(judge(scaled([[8000, 9000]]))).toMatchObject({
        verdict: 'inconclusive',
        reasons: ['The service shop was seen down only after the recovery had begun to act: that may be its doing.'],
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

    test('an action that has no effect to see', () => {
      const cut = {form: 'uses', uses: 'network/isolate'} as const;
      expect(two(cut)).toMatchObject({
        verdict: 'inconclusive',
        reasons: ['Nothing shows that inject.1 took effect.'],
      });
      expect(two(cut, saw('inject.1')).verdict).toBe('passed');
      expect(two(cut, saw('effect.prove')).verdict).toBe('passed');
    });

    test('something that a person did', () => {
      expect(two({form: 'manual'}).reasons).toEqual(['Nothing shows that inject.1 took effect.']);
      expect(two({form: 'manual'}, saw('effect.prove')).verdict).toBe('passed');
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

describe('cleanup', () => {
  test('an undo that failed is dirty whatever the verdict; a later rollback cleans', () => {
    const {entries, series} = killCoredns();
    const failed = entries.map((entry) =>
      entry.type === 'undo.ended' ? {...entry, state: 'failed' as const, command: 'kubectl uncordon x'} : entry,
    );
    expect(judge({entries: failed, series})).toMatchObject({verdict: 'passed', cleanup: 'dirty', exitCode: 4});
    const tool = {name: 'kubedrill', version: '0.1.0', node: 'v22', platform: 'linux'} as const;
    const later = new RunMaker().add(
      0,
      {type: 'run.resumed', tool, operator: 'ada', reason: 'rollback'},
      {type: 'undo.ended', mutation: 'm1', state: 'undone'},
      {type: 'phase.entered', phase: 'report'},
    ).entries;
    expect(judge({entries: [...failed, ...later], series})).toMatchObject({cleanup: 'clean', exitCode: 0});
  });

  test('an intent without an answer is not clean', () => {
    const run = without(killCoredns(), ({type}) => type === 'undo.ended');
    expect(judge(run)).toMatchObject({cleanup: 'dirty', exitCode: 4});
  });
});

test('the rows stand in the order of precedence, and each says when', () => {
  const order = ['refused', 'error', 'aborted', 'failed', 'inconclusive'];
  const ranks = verdictRows.map(({verdict: name}) => order.indexOf(name));
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  expect(new Set(verdictRows.map(({verdict: name}) => name)).size).toBe(order.length);
  expect(verdictRows.filter(({when}) => when.length < 10)).toEqual([]);
});

const pause = ({phase}: {phase: string}) => (phase === 'recover' ? {form: 'pause' as const} : {});

/** kill-coredns up to `at`, then these events, then undo and report: nothing was injected. */
function endedBefore(at: number, ...events: JournalEvent[]): MadeRun {
  const {entries, series} = killCoredns();
  const kept = entries.filter(({mono, type}) => mono < 1000 + at && type !== 'step.started');
  const maker = new RunMaker();
  maker.entries.push(...kept);
  maker
    .add(at, ...events)
    .phase(at + 10, 'undo')
    .phase(at + 20, 'report');
  return {entries: maker.entries, series};
}

test('docs/verdicts.md lists every row, under its verdict and in its order', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/verdicts.md'), 'utf8');
  const sections = page.split(/^## /m).slice(1);
  for (const name of new Set(verdictRows.map((row) => row.verdict))) {
    const section = sections.find((text) => text.startsWith(`${name}\n`)) ?? '';
    const first = section.split('\n\n').find((block) => block.startsWith('- ')) ?? '';
    const listed = first.split('\n').map((line) => line.slice(2));
    expect(listed).toEqual(verdictRows.filter((row) => row.verdict === name).map(({when}) => when));
  }
});
