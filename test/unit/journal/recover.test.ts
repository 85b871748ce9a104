import {describe, expect, it} from 'vitest';
import {isKept, mutationsOf, outstanding} from '../../../src/journal/recover.ts';
import type {JournalEntry, JournalEvent, Role} from '../../../src/journal/types.ts';

const journal = (...events: JournalEvent[]): JournalEntry[] =>
  events.map((event, seq) => ({v: 1, seq, at: '2026-01-01T00:00:00.000Z', mono: seq, ...event}));

const intent = (mutation: string, role: Role = 'fault', step = 'inject.0'): JournalEvent => ({
  type: 'mutation.intent',
  mutation,
  role,
  phase: 'inject',
  step,
  target: {apiVersion: 'v1', kind: 'Pod', name: mutation},
  undo: {kind: 'object/remove', data: {}},
});
const applied = (mutation: string, answer = {}): JournalEvent => ({type: 'mutation.applied', mutation, answer});
const failed = (mutation: string, maybeApplied: boolean, code = 'E'): JournalEvent => ({
  type: 'mutation.failed',
  mutation,
  maybeApplied,
  error: {code, message: ''},
});
const ended = (mutation: string, state: 'undone' | 'already' | 'conflict' | 'failed' | 'kept'): JournalEvent => ({
  type: 'undo.ended',
  mutation,
  state,
});
const stepEnded = (path: string, outcome: 'done' | 'failed' | 'timeout'): JournalEvent => ({
  type: 'step.ended',
  path,
  outcome,
});

describe('what is outstanding', () => {
  it('goes newest first', () => {
    const entries = journal(intent('m1'), applied('m1'), intent('m2'), applied('m2'));
    expect(outstanding(entries).map(({id}) => id)).toEqual(['m2', 'm1']);
  });

  it('counts an intent without an answer as maybe done', () => {
    expect(outstanding(journal(intent('m1')))).toMatchObject([{id: 'm1', applied: 'maybe'}]);
  });

  it('leaves out what the API server plainly refused, and keeps what may have been done', () => {
    const entries = journal(intent('m1'), failed('m1', false), intent('m2'), failed('m2', true));
    expect(outstanding(entries).map(({id}) => id)).toEqual(['m2']);
  });

  it.each([
    ['undone', 0],
    ['already', 0],
    ['kept', 0],
    ['failed', 1],
    ['conflict', 1],
  ] as const)('an undo that ended %s leaves %i', (state, left) => {
    expect(outstanding(journal(intent('m1'), applied('m1'), ended('m1', state)))).toHaveLength(left);
  });

  it('knows the command of its last undo, or else that of its record', () => {
    const noted = {...intent('m1'), undo: {kind: 'object/remove', data: {}, command: 'by record'}} as JournalEvent;
    const told = {...ended('m1', 'failed'), command: 'by undo'} as JournalEvent;
    const of = (...events: JournalEvent[]) => outstanding(journal(noted, ...events))[0]?.command;
    expect([of(), of(ended('m1', 'failed')), of(told)]).toEqual(['by record', 'by record', 'by undo']);
    expect(outstanding(journal(intent('m1')))[0]).not.toHaveProperty('command');
  });

  it('takes the last of several undos of one mutation', () => {
    const entries = journal(intent('m1'), applied('m1'), ended('m1', 'failed'), ended('m1', 'undone'));
    expect(outstanding(entries)).toEqual([]);
  });
});

describe('a mutation', () => {
  describe('is on its way until it is answered', () => {
    it.each<[string, JournalEvent[], boolean]>([
      ['nobody answered', [], true],
      ['the connection broke', [failed('m1', true, 'E_CLUSTER_UNREACHABLE')], true],
      ['the API server gave up', [failed('m1', true, 'E_CLUSTER_SERVER_ERROR')], true],
      ['it was refused', [failed('m1', false)], false],
      ['it was refused as a repetition is', [failed('m1', true, 'E_CLUSTER_CONFLICT')], false],
      ['it was applied', [applied('m1')], false],
    ])('when %s', (_, events, isUnderWay) => {
      const [mutation] = mutationsOf(journal(intent('m1'), ...events));
      expect(mutation?.unanswered).toBe(isUnderWay ? '2026-01-01T00:00:00.000Z' : undefined);
    });
  });

  it('knows the UID and the name that the API server gave', () => {
    const [mutation] = mutationsOf(journal(intent('m1'), applied('m1', {uid: 'u1', name: 'generated-x'})));
    expect(mutation?.target).toMatchObject({uid: 'u1', name: 'generated-x'});
  });

  it.each([
    ['recovery', 'done', true],
    ['recovery', 'failed', false],
    ['recovery', 'timeout', false],
    ['fault', 'done', false],
    ['fixture', 'done', false],
  ] as const)('of a %s step that ended %s: kept is %s', (role, outcome, kept) => {
    const [mutation] = mutationsOf(journal(intent('m1', role), applied('m1'), stepEnded('inject.0', outcome)));
    expect(mutation && isKept(mutation)).toBe(kept);
  });

  it('is not kept while its step has no end: the process died in it', () => {
    const [mutation] = mutationsOf(journal(intent('m1', 'recovery'), applied('m1')));
    expect(mutation && isKept(mutation)).toBe(false);
  });
});
