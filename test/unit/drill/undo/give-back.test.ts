import {expect, test} from 'vitest';
import type {UndoContext} from '../../../../src/actions/define.ts';
import {ClusterError} from '../../../../src/cluster/errors.ts';
import {giveBack} from '../../../../src/drill/undo/give-back.ts';
import {systemClock} from '../../../../src/io/clock.ts';
import type {Mutation} from '../../../../src/journal/recover.ts';

const target = {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings'};
const entry = (manager: string) => ({
  ...{manager, operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', time: '2026-11-20T21:00:00Z'},
  fieldsV1: {'f:data': {'f:mode': {}}},
});
const gone = () => new ClusterError('not found', {reason: 'notFound'});

/** What is written for an object whose fields the drill has, when the looks at it are answered so. */
async function written(...answers: ('gone' | 'there')[]): Promise<unknown[]> {
  const patches: unknown[] = [];
  const live = {
    ...{apiVersion: 'v1', kind: 'ConfigMap', data: {mode: 'calm'}},
    metadata: {
      name: 'settings',
      namespace: 'shop',
      uid: '1',
      resourceVersion: '5',
      managedFields: [entry('kubedrill')],
    },
  };
  const get = async () => {
    if (answers.shift() === 'there') return live;
    throw gone();
  };
  const ctx = {
    ...{clock: systemClock, signal: new AbortController().signal, cluster: {get}},
    write: {cluster: {patch: async (_target: unknown, patch: unknown) => patches.push(patch)}},
  } as unknown as UndoContext;
  const undo = {kind: 'object/put-back', data: {}, owners: {entries: [entry('helm')]}};
  await giveBack(ctx, {id: 'm', target, undo} as unknown as Mutation, {data: {}, entries: []});
  return patches;
}

test('fields are given back although one look says that the object is gone: the undo has just seen it', async () => {
  const patch = {
    metadata: {uid: '1', resourceVersion: '5', managedFields: [expect.objectContaining({manager: 'helm'})]},
  };
  expect(await written('there')).toEqual([patch]);
  expect(await written('gone', 'there')).toEqual([patch]);
});

test('an object that is gone has no fields to give back', async () => {
  expect(await written('gone', 'gone')).toEqual([]);
});
