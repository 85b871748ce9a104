import {describe, expect, it} from 'vitest';
import {isFixture, ownWork, type UndoneBy} from '../../../../src/drill/undo/own-work.ts';
import type {JournalEntry, JournalEvent, Role} from '../../../../src/journal/types.ts';
import {memoryVault} from '../../../support/action-context.ts';

const one = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web'};
const home = {apiVersion: 'v1', kind: 'Namespace', name: 'shop'};
const written = {apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'web'}, spec: {replicas: 2}};
const kinds = {
  makes: {kind: 'object/remove', data: {written}},
  deletes: {kind: 'object/recreate', data: {uid: 'u', saved: {file: 'f', sha256: 's'}}},
  scales: {kind: 'scale/put-back', data: {uid: 'u', before: 2, after: 0}},
};

interface Step {
  role: Role;
  does: keyof typeof kinds;
  to?: typeof one | typeof home;
  uid?: string;
  end?: 'done' | 'failed';
  undo?: {state: 'undone' | 'already' | 'conflict' | 'kept'; uid?: string};
}

/** A journal of steps with one mutation each, `m0`, `m1`… */
function journal(...steps: Step[]): JournalEntry[] {
  const events = steps.flatMap(({role, does, to = one, uid, end = 'done', undo}, at): JournalEvent[] => {
    const mutation = `m${at}`;
    const step = `step.${at}`;
    return [
      {type: 'mutation.intent', mutation, role, phase: 'inject', step, target: to, undo: kinds[does]},
      {type: 'mutation.applied', mutation, ...(uid === undefined ? {} : {answer: {name: to.name, uid}})},
      {type: 'step.ended', path: step, outcome: end},
      ...(undo === undefined ? [] : [{type: 'undo.ended' as const, mutation, ...undo}]),
    ];
  });
  return events.map((event, seq) => ({v: 1, seq, at: '2026-11-20T21:40:07.000Z', mono: seq, ...event}));
}

const vault = memoryVault(new Map());
const own = (entries: JournalEntry[], id: string, by: UndoneBy = 'undo') => ownWork(entries, id, {by, vault});

describe('what the drill itself did to an object', () => {
  const made: Step = {role: 'fixture', does: 'makes', uid: 'u1'};
  const deleted: Step = {role: 'fault', does: 'deletes'};
  const again: Step = {role: 'recovery', does: 'makes', uid: 'u2'};

  it('knows by UIDs who made it', async () => {
    const {maker} = await own(journal(made, {...deleted, undo: {state: 'undone', uid: 'u3'}}, again), 'm1');
    expect(['u1', 'u2', 'u3', 'u4', undefined].map(maker)).toEqual(['step', 'kept', 'undo', undefined, undefined]);
  });

  it.each<[string, Partial<Step>, 'kept' | 'step']>([
    ['closed as kept', {undo: {state: 'kept'}}, 'kept'],
    ['changed by somebody else', {undo: {state: 'conflict'}}, 'kept'],
    ['found gone', {undo: {state: 'already'}}, 'step'],
    ['of a step that failed', {end: 'failed'}, 'step'],
  ])('a recovery that is %s', async (_, more, maker) => {
    const work = await own(journal(made, deleted, {...again, ...more}), 'm1');
    expect(work.maker('u2')).toBe(maker);
    expect(work.written.length > 0).toBe(maker === 'kept');
  });

  it('knows what later recoveries have written, of whatever kind, and that one has deleted it', async () => {
    const scaled: Step = {role: 'recovery', does: 'scales'};
    const entries = journal(made, scaled, {role: 'recovery', does: 'deletes'});
    expect(await own(entries, 'm0')).toMatchObject({
      isRemoved: true,
      isDoubted: false,
      written: [{path: ['spec', 'replicas'], before: 2, after: 0}],
    });
    expect((await own(entries, 'm1')).written).toEqual([]);
  });

  it.each<[string, Step[], boolean]>([
    ['made by a fixture', [made, deleted, again], true],
    ['made by the fault', [{role: 'fault', does: 'makes'}], true],
    ['in a namespace of a fixture', [{role: 'fixture', does: 'makes', to: home}, deleted], true],
    ['there before', [deleted, again], false],
    ['made by the recovery', [again], false],
    ['in a namespace that was there before', [{role: 'fault', does: 'deletes', to: home}, deleted], false],
    ['never touched', [], false],
  ])('an object that was %s', (_, steps, wanted) => {
    expect(isFixture(journal(...steps), {...one, apiVersion: 'apps/v2'})).toBe(wanted);
  });

  it('a recovery that plays an undo wants a fixture back', async () => {
    const entries = journal(made, deleted);
    expect((await own(entries, 'm1', 'rollback')).fixture(one)).toBeDefined();
    expect((await own(entries, 'm1', 'step')).fixture(one)).toBeUndefined();
  });
});
