import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {describe, expect, it} from 'vitest';
import {proberProgram} from '../../../src/drill/prober/program.ts';
import type {JournalEntry} from '../../../src/journal/types.ts';
import {startPractice} from '../../../src/practice/index.ts';
import {type PlayedDrill, playOn} from '../../support/drill.ts';
import {temporaryFolder} from '../../support/kubedrill.ts';
import {call, quick} from '../../support/practice.ts';
import {type ApiProxy, startProxy} from '../../support/proxy.ts';
import {at, scenarioOf} from '../../support/sabotage.ts';

const lease = '/apis/coordination.k8s.io/v1/namespaces/kubedrill/leases/drill';
const coredns = 'apiVersion: apps/v1, kind: Deployment, namespace: kube-system, name: coredns';

/** A switch that commands of a drill can throw: whether the API answers. */
async function apiSwitch(proxy: ApiProxy, onBack: () => Promise<void> = async () => undefined) {
  const server = createServer(async (request, response) => {
    if (request.url === '/away') proxy.when({}, ({cut}) => cut());
    else {
      proxy.clear();
      await onBack();
    }
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  const argv = (place: 'away' | 'back') =>
    JSON.stringify([process.execPath, '-e', `fetch("http://127.0.0.1:${port}/${place}").then(() => {})`]);
  const off = `{uses: command/run, with: {argv: ${argv('away')}, undo: {argv: ${argv('back')}}}}`;
  const on = `{uses: command/run, with: {argv: ${argv('back')}, mutates: false}}`;
  return {off, on, close: () => server.close()};
}

interface Twist {
  onEntry?: (entry: JournalEntry) => void;
  /** While the API is away. */
  whileAway?: (stage: {cluster: Awaited<ReturnType<typeof startPractice>>}) => Promise<void>;
}

/** A protected Deployment is changed, the API goes away and a command brings it back. */
async function play(twist: Twist = {}, stableFor = '500ms'): Promise<PlayedDrill> {
  const cluster = await startPractice({seed: 1, latency: quick, programs: {'kubedrill/kubedrill': proberProgram}});
  try {
    await using proxy = await startProxy(cluster);
    const {off, on, close} = await apiSwitch(proxy, () => twist.whileAway?.({cluster}) ?? Promise.resolve());
    const yaml = scenarioOf({
      target:
        '{environments: [practice], maxTargets: 3, allowProtected: [{kind: Deployment, namespace: kube-system, selector: k8s-app=kube-dns, reason: a test}]}',
      probes: `[{name: answers, uses: http, from: runner, every: 200ms, with: {url: "${proxy.cluster.url}/readyz"}}]`,
      prepare: `[{uses: object/patch, with: {${coredns}, patch: {metadata: {annotations: {example.com/drill: "on"}}}}}]`,
      inject: `[${off}]`,
      recover: `[${on}]`,
      stableFor,
      checks: `[{name: it is there, uses: kubernetes/object, with: {${coredns}}, states: {broken: skip}, control: absent, expect: object.spec.replicas == 2}]`,
    });
    const {onEntry} = twist;
    const run = await playOn(proxy.cluster, await temporaryFolder(), yaml, onEntry === undefined ? {} : {onEntry});
    close();
    return run;
  } finally {
    await cluster.stop();
  }
}

const guardsOf = ({entries}: PlayedDrill) =>
  entries.flatMap((entry) =>
    entry.type === 'guard.answered' && entry.phase === 'recover' ? [[entry.guard, entry.ok, entry.message]] : [],
  );

describe('a recovery with the API away', () => {
  it('is guarded by what was seen before, and again once the API answers', async () => {
    const run = await play();
    expect(run).toMatchObject({
      sentence: expect.stringContaining('PASSED'),
      verdict: 'passed',
      cleanup: 'clean',
      residue: [],
    });
    expect(guardsOf(run)).toEqual([
      [
        'API away',
        true,
        expect.stringContaining('recover.0 was guarded by what was seen while the API server answered'),
      ],
      ['API back', true, 'recover.0, asked again: all guards say yes'],
    ]);
  }, 60_000);

  it('is stopped when what comes back may not be touched any more', async () => {
    const run = await play({
      whileAway: async ({cluster}) => {
        const path = '/apis/apps/v1/namespaces/kube-system/deployments/coredns';
        await call(
          cluster,
          'PATCH',
          path,
          {metadata: {labels: {'k8s-app': 'mine'}}},
          {
            'content-type': 'application/merge-patch+json',
          },
        );
      },
    });
    expect(run.verdict).not.toBe('passed');
    expect(guardsOf(run).at(-1)).toEqual(['API back', false, expect.stringContaining('protected')]);
  }, 60_000);

  it('has its lock again when the data that come back do not know it, and gives it back', async () => {
    let locked: unknown;
    let asked: Promise<unknown> = Promise.resolve();
    let cluster: Parameters<NonNullable<Twist['whileAway']>>[0]['cluster'] | undefined;
    const run = await play(
      {
        whileAway: async (stage) => {
          ({cluster} = stage);
          await call(cluster, 'DELETE', lease);
        },
        onEntry: at({
          undo: () => {
            if (cluster === undefined) return;
            asked = call(cluster, 'GET', lease).then(({body}) => {
              locked = body.spec?.holderIdentity;
            });
          },
        }) as (entry: JournalEntry) => void,
      },
      '7s',
    );
    await asked;
    expect(run).toMatchObject({
      sentence: expect.stringContaining('PASSED'),
      verdict: 'passed',
      cleanup: 'clean',
      residue: [],
    });
    expect(locked).toContain(run.runId);
  }, 60_000);
});
