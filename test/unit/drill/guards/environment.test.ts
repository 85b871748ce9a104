import {expect, test} from 'vitest';
import type {ClusterIdentity} from '../../../../src/cluster/types.ts';
import {defaultConfig} from '../../../../src/drill/config/config.ts';
import {guardEnvironment} from '../../../../src/drill/guards/environment.ts';

const identity: ClusterIdentity = {
  uid: 'u1',
  server: 'https://10.0.0.1:6443',
  context: 'c',
  version: 'v1.34.0',
  nodes: [],
};
type Facts = Parameters<typeof guardEnvironment>[0];

const refused = (parts: Partial<Facts>, clusters: Facts['config']['clusters'] = []) =>
  guardEnvironment({
    environment: {name: 'staging', source: 'config'},
    allowed: ['staging', 'production'],
    identity,
    config: {...defaultConfig, clusters},
    approve: undefined,
    approvedBy: undefined,
    operator: 'ada',
    ...parts,
  }).flatMap(({guard, ok, message}) => (ok ? [] : [`${guard}: ${message}`]));

const known = {name: 'shop', uid: 'u1', server: 'https://10.0.0.1:6443/', environment: 'production'};

test('a class that the scenario names, on the cluster that is meant', () => {
  expect(refused({}, [known])).toEqual([]);
});
test('a class that the scenario does not name', () => {
  expect(refused({environment: {name: 'dev', source: 'config'}})).toEqual([expect.stringMatching(/^environment: /)]);
});
test('another cluster behind a pinned address', () => {
  expect(refused({}, [{...known, uid: 'u2'}])).toEqual([expect.stringMatching(/^identity: .* pinned as shop/)]);
});
test('a clone: the UID of a pinned cluster at another address', () => {
  const elsewhere = {...known, server: 'https://10.0.0.2:6443'};
  expect(refused({}, [elsewhere])).toEqual([expect.stringMatching(/^identity: .* pinned to https:\/\/10\.0\.0\.2/)]);
  expect(refused({}, [elsewhere, known])).toEqual([]);
});

const production = {environment: {name: 'production', source: 'undeclared'}};
test.each([
  ['no approval', {}, 'needs --approve'],
  ['approval of another cluster', {approve: 'other', approvedBy: 'grace'}, 'other is neither'],
  ['no approver', {approve: 'u1'}, 'needs an approver'],
  ['the operator as approver', {approve: 'u1', approvedBy: 'ada'}, 'must not be the operator'],
])('production is refused with %s', (_, parts, message) => {
  expect(refused({...production, ...parts})).toEqual([expect.stringContaining(message)]);
});
test('production with the cluster named and somebody else who approves', () => {
  expect(refused({...production, approve: 'u1', approvedBy: 'grace'})).toEqual([]);
  expect(refused({...production, approve: 'shop', approvedBy: 'grace'}, [known])).toEqual([]);
});
