import {describe, expect, test} from 'vitest';
import type {UndoContext} from '../../../../src/actions/define.ts';
import {autoscalerOf, autoscalingNote, lessAutoscaled} from '../../../../src/actions/deployment/autoscalers.ts';
import {scalePutBack} from '../../../../src/actions/deployment/scale-put-back.ts';
import type {KubeObject} from '../../../../src/cluster/types.ts';
import {tableCluster} from '../../../support/table-cluster.ts';

const place = {namespace: 'shop'};
const target = {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', ...place, uid: 'web'};
const web = (replicas: number): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name: 'web', ...place, uid: 'web'},
  spec: {replicas},
});
const autoscaler = (scaleTargetRef: Record<string, string>, more: object = {}): KubeObject => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: {name: 'auto', ...place, ...more},
  spec: {minReplicas: 2, maxReplicas: 5, scaleTargetRef},
});
const ofWeb = autoscaler({apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'});
const {signal} = new AbortController();

test('the autoscaler of a workload is the one whose target it is', async () => {
  const found = async (...all: KubeObject[]) =>
    (await autoscalerOf(tableCluster(all).cluster, web(3), {signal}))?.metadata.name;
  expect(await found(ofWeb)).toBe('auto');
  expect(await found(autoscaler({apiVersion: 'apps/v1beta1', kind: 'Deployment', name: 'web'}))).toBe('auto');
  expect(await found(autoscaler({apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web'}))).toBeUndefined();
  expect(await found(autoscaler({apiVersion: 'argoproj.io/v1', kind: 'Deployment', name: 'web'}))).toBeUndefined();
  expect(await found(autoscaler({apiVersion: 'apps/v1', kind: 'Deployment', name: 'api'}))).toBeUndefined();
});

test('the plan says what it makes of a number', () => {
  const name = 'HorizontalPodAutoscaler shop/auto';
  expect(autoscalingNote(ofWeb, 3)).toBe(`${name} scales it by itself, between 2 and 5 replicas`);
  expect(autoscalingNote(ofWeb, 1)).toBe(
    `${name} scales it by itself, between 2 and 5 replicas, so that it does not stay at 1`,
  );
  expect(autoscalingNote(ofWeb, 0)).toBe(`${name} does not act while there are no replicas`);
  const keda = autoscaler({}, {ownerReferences: [{kind: 'ScaledObject'}]});
  expect(autoscalingNote(keda, 0)).toContain('but KEDA does: it scales up from none');
});

describe('the undo of a scaling from 3 to 1', () => {
  const data = {uid: 'web', before: 3, after: 1};

  /** How it ends where the replicas are so many by then, and how many there are then. */
  async function undo(replicas: number, more: object) {
    const live = web(replicas);
    const table = tableCluster([live]);
    const patch = async (_: unknown, {spec}: {spec: object}) => {
      live.spec = {...spec};
      return live;
    };
    const ctx = {...table.undoing(), write: {cluster: {patch}} as unknown as UndoContext['write']};
    const {state, detail = ''} = await scalePutBack.run(ctx, {...data, ...more}, target);
    const seen = await scalePutBack.verify(ctx, {...data, ...more}, target);
    return {state, detail, ok: seen.ok, replicas: (live.spec as {replicas: number}).replicas};
  }
  const by = {autoscaler: 'HorizontalPodAutoscaler shop/auto'};

  test('does not overrule somebody else', async () => {
    expect(await undo(2, {})).toMatchObject({state: 'conflict', ok: false, replicas: 2});
  });

  test('takes back what an autoscaler has made of it', async () => {
    expect(await undo(2, by)).toEqual({state: 'undone', detail: 'spec.replicas is 3 again', ok: true, replicas: 3});
    expect(await undo(1, by)).toMatchObject({state: 'undone', ok: true, replicas: 3});
  });

  test('leaves more than there were to the autoscaler', async () => {
    expect(await undo(5, by)).toEqual({
      state: 'already',
      detail: 'spec.replicas is 5, it was 3: HorizontalPodAutoscaler shop/auto has scaled it up',
      ok: true,
      replicas: 5,
    });
  });
});

test('of fields that are put back, the replicas are as far the drill’s as an autoscaler has acted on it', () => {
  const replicas = {path: ['spec', 'replicas'], before: 3, after: 1};
  const paused = {path: ['spec', 'paused'], before: null, after: true};
  const fields = [replicas, paused];
  expect(lessAutoscaled(fields, web(2), undefined)).toEqual(fields);
  expect(lessAutoscaled(fields, web(1), 'auto')).toEqual(fields);
  expect(lessAutoscaled(fields, web(2), 'auto')).toEqual([{...replicas, after: 2}, paused]);
  expect(lessAutoscaled(fields, web(5), 'auto')).toEqual([paused]);
});
