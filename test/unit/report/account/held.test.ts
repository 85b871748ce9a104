import {describe, expect, test} from 'vitest';
import type {JournalEvent} from '../../../../src/journal/types.ts';
import {type Alteration, altered, judge} from '../../../support/judged.ts';
import {killCoredns, killPlan, type MadeRun, scaleToZero} from '../../../support/runs.ts';

/** A check that is not asked while broken. */
const name = 'as many pods as were killed, new and ready';
const [check] = killPlan().checks;
const quiet = {...check, name, uses: 'http', with: {}, control: 'absent'};
const states = {before: 'pass', broken: 'skip', after: 'pass'} as const;

const isAnswer = ({type}: {type: string}) => type === 'check.answered';
const verified = (asked: string, answer: 'pass' | 'fail', at: number): JournalEvent => ({
  ...{type: 'check.answered', check: asked, moment: 'after', answer, start: 1000 + at - 9, end: 1000 + at},
});

/** Answers after the fault, of 12 s, at these instants; the undo begins at 30 s, and stableFor is 15 s. */
function answered(run: MadeRun, asked: string, answers: ['pass' | 'fail', number][], plan: Alteration['plan'] = {}) {
  const later = ({type, moment}: {type: string; moment?: string}) => type === 'check.answered' && moment === 'after';
  return judge(
    altered(altered(run, {drop: later}), {
      plan,
      add: answers.map(([answer, at]) => [at, verified(asked, answer, at)] as [number, JournalEvent]),
    }),
  );
}

describe('a check that turned once everything was well', () => {
  const checks = [{...quiet, states}];
  const run = altered(killCoredns({down: []}), {
    drop: isAnswer,
    plan: {checks},
    add: [
      [11_500, {...verified(name, 'pass', 11_500), moment: 'before'} as JournalEvent],
      [11_510, {...verified(name, 'fail', 11_510), moment: 'control'} as JournalEvent],
    ],
  });

  test('a green answer of before it had noticed the fault is stale, and its red no relapse', () => {
    expect(
      answered(run, name, [
        ['pass', 12_220],
        ['fail', 12_740],
        ['pass', 13_800],
      ]).verdict,
    ).toBe('passed');
  });

  test('red again after that is one', () => {
    const flapping: ['pass' | 'fail', number][] = [
      ['pass', 12_220],
      ['fail', 12_740],
      ['pass', 13_800],
      ['fail', 14_200],
      ['pass', 14_600],
    ];
    expect(answered(run, name, flapping).verdict).toBe('failed');
  });

  test('one that was red while broken has noticed', () => {
    const declared = killCoredns({down: []});
    expect(
      answered(declared, name, [
        ['pass', 12_300],
        ['fail', 12_740],
        ['pass', 13_800],
      ]).verdict,
    ).toBe('failed');
  });

  test('nothing is stale once a recovery has acted', () => {
    const shop = 'the shop has all its pods';
    const plan = {checks: [{...quiet, name: shop, states}]};
    const asked = altered(scaleToZero(), {
      drop: (entry) => entry.type === 'check.answered' && entry.moment === 'broken',
      add: [[5350, {...verified(shop, 'fail', 5350), moment: 'control'} as JournalEvent]],
    });
    expect(answered(asked, shop, [['pass', 14_400]], plan).verdict).toBe('passed');
    expect(
      answered(
        asked,
        shop,
        [
          ['pass', 15_000],
          ['fail', 15_500],
          ['pass', 16_000],
        ],
        plan,
      ).verdict,
    ).toBe('failed');
  });
});

test('a check that was well for less than stableFor when the drill ended may turn again', () => {
  expect(answered(killCoredns(), name, [['pass', 14_900]]).verdict).toBe('passed');
  expect(
    answered(killCoredns(), name, [
      ['fail', 12_300],
      ['pass', 20_000],
    ]),
  ).toMatchObject({
    verdict: 'inconclusive',
    reasons: [`The check "${name}" had answered as declared for 10.0 s when the drill ended; 15 s is asked for.`],
  });
});
