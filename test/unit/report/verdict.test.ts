import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import type {JournalEvent} from '../../../src/journal/types.ts';
import {verdictRows} from '../../../src/report/index.ts';
import {judge, kill, late, objective, service, without} from '../../support/judged.ts';
import {killCoredns, killPlan, type MadeRun, RunMaker, refusedRun, scaleToZero} from '../../support/runs.ts';

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
