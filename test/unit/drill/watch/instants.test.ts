import {expect, test} from 'vitest';
import {faultAnsweredAt, faultBeganAt} from '../../../../src/drill/watch/instants.ts';
import type {JournalEntry, JournalEvent} from '../../../../src/journal/types.ts';

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

test('a fault may have bitten from its call to its answer', () => {
  const entries = journal(
    [10, intent('m1', 'fixture')],
    [20, {type: 'mutation.applied', mutation: 'm1'}],
    [30, intent('m2', 'fault')],
    [40, {type: 'mutation.failed', mutation: 'm2', maybeApplied: false, error}],
    [50, intent('m3', 'fault')],
    [90, {type: 'mutation.applied', mutation: 'm3'}],
  );
  expect(faultBeganAt(entries)).toBe(30);
  expect(faultAnsweredAt(entries)).toBe(90);
});

test('a fault without a call lasts as long as its step', () => {
  const entries = journal(
    [10, {type: 'step.started', path: 'inject.0', form: 'manual'} as JournalEvent],
    [60, {type: 'step.ended', path: 'inject.0', outcome: 'done'}],
  );
  expect([faultBeganAt(entries), faultAnsweredAt(entries)]).toEqual([10, 60]);
});

test('without a fault there is no instant', () => {
  expect([faultBeganAt([]), faultAnsweredAt([])]).toEqual([undefined, undefined]);
});
