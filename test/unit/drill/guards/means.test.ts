import {expect, test} from 'vitest';
import {guardMeans} from '../../../../src/drill/guards/means.ts';
import type {Spec} from '../../../../src/scenario/index.ts';

const exec = {run: () => Promise.reject(new Error('not asked here'))};
const asks = (uses: string) => ({uses, with: {argv: ['true']}});
const spec = {
  probes: [
    {name: 'said', ...asks('command')},
    {name: 'answers', uses: 'http'},
  ],
  canaries: [
    {name: 'orders', uses: 'command'},
    {name: 'objects', uses: 'kubernetes'},
  ],
  recover: [{waitFor: asks('command')}, {parallel: [{waitFor: asks('command')}]}],
  effect: {within: 1000, prove: asks('command')},
  verify: {checks: [{name: 'it says so', ...asks('command')}]},
} as unknown as Spec;

test('everything that uses means which are not at hand is named, wherever it stands', () => {
  expect(guardMeans(spec, {}).map(({message}) => message.split(':')[0])).toEqual([
    'the probe said',
    'the check it says so',
    'effect.prove',
    'a waitFor',
    'a waitFor',
    'the canary orders',
  ]);
  expect(guardMeans(spec, {exec: {look: exec, change: exec}})).toEqual([]);
});
