import {expect, test} from 'vitest';
import type {Difference} from '../../../../src/journal/world.ts';
import {comparisonIn, disagreements} from '../../../support/agreement.ts';
import {RunMaker} from '../../../support/runs.ts';

const target = (name: string) => ({apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name});
const noted = {type: 'world.noted' as const, notes: {file: 'w', sha256: ''}, objects: 1, namespaces: [], unseen: []};
const compared = (differences: Difference[], unseen: string[] = []) => ({
  ...{type: 'world.compared' as const, objects: 1, namespaces: ['shop'], differences, unseen},
});
const changed = (name: string, more: object = {}): Difference => ({
  ...{target: target(name), change: 'changed', paths: ['data.a'], ...more},
});
const run = (...events: Parameters<RunMaker['add']>[1][]) => new RunMaker().add(0, noted, ...events).entries;
const found = ['v1 ConfigMap shop/web: data.a is 1, it was 2'];

test('a change that the drill does not name is a disagreement, whatever else it names or explains', () => {
  expect(disagreements(run(compared([])), found)).toEqual([expect.stringContaining('does not name: v1 ConfigMap')]);
  expect(disagreements(run(compared([changed('web', {explained: 'a stranger'})])), found)).toHaveLength(1);
  // The name of another object begins with that of the one that was found.
  expect(disagreements(run(compared([changed('we')])), found)).toHaveLength(2);
  expect(disagreements(run(compared([changed('web')])), found)).toEqual([]);
});

test('a difference that was not found is a disagreement, unless it is explained', () => {
  expect(disagreements(run(compared([changed('web')])), [])).toEqual([expect.stringContaining('as it was')]);
  expect(disagreements(run(compared([changed('web', {explained: 'a stranger'})])), [])).toEqual([]);
});

test('what is outstanding is named', () => {
  const {entries} = new RunMaker().add(0, noted).change(1, 'web', {role: 'fault', path: 's'}).add(20, compared([]));
  expect(disagreements(entries, found)).toEqual([]);
});

test('a drill that wrote has to compare; one that could not look says so', () => {
  const {entries} = new RunMaker().add(0, noted).change(1, 'web', {role: 'fault', path: 's'});
  expect(disagreements(entries, [])).toEqual([expect.stringContaining('did not compare')]);
  expect(disagreements(run(compared([], ['secrets: forbidden'])), found)).toEqual([]);
  expect(disagreements(run(compared([changed('web')], ['secrets: forbidden'])), [])).toHaveLength(1);
  expect(comparisonIn(run(compared([], ['secrets: forbidden'])))).toBe('compared in part');
});
