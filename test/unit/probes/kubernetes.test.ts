import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {connect} from '../../../src/cluster/connect.ts';
import type {Connection} from '../../../src/cluster/types.ts';
import {kubernetesApi} from '../../../src/probes/kubernetes-api.ts';
import {kubernetesObject} from '../../../src/probes/kubernetes-object.ts';
import {type FakeApi, startFakeApi} from '../../support/api-server.ts';
import {askControl, askProbe, unhurried} from '../../support/probe-context.ts';

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

const pod = (name: string, phase: string) => ({apiVersion: 'v1', kind: 'Pod', metadata: {name}, status: {phase}});
const podList = (...items: object[]) => ({apiVersion: 'v1', kind: 'PodList', metadata: {}, items}) as never;

describe('kubernetes/object', () => {
  const one = {apiVersion: 'v1', kind: 'Pod', name: 'web', namespace: 'shop'};
  const path = '/api/v1/namespaces/shop/pods/web';
  const ask = (given: object, expected?: string, timeout = 10_000) =>
    askProbe(kubernetesObject, given, {
      cluster: connection.reader,
      timeout,
      clock: unhurried,
      ...(expected === undefined ? {} : {expect: expected}),
    });

  it('judges the object', async () => {
    api.on('GET', path, {body: pod('web', 'Running')});
    expect(await ask(one)).toMatchObject({state: 'ok'});
    expect(await ask(one, "object.status.phase == 'Running'")).toMatchObject({state: 'ok'});
    expect(await ask(one, "object.status.phase == 'Pending'")).toMatchObject({state: 'bad'});
    expect(await ask(one, 'object.status.readyReplicas == 1')).toMatchObject({
      state: 'bad',
      detail: expect.stringMatching(/^missing/),
    });
  });

  it('is bad for an object that is not there, whatever expect says', async () => {
    expect(await ask(one)).toMatchObject({state: 'bad', detail: 'not found'});
    expect(await ask(one, '!has(object.status) || true')).toMatchObject({state: 'bad', detail: 'not found'});
  });

  it.each([
    ['401', {status: 401, body: {kind: 'Status'}}],
    ['403', {status: 403, body: {kind: 'Status'}}],
    ['503', {status: 503, body: {kind: 'Status'}}],
    ['a reset', 'reset'],
    ['a truncated answer', 'truncated'],
    ['an answer that is no JSON', {text: 'hello'}],
  ] as const)('is blind for %s', async (_what, answer) => {
    api.on('GET', path, answer);
    expect(await ask(one)).toMatchObject({state: 'blind', detail: expect.any(String)});
  });

  it('is blind when the API does not answer in time', async () => {
    api.on('GET', path, 'hang');
    expect(await ask(one, undefined, 200)).toMatchObject({state: 'blind', detail: 'timeout'});
  });

  it('is blind when even the deadline of the call does not end it', async () => {
    const cluster = {...connection.reader, resource: () => new Promise<never>(() => {})};
    const reading = await askProbe(kubernetesObject, one, {cluster, timeout: 50, clock: unhurried});
    expect(reading).toEqual({state: 'blind', detail: 'timeout'});
  });

  it('is blind for a kind that the API does not know', async () => {
    expect(await ask({...one, kind: 'Pot'})).toMatchObject({state: 'blind', detail: 'no such kind'});
  });

  it('lists by selector', async () => {
    api.on('GET', '/api/v1/namespaces/shop/pods', {body: podList(pod('a', 'Running'), pod('b', 'Running'))});
    const list = {apiVersion: 'v1', kind: 'Pod', namespace: 'shop', selector: 'app=web'};
    expect(await ask(list, "items.size() == 2 && items.all(p, p.status.phase == 'Running')")).toMatchObject({
      state: 'ok',
    });
    expect(api.received.at(-1)?.query.labelSelector).toBe('app=web');
  });

  it('is bad for an empty list unless that is allowed', async () => {
    api.on('GET', '/api/v1/namespaces/shop/pods', {body: podList()});
    const list = {apiVersion: 'v1', kind: 'Pod', namespace: 'shop'};
    expect(await ask(list, 'items.all(p, p.bad)')).toMatchObject({state: 'bad', detail: 'not found'});
    expect(await ask({...list, allowEmpty: true}, 'items.size() == 0')).toMatchObject({state: 'ok'});
  });

  it('is in the default namespace when none is given', async () => {
    api.on('GET', '/api/v1/namespaces/elsewhere/pods/web', {body: pod('web', 'Running')});
    const {namespace: _, ...given} = one;
    const context = {cluster: connection.reader, defaultNamespace: 'elsewhere'};
    expect(await askProbe(kubernetesObject, given, context)).toMatchObject({state: 'ok'});
    expect(kubernetesObject.permissions(kubernetesObject.input.parse(given), context)).toMatchObject([
      {verb: 'get', group: '', resource: 'pods', namespace: 'elsewhere', name: 'web'},
    ]);
  });

  it('opens a new connection for each sample', async () => {
    api.on('GET', path, {body: pod('web', 'Running')});
    for (let count = 0; count < 3; count += 1) await ask(one);
    const samples = api.received.filter((request) => request.path === path);
    expect(new Set(samples.map(({connection: number}) => number)).size).toBe(3);
  });

  it('has a control that finds nothing', async () => {
    api.on('GET', path, {body: pod('web', 'Running')});
    expect(await askControl(kubernetesObject, one, {cluster: connection.reader})).toMatchObject({
      state: 'bad',
      detail: 'not found',
    });
    expect(
      kubernetesObject.control?.(kubernetesObject.input.parse({apiVersion: 'v1', kind: 'Pod', allowEmpty: true})),
    ).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      selector: 'kubedrill.dev/control=matches-nothing',
      allowEmpty: false,
    });
  });

  it.each([{}, {...one, selector: 'a=b'}, {...one, names: 'x'}])('refuses the input %j', (given) => {
    expect(kubernetesObject.input.safeParse(given).success).toBe(false);
  });
});

describe('kubernetes/api', () => {
  const ask = (timeout = 10_000) =>
    askProbe(kubernetesApi, {}, {cluster: connection.reader, timeout, clock: unhurried});

  it('is ok when the API says that it is ready', async () => {
    api.on('GET', '/readyz', {text: 'ok'});
    expect(await ask()).toMatchObject({state: 'ok', observation: {status: 200, body: 'ok'}});
  });

  it.each([401, 403, 500, 503])('is bad for %i', async (status) => {
    api.on('GET', '/readyz', {status, text: 'no'});
    expect(await ask()).toMatchObject({state: 'bad', detail: String(status)});
  });

  it('is bad when nothing answers', async () => {
    api.on('GET', '/readyz', 'hang');
    expect(await ask(200)).toEqual({state: 'bad', detail: 'timeout'});
    api.on('GET', '/readyz', 'reset');
    expect(await ask()).toEqual({state: 'bad', detail: 'ECONNRESET'});
    await api.stop();
    expect(await ask()).toEqual({state: 'bad', detail: 'ECONNREFUSED'});
  });

  it('has a control that finds out an API which calls everything well', async () => {
    api.on('GET', '/readyz', {text: 'ok'});
    expect(await askControl(kubernetesApi, {}, {cluster: connection.reader})).toMatchObject({
      state: 'bad',
      detail: '404',
    });
    api.on('GET', '/readyz/kubedrill-control', {text: 'ok'});
    expect(await askControl(kubernetesApi, {}, {cluster: connection.reader})).toMatchObject({state: 'ok'});
  });
});
