import {expect, test} from 'vitest';
import type {JournalEvent} from '../../../../src/journal/types.ts';
import {reportMutations} from '../../../../src/report/model/mutations.ts';
import {entries} from '../../../support/entries.ts';

const intent = (mutation: string): JournalEvent => ({
  type: 'mutation.intent',
  mutation,
  role: 'fault',
  phase: 'inject',
  target: {apiVersion: 'v1', kind: 'ConfigMap', name: 'prices', namespace: 'shop'},
  undo: {kind: 'object/put-back', data: {}, command: `by hand ${mutation}`},
});

test('what nobody came to undo has the command that its record gives; what is undone needs none', () => {
  const mutations = reportMutations(
    entries([
      intent('m1'),
      intent('m2'),
      intent('m3'),
      {type: 'undo.ended', mutation: 'm3', state: 'conflict', command: 'as it turned out'},
      {type: 'undo.ended', mutation: 'm2', state: 'undone'},
    ]),
  );
  expect(mutations.map(({outstanding, command}) => [outstanding, command])).toEqual([
    [true, 'by hand m1'],
    [false, undefined],
    [true, 'as it turned out'],
  ]);
});
