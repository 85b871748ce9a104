import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {connect} from '../../../src/cluster/connect.ts';
import {ClusterError} from '../../../src/cluster/errors.ts';
import type {Connection} from '../../../src/cluster/types.ts';
import {type FakeApi, startFakeApi} from '../../support/api-server.ts';
import {rejection} from '../../support/rejection.ts';

const pod = {apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web-1'};
const podBody = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name: 'web-1', namespace: 'shop', uid: 'u1'},
  spec: {odd: 1},
};
const podPath = '/api/v1/namespaces/shop/pods/web-1';
const status = (code: number, reason: string, message: string) => ({
  status: code,
  body: {kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code},
});

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

describe('get', () => {
  test('returns the raw object, and sends no token over plain http', async () => {
    api.on('GET', podPath, {body: podBody});
    expect(await connection.reader.get(pod)).toEqual(podBody);
    expect(api.received.at(-1)?.headers.authorization).toBeUndefined();
  });

  test('discovery is asked once per group version', async () => {
    api.on('GET', podPath, {body: podBody});
    await connection.reader.get(pod);
    await connection.reader.get(pod);
    expect(api.received.filter(({path}) => path === '/api/v1')).toHaveLength(1);
  });

  test.each([
    [400, 'BadRequest', 'invalid'],
    [401, 'Unauthorized', 'unauthorized'],
    [403, 'Forbidden', 'forbidden'],
    [404, 'NotFound', 'notFound'],
    [409, 'Conflict', 'conflict'],
    [409, 'AlreadyExists', 'alreadyExists'],
    [410, 'Expired', 'gone'],
    [418, 'Teapot', 'other'],
    [422, 'Invalid', 'invalid'],
    [429, 'TooManyRequests', 'tooManyRequests'],
    [500, 'InternalError', 'serverError'],
    [503, 'ServiceUnavailable', 'serverError'],
  ])('%i %s is %s, with what, on what object, and the words of the API', async (code, reason, expected) => {
    api.on('GET', podPath, status(code, reason, 'these are the words'));
    const error = await failure(connection.reader.get(pod));
    expect(error).toMatchObject({reason: expected, status: code, apiMessage: 'these are the words'});
    expect(error.message).toBe('get Pod shop/web-1: these are the words');
  });

  test('a failure that passes is asked again, a definite answer is not', async () => {
    api.on('GET', podPath, status(503, 'ServiceUnavailable', 'starting'), 'reset', {body: podBody});
    expect(await connection.reader.get(pod)).toEqual(podBody);
    expect(api.received.filter(({path}) => path === podPath)).toHaveLength(3);
    api.on('GET', podPath, status(403, 'Forbidden', 'no'));
    await failure(connection.reader.get(pod));
    expect(api.received.filter(({path}) => path === podPath)).toHaveLength(4);
  });

  test('Retry-After longer than the deadline ends the call at once with the figure', async () => {
    api.on('GET', podPath, {...status(429, 'TooManyRequests', 'slow down'), headers: {'retry-after': '60'}});
    const error = await failure(connection.reader.get(pod, {timeout: 5000}));
    expect(error.retryAfter).toBe(60);
    expect(api.received.filter(({path}) => path === podPath)).toHaveLength(1);
  });

  test('no answer within the deadline is a timeout', async () => {
    api.on('GET', podPath, 'hang');
    const error = await failure(connection.reader.get(pod, {timeout: 150}));
    expect(error.reason).toBe('timeout');
    expect(error.exitCode).toBe(3);
  });

  test('an abort rejects with the reason of the signal', async () => {
    api.on('GET', podPath, 'hang');
    const controller = new AbortController();
    const call = connection.reader.get(pod, {signal: controller.signal});
    controller.abort(new Error('stop it'));
    await expect(call).rejects.toThrow('stop it');
  });

  test.each([
    ['HTML', {status: 200, text: '<html>login</html>'}],
    ['a list', {status: 200, text: '[1]'}],
    ['cut JSON', {status: 200, text: '{"kind": "Po'}],
    ['no object of Kubernetes', {status: 200, text: '{"a": 1}'}],
  ] as const)('%s is a bad answer', async (_name, answer) => {
    api.on('GET', podPath, answer);
    expect((await failure(connection.reader.get(pod))).reason).toBe('badAnswer');
  });

  test('an answer that breaks off is unreachable and says so', async () => {
    api.on('GET', podPath, 'truncated');
    const error = await failure(connection.reader.get(pod));
    expect(error).toMatchObject({reason: 'unreachable', message: expect.stringContaining('broke off')});
  });

  test('a proxy page instead of a Status is quoted in one line', async () => {
    api.on('GET', podPath, {status: 502, text: '<h1>Bad\nGateway</h1>\u001b[31m'});
    expect((await failure(connection.reader.get(pod, {fresh: true}))).message).toBe(
      'get Pod shop/web-1: <h1>Bad Gateway</h1>\\u001b[31m',
    );
  });

  test('a refused connection names the address and a command', async () => {
    api.on('GET', podPath, {body: podBody});
    await connection.reader.get(pod);
    await api.stop();
    const error = await failure(connection.reader.get(pod));
    expect(error).toMatchObject({reason: 'unreachable', detail: 'ECONNREFUSED', exitCode: 3});
    expect(error.explain()).toBe(
      `get Pod shop/web-1: no answer from ${api.url}: connection refused\nTry: kubectl --context fake get --raw /readyz`,
    );
    api = await startFakeApi();
  });

  test('a kind that is not served is named, with the one that was meant', async () => {
    const error = await failure(connection.reader.get({...pod, kind: 'Pods'}));
    expect(error).toMatchObject({reason: 'notFound', hint: 'Did you mean Pod?'});
  });

  test('no credential is in any error', async () => {
    api.on('GET', podPath, status(401, 'Unauthorized', 'Unauthorized'));
    const error = await failure(connection.reader.get(pod));
    expect(JSON.stringify([error, error.explain(), error.stack])).not.toContain('sesame');
  });
});

describe('list', () => {
  const listPath = '/api/v1/namespaces/shop/pods';
  const page = (names: string[], token?: string) => ({
    body: {
      kind: 'PodList',
      apiVersion: 'v1',
      metadata: {resourceVersion: '7', ...(token ? {continue: token} : {})},
      items: names.map((name) => ({metadata: {name, namespace: 'shop'}})),
    },
  });

  test('reads all pages and gives every item its kind', async () => {
    api.on('GET', listPath, page(['a', 'b'], 'next'), page(['c']));
    const items = await connection.reader.list({
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: 'shop',
      labelSelector: 'a=b',
    });
    expect(items.map(({kind, metadata: {name}}) => `${kind} ${name}`)).toEqual(['Pod a', 'Pod b', 'Pod c']);
    expect(api.received.slice(-2).map(({query}) => query)).toEqual([
      {labelSelector: 'a=b', limit: '500'},
      {labelSelector: 'a=b', limit: '500', continue: 'next'},
    ]);
  });

  test('starts anew when the token is too old, and does not give items twice', async () => {
    api.on('GET', listPath, page(['a'], 'old'), status(410, 'Expired', 'too old'), page(['a'], 'new'), page(['b']));
    const items = await connection.reader.list({apiVersion: 'v1', kind: 'Pod', namespace: 'shop'});
    expect(items.map(({metadata: {name}}) => name)).toEqual(['a', 'b']);
  });

  test('asks for everything in one piece when tokens go on expiring', async () => {
    const expired = status(410, 'Expired', 'too old');
    api.on('GET', listPath, page(['a'], 't'), expired, page(['a'], 't'), expired, page(['a', 'b']));
    const items = await connection.reader.list({apiVersion: 'v1', kind: 'Pod', namespace: 'shop'});
    expect(items).toHaveLength(2);
    expect(api.received.at(-1)?.query).toEqual({});
  });

  const pods = {apiVersion: 'v1', kind: 'Pod', namespace: 'shop'};
  const lost = status(404, 'NotFound', 'the server could not find the requested resource');

  test('not found is believed of a kind that is not served any more, and asked again of one that is', async () => {
    api.on('GET', listPath, lost, page(['a']));
    expect(await connection.reader.list(pods)).toHaveLength(1);
    api.on('GET', listPath, lost);
    const error = await failure(connection.reader.list(pods));
    expect(error).toMatchObject({reason: 'badAnswer', detail: 'not found, and yet it serves this kind'});
    api.on('GET', '/api/v1', {body: {kind: 'APIResourceList', groupVersion: 'v1', resources: []}});
    expect(await failure(connection.reader.list(pods))).toMatchObject({reason: 'notFound', detail: 'no such kind'});
  });
});

describe('raw and review', () => {
  test('raw gives answers of any status', async () => {
    api.on('GET', '/readyz', {status: 500, text: 'etcd failed'});
    expect(await connection.reader.raw('/readyz')).toMatchObject({status: 500, body: 'etcd failed'});
  });

  test('fresh requests use one connection each and are asked once; others share theirs', async () => {
    api.on('GET', '/readyz', {text: 'ok'});
    for (let count = 0; count < 3; count++) await connection.reader.raw('/readyz', {fresh: true});
    for (let count = 0; count < 3; count++) await connection.reader.raw('/readyz');
    expect(new Set(api.received.slice(0, 3).map(({connection: id}) => id)).size).toBe(3);
    expect(new Set(api.received.slice(3).map(({connection: id}) => id)).size).toBe(1);
    api.on('GET', '/readyz', 'reset');
    await failure(connection.reader.raw('/readyz', {fresh: true}));
    expect(api.received).toHaveLength(7);
  });

  test('review asks the API server and gives its reason', async () => {
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    api.on('POST', path, {
      status: 201,
      body: {kind: 'SelfSubjectAccessReview', status: {allowed: false, reason: 'no'}},
    });
    const permission = {verb: 'delete', group: '', resource: 'pods', namespace: 'shop'};
    expect(await connection.reader.review(permission)).toEqual({allowed: false, reason: 'no'});
    expect(JSON.parse(api.received.at(-1)?.body ?? '')).toMatchObject({spec: {resourceAttributes: permission}});
  });
});

describe('identify', () => {
  test('gives UID, version and nodes', async () => {
    api.on('GET', '/api/v1/namespaces/kube-system', {
      body: {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'kube-system', uid: 'id'}},
    });
    api.on('GET', '/version', {body: {gitVersion: 'v1.34.4'}});
    api.on('GET', '/api/v1/nodes', {
      body: {
        kind: 'NodeList',
        apiVersion: 'v1',
        items: [
          {
            metadata: {name: 'n', labels: {'node-role.kubernetes.io/control-plane': ''}},
            spec: {providerID: 'p'},
            status: {nodeInfo: {kubeletVersion: 'v1', machineID: 'm'}, conditions: [{type: 'Ready', status: 'True'}]},
          },
        ],
      },
    });
    expect(await connection.identify()).toEqual({
      uid: 'id',
      server: api.url,
      context: 'fake',
      version: 'v1.34.4',
      nodes: [{name: 'n', version: 'v1', machineId: 'm', providerId: 'p', roles: ['control-plane'], ready: true}],
    });
    api.on('GET', '/api/v1/nodes', status(403, 'Forbidden', 'no'));
    expect((await connection.identify()).nodes).toEqual([]);
  });
});
