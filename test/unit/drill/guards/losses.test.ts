import {expect, test} from 'vitest';
import {guardLosses} from '../../../../src/drill/guards/losses.ts';

const tokens = ['a', 'b', 'c', 'd', 'a'].map((what) => ({loss: 'credentials', of: 'Pod', what}));

test('each kind of loss is named once, with some of what is meant', () => {
  const losses = [...tokens, {loss: 'volumeData', of: 'PersistentVolume'}];
  expect(guardLosses(losses, {}).map(({message}) => message)).toEqual([
    'no undo returns the credentials of Pod (a, b, c and 1 more)',
    'no undo returns the volumeData of PersistentVolume',
  ]);
});

test('what is accepted is named no more', () => {
  const accept = (loss: 'credentials' | 'objects', of?: string[]) => ({
    accept: [{loss, ...(of === undefined ? {} : {of}), reason: 'a test'}],
  });
  expect(guardLosses(tokens, accept('credentials'))).toEqual([]);
  expect(guardLosses(tokens, accept('credentials', ['Pod']))).toEqual([]);
  expect(guardLosses(tokens, accept('credentials', ['Secret']))).toHaveLength(1);
  expect(guardLosses(tokens, accept('objects'))).toHaveLength(1);
});
