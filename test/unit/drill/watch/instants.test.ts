import {expect, test} from 'vitest';
import {faultAnsweredAt, faultBeganAt} from '../../../../src/drill/watch/instants.ts';
import type {StepRecord} from '../../../../src/journal/plan.ts';
import type {JournalEntry, JournalEvent} from '../../../../src/journal/types.ts';
import {planRecord} from '../../../support/plan-record.ts';

const journal = (...events: [number, JournalEvent][]): JournalEntry[] =>
  events.map(([mono, event], seq) => ({v: 1, seq, at: '2026-01-01T00:00:00.000Z', mono, ...event}));

const intent = (mutation: string, role: 'fixture' | 'fault'): JournalEvent => ({
  type: 'mutation.intent',
  mutation,
  role,
  phase: 'inject',
  target: {apiVersion: 'v1', kind: 'Pod', name: mutation},
  undo: {kind: 'object/remove', data: {}},
});
const error = {code: 'E', message: ''};
const byHand = (path: string): StepRecord => ({
  ...{path, phase: 'inject', form: 'manual', timeout: 1000, targets: [], cascade: [], undoKinds: []},
});

test('a fault may have bitten from its call to its answer', () => {
  const entries = journal(
    [10, intent('m1', 'fixture')],
    [20, {type: 'mutation.applied', mutation: 'm1'}],
    [30, intent('m2', 'fault')],
    [40, {type: 'mutation.failed', mutation: 'm2', maybeApplied: false, error}],
    [50, intent('m3', 'fault')],
    [90, {type: 'mutation.applied', mutation: 'm3'}],
  );
  expect(faultBeganAt(entries)).toBe(50);
  expect(faultAnsweredAt(entries)).toBe(90);
});

test('what a person does lasts as long as its step; a pause is no fault', () => {
  const entries = journal(
    [5, {type: 'plan.made', plan: planRecord({steps: [byHand('inject.0'), {...byHand('inject.1'), form: 'pause'}]})}],
    [7, {type: 'step.started', path: 'inject.1'}],
    [10, {type: 'step.started', path: 'inject.0'}],
    [60, {type: 'step.ended', path: 'inject.0', outcome: 'done'}],
  );
  expect([faultBeganAt(entries), faultAnsweredAt(entries)]).toEqual([10, 60]);
});

test('without a fault there is no instant', () => {
  expect([faultBeganAt([]), faultAnsweredAt([])]).toEqual([undefined, undefined]);
});
