import {expect, test} from 'vitest';
import type {UndoContext, UndoDefinition} from '../../../../src/actions/define.ts';
import type {OwnWork, Standing} from '../../../../src/actions/own-work.ts';
import {keep} from '../../../../src/drill/undo/keep.ts';
import type {Need} from '../../../../src/outside/means.ts';

const target = {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'a', name: 'one'};
const given = {data: {}, target};
const own: OwnWork = {
  fixture: () => undefined,
  maker: () => undefined,
  isRemoved: false,
  isDoubted: false,
  written: [],
};

/** What `keep` needs of a context; its clock counts the pauses between two looks. */
function context(work: Partial<OwnWork> = {}) {
  const pauses: number[] = [];
  const clock = {sleep: async (ms: number) => void pauses.push(ms)};
  const {signal} = new AbortController();
  return {pauses, ctx: {clock, signal, own: {...own, ...work}} as unknown as UndoContext<Need>};
}

const standing = (state: Standing['state']) =>
  ({stays: async () => ({state, detail: 'as seen'}), command: () => 'by hand'}) as unknown as UndoDefinition;

test('what the recovery did stays where it is there still', async () => {
  expect(await keep(standing('stays'), context().ctx, given)).toEqual({
    state: 'kept',
    detail: 'its step succeeded: what it repaired stays',
  });
});

test('what it did to a fixture goes with the fixture', async () => {
  const {ctx} = context({fixture: () => 'the drill itself made it'});
  expect(await keep(standing('stays'), ctx, given)).toMatchObject({
    state: 'kept',
    detail: expect.stringContaining('the drill itself made it'),
  });
});

test('nothing is kept of what is gone, and what somebody else has changed is a conflict', async () => {
  expect(await keep(standing('gone'), context().ctx, given)).toMatchObject({state: 'already'});
  expect(await keep(standing('changed'), context().ctx, given)).toEqual({
    state: 'conflict',
    detail: 'somebody else has changed it since the recovery: as seen',
    command: 'kubectl -n a get configmap/one -o yaml',
  });
});

test('what the platform heals is waited for', async () => {
  const looks = [false, false, true];
  const verify = async () => ({ok: looks.shift() ?? true, detail: '2 of 2 pods ready'});
  const {ctx, pauses} = context();
  expect(await keep({verify} as unknown as UndoDefinition, ctx, given)).toEqual({
    state: 'kept',
    detail: '2 of 2 pods ready',
  });
  expect([looks, pauses.length]).toEqual([[], 2]);
});
