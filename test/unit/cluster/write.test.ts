import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {connect} from '../../../src/cluster/connect.ts';
import {type ClusterError, mayHaveApplied} from '../../../src/cluster/errors.ts';
import type {ClusterWriter, Connection} from '../../../src/cluster/types.ts';
import {withOptions} from '../../../src/cluster/write.ts';
import {type FakeApi, startFakeApi} from '../../support/api-server.ts';

const pods = '/api/v1/namespaces/shop/pods';
const pod = {apiVersion: 'v1', kind: 'Pod', metadata: {name: 'p', namespace: 'shop'}};
const ref = {apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'p'};

let api: FakeApi;
let connection: Connection;
let writer: ClusterWriter;

beforeEach(async () => {
  api = await startFakeApi();
  connection = await connect({kubeconfigText: api.kubeconfig, env: {}});
  writer = connection.writer;
  await connection.reader.resource('v1', 'Pod');
  await connection.reader.resource('apps/v1', 'Deployment');
  api.received.length = 0;
});

afterEach(async () => {
  connection.close();
  await api.stop();
});

const sent = () => {
  const {method, path, query, headers, body} = api.received.at(-1) ?? expect.unreachable();
  return {method, path, query, type: headers['content-type'], body: JSON.parse(body)};
};

describe('what is sent', () => {
  test('create', async () => {
    api.on('POST', pods, {status: 201, body: pod});
    await writer.create(pod, {dryRun: true});
    expect(sent()).toEqual({
      method: 'POST',
      path: pods,
      query: {fieldManager: 'kubedrill', dryRun: 'All', fieldValidation: 'Strict'},
      type: 'application/json',
      body: pod,
    });
  });

  test('apply', async () => {
    api.on('PATCH', `${pods}/p`, {body: pod});
    await writer.apply(pod, {fieldManager: 'kubedrill', force: true});
    expect(sent()).toMatchObject({
      query: {fieldManager: 'kubedrill', force: 'true', fieldValidation: 'Strict'},
      type: 'application/apply-patch+yaml',
    });
  });

  test.each([
    ['json', 'application/json-patch+json'],
    ['merge', 'application/merge-patch+json'],
    ['strategic', 'application/strategic-merge-patch+json'],
  ] as const)('%s patch, of a subresource', async (type, contentType) => {
    const path = '/apis/apps/v1/namespaces/shop/deployments/web/scale';
    api.on('PATCH', path, {body: {apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: {name: 'web'}}});
    const web = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web'};
    await writer.patch(web, {spec: {replicas: 0}}, {type, subresource: 'scale'});
    expect(sent()).toMatchObject({path, type: contentType, body: {spec: {replicas: 0}}});
  });

  test('delete, its dry run in the body as the API server wants it', async () => {
    api.on('DELETE', `${pods}/p`, {body: {kind: 'Status', status: 'Success'}});
    await writer.delete(ref, {uid: 'u', gracePeriodSeconds: 0, propagationPolicy: 'Orphan', dryRun: true});
    expect(sent().body).toEqual({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions: {uid: 'u'},
      gracePeriodSeconds: 0,
      propagationPolicy: 'Orphan',
      dryRun: ['All'],
    });
  });

  test('replace and evict', async () => {
    api.on('PUT', `${pods}/p`, {body: pod});
    await writer.replace(pod);
    expect(sent()).toMatchObject({method: 'PUT', body: pod});
    api.on('POST', `${pods}/p/eviction`, {status: 201, body: {kind: 'Status', status: 'Success'}});
    await writer.evict({namespace: 'shop', name: 'p', uid: 'u'});
    expect(sent().body).toMatchObject({kind: 'Eviction', deleteOptions: {preconditions: {uid: 'u'}}});
  });
});

describe('a write is one call', () => {
  test.each([
    ['a server error', {status: 503, body: {kind: 'Status', message: 'starting'}}, 'serverError'],
    ['a reset', 'reset', 'unreachable'],
    ['a broken answer', 'truncated', 'unreachable'],
    ['a timeout', 'hang', 'timeout'],
    [
      'asked to wait',
      {status: 429, headers: {'retry-after': '1'}, body: {kind: 'Status', message: 'wait'}},
      'tooManyRequests',
    ],
  ] as const)('%s is not tried again', async (_name, answer, reason) => {
    api.on('DELETE', `${pods}/p`, answer);
    await expect(writer.delete(ref, {timeout: 300})).rejects.toMatchObject({reason});
    expect(api.received).toHaveLength(1);
  });

  test('and goes over a connection of its own, which no server can have closed meanwhile', async () => {
    api.on('PUT', `${pods}/p`, {body: pod});
    await writer.replace(pod);
    await writer.replace(pod);
    expect(new Set(api.received.map(({connection: id}) => id)).size).toBe(2);
  });
});

describe('fields that the kind does not have', () => {
  const message =
    'patch: Invalid value: "{\\"data\\":{\\"password\\":\\"c2VjcmV0\\"}}": strict decoding error: unknown field "spec.replics"';

  test('are refused by name, without the object that the API server repeats', async () => {
    api.on('PATCH', `${pods}/p`, {
      status: 422,
      body: {apiVersion: 'v1', kind: 'Status', status: 'Failure', reason: 'Invalid', message, code: 422},
    });
    const error = await writer.patch(ref, {spec: {replics: 0}}, {type: 'merge'}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      reason: 'invalid',
      message: 'patch Pod shop/p: unknown field "spec.replics"',
      hint: expect.stringContaining('kubectl explain pod --recursive'),
    });
    expect(JSON.stringify(error)).not.toContain('c2VjcmV0');
  });

  test('are refused to an apply as well, which has certainly not been done', async () => {
    const said =
      'failed to create typed patch object (shop/p; v1, Kind=Pod): .spec.replics: field not declared in schema';
    api.on('PATCH', `${pods}/p`, {
      status: 500,
      body: {apiVersion: 'v1', kind: 'Status', status: 'Failure', message: said, code: 500},
    });
    const error = await writer.apply(pod, {fieldManager: 'kubedrill'}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({message: 'apply Pod shop/p: unknown field "spec.replics"', reason: 'invalid'});
    expect(mayHaveApplied(error as ClusterError)).toBe(false);
  });

  test('are left to the API server where the write is lenient', async () => {
    api.on('POST', pods, {status: 201, body: pod});
    await withOptions(writer, {lenient: true}).create(pod);
    expect(sent().query).toEqual({fieldManager: 'kubedrill'});
  });
});

test('warnings of the API server are told, each by itself', async () => {
  const warning = ['299 - "unknown field \\"spec.replics\\""', '299 - "v1 Thing is deprecated, use v2"'];
  api.on('POST', pods, {status: 201, body: pod, headers: {warning}});
  const told: string[] = [];
  await writer.create(pod, {onWarning: (text) => told.push(text)});
  expect(told).toEqual(['unknown field "spec.replics"', 'v1 Thing is deprecated, use v2']);
});
