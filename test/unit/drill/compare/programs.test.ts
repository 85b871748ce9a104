import {expect, test} from 'vitest';
import {programRuns, programsBehind} from '../../../../src/drill/compare/programs.ts';
import {outside} from '../../../../src/io/target.ts';
import {RunMaker} from '../../../support/runs.ts';

const undo = {kind: 'command/undo', data: {}};
const entries = new RunMaker()
  .add(1000, {
    type: 'mutation.intent',
    mutation: 'm1',
    role: 'fault',
    phase: 'inject',
    step: 'inject.0',
    target: outside('Program', 'x'),
    undo,
  })
  .add(3000, {type: 'mutation.applied', mutation: 'm1', answer: {}})
  .add(4000, {
    type: 'mutation.intent',
    mutation: 'm2',
    role: 'fault',
    phase: 'inject',
    step: 'inject.1',
    target: {apiVersion: 'v1', kind: 'Pod', namespace: 'a', name: 'b'},
    undo,
  })
  .add(12000, {type: 'undo.started', mutation: 'm1', kind: 'command/undo', by: 'undo'})
  .add(13000, {type: 'undo.ended', mutation: 'm1', state: 'undone'})
  .done().entries;

test('a program runs until it is answered, and again as its undo', () => {
  const runs = programRuns(entries);
  expect(runs.map(({step, stays, from, until}) => [step, stays, until - from])).toEqual([
    ['inject.0', false, 2000],
    ['inject.0', false, 1000],
  ]);
});

test('what was written in a second in which it ran may be its doing, and nothing else', () => {
  const programs = programRuns(entries);
  const from = programs[0]?.from ?? 0;
  const behind = (seconds: number) =>
    programsBehind([{time: Math.floor(from / 1000) * 1000 + seconds * 1000}], {programs}).length;
  expect([-2, 0, 1, 2, 4, 12].map(behind)).toEqual([0, 1, 1, 1, 0, 1]);
});
