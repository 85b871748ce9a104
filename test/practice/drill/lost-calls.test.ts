import {rm} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {startPracticeCluster} from '../../../src/cli/support/practice.ts';
import type {PracticeCluster} from '../../../src/practice/index.ts';
import {type DrillOptions, type PlayedDrill, playOn} from '../../support/drill.ts';
import {temporaryFolder} from '../../support/kubedrill.ts';
import {call, quick, until, webApp} from '../../support/practice.ts';
import {type ApiProxy, startProxy} from '../../support/proxy.ts';

const kill = `
apiVersion: kubedrill.dev/v1
kind: Scenario
metadata: {name: lost-kill, title: A delete that is lost, owner: tests}
spec:
  type: disaster
  target: {environments: [practice], maxTargets: 1, allowProtected: [{namespace: kube-system, kind: Pod, selector: k8s-app=kube-dns, reason: a test}]}
  probes:
    - {name: api, uses: kubernetes/api, from: runner, every: 50ms}
  services: {api: {up: [api], outage: possible}}
  objectives: [{rto: 10s, of: api, from: fault, source: a test}]
  steady: {for: 300ms}
  inject: [{id: kill, uses: pod/delete, with: {namespace: kube-system, selector: k8s-app=kube-dns, count: 1}}]
  verify:
    within: 12s
    stableFor: 300ms
    checks: [{name: there are pods, uses: kubernetes/object, with: {apiVersion: v1, kind: Pod, namespace: kube-system, selector: k8s-app=kube-dns}, states: {before: pass, broken: skip, after: pass}, control: absent}]
  stopWhen: {none: a test}
`;

/** Plays a drill through a proxy that does something to its calls; `after` looks at the cluster when it is over. */
async function playThrough(
  yaml: string,
  prepare: (proxy: ApiProxy, cluster: PracticeCluster) => unknown,
  {after, onEntry}: {after?: (cluster: PracticeCluster) => Promise<void>; onEntry?: DrillOptions['onEntry']} = {},
): Promise<PlayedDrill> {
  const cluster = await startPracticeCluster({seed: 1, latency: quick});
  const proxy = await startProxy(cluster);
  const folder = await temporaryFolder();
  try {
    const shop = {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'shop'}};
    await call(cluster, 'POST', '/api/v1/namespaces', shop);
    await prepare(proxy, cluster);
    const played = await playOn(proxy.cluster, folder, yaml, onEntry === undefined ? {} : {onEntry});
    expect(played.sentence).not.toMatch(/^REFUSED/);
    await after?.(cluster);
    return played;
  } finally {
    await proxy[Symbol.asyncDispose]();
    await cluster.stop();
    await rm(folder, {recursive: true, force: true});
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const undoOf = ({entries}: PlayedDrill, kind: string) => {
  const intent = entries.find((entry) => entry.type === 'mutation.intent' && entry.undo.kind === kind);
  const mutation = intent?.type === 'mutation.intent' ? intent.mutation : '';
  return entries.find((entry) => entry.type === 'undo.ended' && entry.mutation === mutation);
};

test('a delete whose connection breaks before it arrives leaves the run clean', async () => {
  const played = await playThrough(kill, (proxy) =>
    proxy.when({method: 'DELETE', path: /kube-system\/pods/}, ({cut}) => cut()),
  );
  expect(played).toMatchObject({cleanup: 'clean', residue: []});
  expect(undoOf(played, 'platform/heals')).toMatchObject({
    state: 'already',
    detail: expect.stringContaining('the call never took effect'),
  });
});

test('a delete that arrives a moment after its connection broke is waited for', async () => {
  const played = await playThrough(kill, (proxy) =>
    proxy.when({method: 'DELETE', path: /kube-system\/pods/}, async ({cut, forward}) => {
      cut();
      await new Promise((resolve) => setTimeout(resolve, 700));
      await forward();
    }),
  );
  expect(played).toMatchObject({cleanup: 'clean', residue: []});
  expect(undoOf(played, 'platform/heals')).toMatchObject({
    state: 'already',
    detail: expect.stringContaining('healed: Deployment'),
  });
});

const configMaps = '/api/v1/namespaces/shop/configmaps';

/** Faults whose call is cut, the call, the object to look at afterwards, and what it must be like. */
const late: [string, string, {method: string; path: RegExp}, string, object][] = [
  [
    'an isolation',
    'network/isolate, with: {namespace: shop, selector: app=web}',
    {method: 'POST', path: /networkpolicies/},
    '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies',
    {body: {items: []}},
  ],
  [
    'the delete of an object',
    'object/delete, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: settings}',
    {method: 'DELETE', path: /shop\/configmaps/},
    '/api/v1/namespaces/shop/configmaps/settings',
    {status: 200, body: {data: {mode: 'good'}}},
  ],
  [
    'a patch',
    'object/patch, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: settings, patch: {data: {mode: bad}}}',
    {method: 'PATCH', path: /shop\/configmaps/},
    '/api/v1/namespaces/shop/configmaps/settings',
    {body: {data: {mode: 'good'}}},
  ],
  [
    'a scaling',
    'deployment/scale, with: {namespace: shop, name: web, replicas: 0}',
    {method: 'PATCH', path: /deployments\/web\/scale/},
    '/apis/apps/v1/namespaces/shop/deployments/web',
    {body: {spec: {replicas: 2}}},
  ],
];

test.each(late)(
  '%s that arrives seconds after its connection broke is taken back',
  async (_, fault, match, look, as) => {
    let after: unknown;
    let arrived = 0;
    const undoing = Promise.withResolvers<void>();
    const played = await playThrough(
      kill.replace(/inject: .*/, `inject: [{id: fault, uses: ${fault}}]`),
      async (proxy, cluster) => {
        const settings = {metadata: {name: 'settings', namespace: 'shop'}, data: {mode: 'good'}};
        await call(cluster, 'POST', configMaps, settings);
        await call(cluster, 'POST', '/apis/apps/v1/namespaces/shop/deployments', webApp('shop').deployment);
        // Once: the undo's own call goes through.
        const end = proxy.when(match, async ({cut, forward}) => {
          end();
          cut();
          // The undo waits from its own beginning on, however long the drill took until then.
          await undoing.promise;
          await pause(1500);
          arrived = (await forward()).status;
        });
      },
      {
        onEntry: (entry) => {
          if (entry.type === 'phase.entered' && entry.phase === 'undo') undoing.resolve();
        },
        after: async (cluster) => {
          after = await call(cluster, 'GET', look);
        },
      },
    );
    expect(arrived).toBeGreaterThanOrEqual(200);
    expect(arrived).toBeLessThan(300);
    expect(after).toMatchObject(as);
    expect(played).toMatchObject({cleanup: 'clean', residue: []});
  },
);

const numbered = kill.replace(
  '  services:',
  '  canaries: [{name: orders, uses: kubernetes, every: 50ms, with: {namespace: shop, perObject: 4}}]\n  services:',
);
/** The first write of a canary's object in `verify` loses its connection, and arrives when `arrival` resolves. */
async function playLateWrite(arrival: (removed: () => Promise<void>) => Promise<void>) {
  let armed = false;
  const removed = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<number>();
  let left: string[] = [];
  const written = async (cluster: PracticeCluster): Promise<string[]> => {
    const {body} = await call(cluster, 'GET', `${configMaps}?labelSelector=kubedrill.dev%2Fcanary`);
    return body.items.map(({metadata}: {metadata: {name: string}}) => metadata.name);
  };
  const played = await playThrough(
    numbered,
    (proxy, cluster) => {
      proxy.when({method: 'POST', path: /shop\/configmaps/}, async (exchange) => {
        if (!armed) return await exchange.pass();
        armed = false;
        exchange.cut();
        await arrival(async () => {
          await removed.promise;
          await until(
            () => written(cluster),
            (names) => names.length === 0,
          );
        });
        const {status} = await exchange.forward();
        arrived.resolve(status);
      });
      proxy.when({method: 'DELETE', path: /shop\/configmaps/}, async (exchange) => {
        await exchange.pass();
        removed.resolve();
      });
    },
    {
      onEntry: (entry) => {
        if (entry.type === 'phase.entered') armed = entry.phase === 'verify';
      },
      after: async (cluster) => {
        await arrived.promise;
        left = await written(cluster);
      },
    },
  );
  return {cleanup: played.cleanup, arrived: await arrived.promise, left};
}

test('a write of a canary that arrives six seconds after its connection broke is taken back as well', async () => {
  const played = await playLateWrite(() => pause(6000));
  expect(played).toMatchObject({cleanup: 'clean', left: []});
});

test('a write of a canary that arrives after the undo has removed the others is taken back as well', async () => {
  const played = await playLateWrite((removed) => removed());
  expect(played).toEqual({cleanup: 'clean', arrived: 201, left: []});
});

test('a cluster that is lost before the fault is an error, and no unsteady service', async () => {
  let proxy: ApiProxy | undefined;
  const played = await playThrough(
    kill,
    (before) => {
      proxy = before;
    },
    {
      onEntry: (entry) => {
        if (entry.type === 'phase.entered' && entry.phase === 'steady') proxy?.when({}, ({cut}) => cut());
        // It is back for the undo.
        if (entry.type === 'stopped') proxy?.clear();
      },
    },
  );
  expect(played).toMatchObject({verdict: 'error', cleanup: 'clean', exitCode: 5, residue: []});
  expect(played.sentence).toContain('The cluster was lost before the fault');
  expect(played.entries.some((entry) => entry.type === 'stopped' && entry.cause === 'clusterLost')).toBe(true);
});
