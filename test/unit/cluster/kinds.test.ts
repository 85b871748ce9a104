import {afterEach, beforeEach, expect, test} from 'vitest';
import {connect} from '../../../src/cluster/connect.ts';
import {ClusterError} from '../../../src/cluster/errors.ts';
import {listKinds} from '../../../src/cluster/kinds.ts';
import type {Connection} from '../../../src/cluster/types.ts';
import {type FakeApi, startFakeApi} from '../../support/api-server.ts';
import {rejection} from '../../support/rejection.ts';

let api: FakeApi;
let connection: Connection;

beforeEach(async () => {
  api = await startFakeApi();
  connection = await connect({kubeconfigText: api.kubeconfig, env: {}});
});

afterEach(async () => {
  connection.close();
  await api.stop();
});

const served = (groupVersion: string, name: string, kind: string) => ({
  body: {
    kind: 'APIResourceList',
    groupVersion,
    resources: [{name, kind, namespaced: true, verbs: ['list', 'delete']}],
  },
});
const index = (...versions: string[]) => ({
  body: {kind: 'APIGroupList', groups: versions.map((groupVersion) => ({preferredVersion: {groupVersion}}))},
});

test('a group of which nobody tells the kinds is named, and the others are there', async () => {
  api.on('GET', '/api/v1', served('v1', 'pods', 'Pod'));
  api.on('GET', '/apis', index('apps/v1', 'gone.example.com/v1'));
  api.on('GET', '/apis/apps/v1', served('apps/v1', 'deployments', 'Deployment'));
  const {kinds, silent} = await listKinds(connection.reader);
  expect(kinds.map(({kind}) => kind)).toEqual(['Pod', 'Deployment']);
  expect(silent).toEqual(['gone.example.com/v1']);
});

test('one wrong answer hides nothing', async () => {
  const lost = {status: 404, text: '404 page not found'};
  api.on('GET', '/api/v1', lost, served('v1', 'pods', 'Pod'));
  api.on('GET', '/apis', lost, index('apps/v1'));
  api.on('GET', '/apis/apps/v1', lost, served('apps/v1', 'deployments', 'Deployment'));
  const {kinds, silent} = await listKinds(connection.reader);
  expect(kinds.map(({kind}) => kind)).toEqual(['Pod', 'Deployment']);
  expect(silent).toEqual([]);
});

test('an API server that does not say which groups it has is an error', async () => {
  api.on('GET', '/api/v1', served('v1', 'pods', 'Pod'));
  expect(await rejection(listKinds(connection.reader), ClusterError)).toMatchObject({reason: 'badAnswer', status: 404});
});
