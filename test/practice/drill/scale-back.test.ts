import {expect, it} from 'vitest';
import {startPracticeCluster} from '../../../src/cli/support/practice.ts';
import type {PracticeCluster} from '../../../src/practice/index.ts';
import {playOn} from '../../support/drill.ts';
import {temporaryFolder} from '../../support/kubedrill.ts';
import {call, quick, until, webApp} from '../../support/practice.ts';
import {type Parts, scenarioOf, shopDeployment} from '../../support/sabotage.ts';

const merge = {'content-type': 'application/merge-patch+json'};
const readyIn = async (cluster: PracticeCluster) =>
  (await call(cluster, 'GET', shopDeployment)).body.status?.readyReplicas ?? 0;

/** No node takes new pods. */
async function closeNodes(cluster: PracticeCluster): Promise<void> {
  for (const {metadata} of (await call(cluster, 'GET', '/api/v1/nodes')).body.items) {
    await call(cluster, 'PATCH', `/api/v1/nodes/${metadata.name}`, {spec: {unschedulable: true}}, merge);
  }
}

interface Trouble {
  parts?: Parts;
  /** Done before the drill is ended, and with it before its undo. */
  beforeUndo?: (cluster: PracticeCluster) => Promise<unknown>;
  undoWithin?: number;
}

/** A drill whose application has pods that take a second to start; it is ended before the recovery has done anything. */
async function play({parts = {}, beforeUndo, undoWithin = 60_000}: Trouble) {
  const cluster = await startPracticeCluster({seed: 1, latency: {...quick, containerStart: [1000, 1000]}});
  try {
    const {deployment} = webApp('shop', 2);
    await call(cluster, 'POST', '/api/v1/namespaces', {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'shop'}});
    await call(cluster, 'POST', '/apis/apps/v1/namespaces/shop/deployments', deployment);
    await until(
      () => readyIn(cluster),
      (ready) => ready === 2,
    );
    const yaml = scenarioOf({
      services: '{web: {up: [answers], outage: possible}}',
      probes: `[{name: answers, uses: http, from: runner, every: 200ms, with: {url: "${cluster.url}/readyz"}}]`,
      recover: '[{pause: 1m}, {undo: zero}]',
      checks: '[{name: up, uses: kubernetes/api, states: {broken: skip}, control: unknownPath}]',
      ...parts,
    });
    const run = await playOn(cluster, await temporaryFolder(), yaml, {
      request: {undoWithin},
      onEntry: (entry, control) => {
        if (entry.type === 'step.started' && entry.path === 'recover.0' && parts.recover === undefined)
          void Promise.resolve(beforeUndo?.(cluster)).then(() => control.abort('SIGTERM'));
      },
    });
    const intent = run.entries.find((entry) => entry.type === 'mutation.intent' && entry.role === 'fault');
    const mutation = intent?.type === 'mutation.intent' ? intent.mutation : undefined;
    const ended = run.entries.find((entry) => entry.type === 'undo.ended' && entry.mutation === mutation);
    return {run, ready: await readyIn(cluster), ended};
  } finally {
    await cluster.stop();
  }
}

it('a scaling is taken back when the pods are, not when they are asked for', async () => {
  const {run, ready, ended} = await play({});
  expect([run.verdict, run.cleanup, ready]).toEqual(['aborted', 'clean', 2]);
  expect(ended).toMatchObject({state: 'undone', detail: 'spec.replicas is 2 again'});
}, 90_000);

it('nor when they do not come back', async () => {
  const {run, ready, ended} = await play({beforeUndo: closeNodes, undoWithin: 4000});
  expect([run.cleanup, ready]).toEqual(['dirty', 0]);
  expect(ended).toMatchObject({
    state: 'failed',
    detail: 'spec.replicas is 2 again, but Deployment shop/web is not: 0 of its pods are ready, and 2 were',
    command: 'kubectl -n shop rollout status deployment.apps/web',
  });
}, 90_000);

it('a step of the recovery that takes it back ends with the pods as well', async () => {
  const {run, ready, ended} = await play({parts: {recover: '[{undo: zero}]'}});
  const end = run.entries.find((entry) => entry.type === 'step.ended' && entry.path === 'recover.0');
  expect([run.cleanup, ready]).toEqual(['clean', 2]);
  expect(ended?.seq).toBeLessThan(end?.seq ?? 0);
}, 90_000);

it('what was scaled up is taken back when the surplus is gone', async () => {
  const inject = '[{id: zero, uses: deployment/scale, with: {namespace: shop, name: web, replicas: 4}}]';
  const {run, ready} = await play({parts: {inject}});
  expect([run.cleanup, ready]).toEqual(['clean', 2]);
}, 90_000);
