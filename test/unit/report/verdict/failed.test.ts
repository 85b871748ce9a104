import {describe, expect, test} from 'vitest';
import type {PlanRecord} from '../../../../src/journal/plan.ts';
import {kill, late, objective, service} from '../../../support/judged.ts';
import {killPlan} from '../../../support/runs.ts';

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
