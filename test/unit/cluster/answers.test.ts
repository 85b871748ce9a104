import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {connect} from '../../../src/cluster/connect.ts';
import {ClusterError, mayHaveApplied} from '../../../src/cluster/errors.ts';
import {listKinds} from '../../../src/cluster/kinds.ts';
import type {Connection} from '../../../src/cluster/types.ts';
import {type Answer, type FakeApi, startFakeApi} from '../../support/api-server.ts';
import {rejection} from '../../support/rejection.ts';

const pod = {apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web-1'};
const pods = '/api/v1/namespaces/shop/pods';
const podPath = `${pods}/web-1`;
const snapshot = {apiVersion: 'db.example.org/v1', kind: 'Snapshot', namespace: 'shop', name: 'latest'};
const snapshots = {
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: 'db.example.org/v1',
  resources: [{name: 'snapshots', kind: 'Snapshot', namespaced: true}],
};
const groups = (...names: string[]): Answer => ({
  body: {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: names.map((name) => ({name, versions: [{groupVersion: `${name}/v1`, version: 'v1'}]})),
  },
});
/** What a load balancer says for a path that leads nowhere, and the API server for one that it does not serve. */
const backend: Answer = {status: 404, text: 'default backend - 404', headers: {'content-type': 'text/plain'}};
const noPage: Answer = {status: 404, text: '404 page not found\n', headers: {'content-type': 'text/plain'}};

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

const failure = (promise: Promise<unknown>): Promise<ClusterError> => rejection(promise, ClusterError);

describe('a refusal that is no Status of the API server', () => {
  const pages: [number, Answer][] = [
    [302, {status: 302, text: '', headers: {location: 'https://login.example.org'}}],
    [400, {status: 400, text: '<h1>400 Bad Request</h1>'}],
    [401, {status: 401, text: '<h1>Log in</h1>'}],
    [403, {status: 403, body: {message: 'blocked by policy'}}],
    [404, backend],
    [404, {status: 404, body: {kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'odd', code: 404}}],
    [404, {status: 404, body: {kind: 'Error', apiVersion: 'v1', reason: 'NotFound', code: 404}}],
    [404, {status: 404, body: {kind: 'Status', apiVersion: 'v2', reason: 'NotFound', code: 404}}],
    [407, {status: 407, text: 'proxy authentication required'}],
    [409, {status: 409, body: {reason: 'AlreadyExists'}}],
    [410, {status: 410, text: 'gone'}],
    [413, {status: 413, text: 'too large'}],
    [422, {status: 422, text: ''}],
  ];

  test.each(pages)('%i is a bad answer: asked again, and no evidence of anything', async (code, answer) => {
    api.on('GET', podPath, answer);
    const error = await failure(connection.reader.get(pod));
    expect(error).toMatchObject({reason: 'badAnswer', status: code});
    expect(error.hint).toContain('in front of the API server');
    expect(api.received.filter(({path}) => path === podPath).length).toBeGreaterThan(1);
    expect(mayHaveApplied(error)).toBe(true);
  });

  test('429 asks to wait, whoever says it; only the API server says that nothing was done', async () => {
    const plain: Answer = {status: 429, text: 'Too many requests, please try again later.\n'};
    const own = {kind: 'Status', apiVersion: 'v1', reason: 'TooManyRequests', message: 'wait', code: 429};
    api.on('GET', podPath, plain);
    const foreign = await failure(connection.reader.get(pod, {fresh: true}));
    api.on('GET', podPath, {status: 429, body: own});
    const genuine = await failure(connection.reader.get(pod, {fresh: true}));
    expect([foreign, genuine].map((error) => [error.reason, mayHaveApplied(error)])).toEqual([
      ['tooManyRequests', true],
      ['tooManyRequests', false],
    ]);
  });

  test('a balancer that recovers is never taken for an object that is gone', async () => {
    const body = {apiVersion: 'v1', kind: 'Pod', metadata: {name: 'web-1', namespace: 'shop'}};
    api.on('GET', podPath, backend, {body});
    expect(await connection.reader.get(pod)).toEqual(body);
  });
});

describe('a kind that is not served', () => {
  test('is so when the index of groups, which is one, does not have it', async () => {
    api.on('GET', '/apis/db.example.org/v1', noPage);
    api.on('GET', '/apis', groups('apps'));
    expect(await failure(connection.reader.get(snapshot))).toMatchObject({reason: 'notFound', detail: 'no such kind'});
  });

  test.each<[string, Answer]>([
    ['the index names it', groups('apps', 'db.example.org')],
    ['the index is none either', backend],
    ['the index is the page of somebody else', {status: 200, text: '{"status": "ok"}'}],
  ])('is a bad answer when %s', async (_name, index) => {
    api.on('GET', '/apis/db.example.org/v1', backend);
    api.on('GET', '/apis', index);
    expect(await failure(connection.reader.get(snapshot))).toMatchObject({reason: 'badAnswer'});
  });

  test('is looked for again when its objects are answered by a plain 404: the CRD may have gone', async () => {
    const path = '/apis/db.example.org/v1/namespaces/shop/snapshots/latest';
    api.on('GET', '/apis/db.example.org/v1', {body: snapshots});
    api.on('GET', '/apis', groups('apps', 'db.example.org'));
    api.on('GET', path, noPage);
    expect(await failure(connection.reader.get(snapshot))).toMatchObject({reason: 'badAnswer'});
    api.on('GET', '/apis/db.example.org/v1', noPage);
    expect(await failure(connection.reader.get(snapshot))).toMatchObject({reason: 'badAnswer'});
    api.on('GET', '/apis', groups('apps'));
    expect(await failure(connection.reader.get(snapshot))).toMatchObject({reason: 'notFound'});
  });

  test('is not shown by a list of resources that is none', async () => {
    api.on('GET', '/apis/db.example.org/v1', {status: 200, text: '{"status": "ok"}'});
    expect(await failure(connection.reader.get(snapshot))).toMatchObject({reason: 'badAnswer'});
  });
});

describe('an answer of success that is not what was asked for', () => {
  test.each<[string, string]>([
    ['somebody else', '{"status": "ok"}'],
    ['a list without items that is of no kind', '{"items": []}'],
    ['the list of another kind', '{"kind": "Pod", "apiVersion": "v1", "metadata": {}}'],
  ])('a list by %s is not empty but a bad answer', async (_name, text) => {
    api.on('GET', pods, {status: 200, text});
    const error = await failure(connection.reader.list({apiVersion: 'v1', kind: 'Pod', namespace: 'shop'}));
    expect(error).toMatchObject({reason: 'badAnswer'});
  });

  test('a list with null for its items is empty', async () => {
    api.on('GET', pods, {body: {kind: 'PodList', apiVersion: 'v1', metadata: {}, items: null}});
    expect(await connection.reader.list({apiVersion: 'v1', kind: 'Pod', namespace: 'shop'})).toEqual([]);
  });

  test('a review that is none is no refusal', async () => {
    api.on('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {status: 200, text: '{"status": {}}'});
    const review = connection.reader.review({verb: 'get', group: '', resource: 'pods'});
    expect(await failure(review)).toMatchObject({reason: 'badAnswer'});
  });

  test.each<[string, Answer]>([
    ['a plain 404', backend],
    ['an error of the server', {status: 503, text: 'service unavailable'}],
    ['the page of somebody else', {status: 200, text: '{"status": "ok"}'}],
  ])('all kinds are not those of the core when the index is %s', async (_name, index) => {
    api.on('GET', '/apis', index);
    expect(await failure(listKinds(connection.reader))).toMatchObject({
      reason: expect.stringMatching(/badAnswer|serverError/),
    });
  });
});
