import {expect, test} from 'vitest';
import {trackUndos} from '../../../../src/cli/show/outstanding.ts';
import {entries} from '../../../support/entries.ts';

const intent = (mutation: string, name: string) => ({
  type: 'mutation.intent' as const,
  mutation,
  role: 'fault' as const,
  phase: 'inject' as const,
  target: {apiVersion: 'v1', kind: 'ConfigMap', name, namespace: 'shop'},
  undo: {kind: 'object/put-back', data: {}},
});
const error = {code: 'E', message: 'no'};

test('counts an intent until it is undone, kept, or known not to have happened; newest first', () => {
  const undos = trackUndos();
  const all = entries([
    intent('m1', 'a'),
    {type: 'mutation.applied', mutation: 'm1'},
    intent('m2', 'b'),
    {type: 'mutation.failed', mutation: 'm2', maybeApplied: false, error},
    intent('m3', 'c'),
    {type: 'mutation.failed', mutation: 'm3', maybeApplied: true, error},
    intent('m4', 'd'),
    intent('m5', 'e'),
    intent('m6', 'f'),
    {type: 'undo.ended', mutation: 'm6', state: 'undone'},
    {type: 'undo.ended', mutation: 'm5', state: 'kept'},
    {type: 'undo.ended', mutation: 'm4', state: 'conflict'},
  ]);
  for (const entry of all) undos.entry(entry);
  expect(undos.list().map(({target}) => target)).toEqual(['ConfigMap shop/d', 'ConfigMap shop/c', 'ConfigMap shop/a']);
});
