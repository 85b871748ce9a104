import {expect, it} from 'vitest';
import {startPracticeCluster} from '../../../src/cli/support/practice.ts';
import {playOn} from '../../support/drill.ts';
import {temporaryFolder} from '../../support/kubedrill.ts';
import {call, quick} from '../../support/practice.ts';
import {type Exchange, startProxy} from '../../support/proxy.ts';
import {at, scenarioOf} from '../../support/sabotage.ts';

const place = '/api/v1/namespaces/shop/configmaps/made';
const made = '{apiVersion: v1, kind: ConfigMap, metadata: {namespace: shop, name: made}, data: {a: b}}';

/** What nginx says for a path without a backend. */
const backend = ({answer}: Exchange) => answer(404, 'default backend - 404', 'text/plain');

/** A drill that makes an object; a load balancer loses its backends as the undo begins and finds them after some calls. */
async function play(calls: number) {
  const cluster = await startPracticeCluster({seed: 1, latency: quick});
  try {
    const shop = {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'shop'}};
    await call(cluster, 'POST', '/api/v1/namespaces', shop);
    await using proxy = await startProxy(cluster);
    let left = calls;
    const lost = (exchange: Exchange) => {
      left -= 1;
      if (left === 0) proxy.clear();
      backend(exchange);
    };
    const yaml = scenarioOf({
      services: '{web: {up: [answers], outage: possible}}',
      target: '{environments: [practice], maxTargets: 3}',
      probes: `[{name: answers, uses: http, from: runner, every: 200ms, with: {url: "${cluster.url}/readyz"}}]`,
      prepare: `[{uses: object/apply, with: {inline: [${made}]}}]`,
      inject: `[{uses: object/patch, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: made, patch: {data: {a: c}}}}]`,
      recover: '[{pause: 100ms}]',
      checks: `[{name: up, uses: kubernetes/api, states: {broken: skip}, control: unknownPath}]`,
    });
    const onEntry = at({undo: () => void proxy.when({path: /configmaps|leases|namespaces/}, lost)});
    const run = await playOn(proxy.cluster, await temporaryFolder(), yaml, {
      onEntry: (entry, control) => void onEntry(entry, control),
    });
    return {run, there: (await call(cluster, 'GET', place)).status === 200};
  } finally {
    await cluster.stop();
  }
}

it('a load balancer that answers 404 during the undo has not removed anything', async () => {
  const {run, there} = await play(7);
  const ended = run.entries.filter((entry) => entry.type === 'undo.ended');
  expect(run.sentence).not.toContain('REFUSED');
  expect([there, run.cleanup]).toEqual([false, 'clean']);
  expect(ended.map(({state}) => state)).toContain('undone');
}, 60_000);
