import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {describe, expect, it} from 'vitest';
import {connect} from '../../../src/cluster/connect.ts';
import {defaultConfig} from '../../../src/drill/config/config.ts';
import {proberProgram} from '../../../src/drill/prober/program.ts';
import {rollbackRun} from '../../../src/drill/undo/rollback.ts';
import {systemClock} from '../../../src/io/clock.ts';
import {createExec} from '../../../src/io/exec.ts';
import {silentLog} from '../../../src/io/log.ts';
import {type PracticeCluster, startPractice} from '../../../src/practice/index.ts';
import {type PlayedDrill, playOn} from '../../support/drill.ts';
import {temporaryFolder} from '../../support/kubedrill.ts';
import {call, quick} from '../../support/practice.ts';
import {at, calm, scenarioOf} from '../../support/sabotage.ts';

const configMaps = '/api/v1/namespaces/shop/configmaps';
const merge = {'content-type': 'application/merge-patch+json'};
const prices = {metadata: {name: 'prices'}, data: {tea: '3', cake: '5'}};

interface Played extends PlayedDrill {
  compared: {objects: number; differences: {change: string; paths: string[]; explained?: string}[]; unseen: string[]};
  report: string;
}

/** A drill that patches one ConfigMap of two, while somebody else does something in the namespace. */
async function play(
  meanwhile: (cluster: PracticeCluster) => Promise<unknown>,
  then: (run: Played, cluster: PracticeCluster) => Promise<void>,
  parts: (cluster: PracticeCluster) => Parameters<typeof scenarioOf>[0] = () => ({}),
): Promise<void> {
  const cluster = await startPractice({seed: 1, latency: quick, programs: {'kubedrill/kubedrill': proberProgram}});
  try {
    for (const name of ['shop', 'apart']) await call(cluster, 'POST', '/api/v1/namespaces', {metadata: {name}});
    await call(cluster, 'POST', configMaps, prices);
    await call(cluster, 'POST', configMaps, {metadata: {name: 'orders'}, data: {tea: '1'}});
    const yaml = scenarioOf({
      ...calm,
      probes: `[{name: answers, uses: http, from: runner, every: 200ms, with: {url: "${cluster.url}/readyz"}}]`,
      inject:
        '[{id: it, uses: object/patch, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: prices, patch: {data: {tea: "9"}}}}]',
      recover: '[{undo: it}]',
      checks:
        '[{name: tea is cheap, uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: prices}, expect: object.data.tea == "3"}]',
      ...parts(cluster),
    });
    let deed: Promise<unknown> = Promise.resolve();
    const onEntry = at({recover: () => (deed = meanwhile(cluster))});
    const run = await playOn(cluster, await temporaryFolder(), yaml, {onEntry: onEntry as never});
    await deed;
    const compared = run.entries.findLast((entry) => entry.type === 'world.compared');
    const report = await readFile(join(run.folder, 'report.md'), 'utf8');
    await then({...run, report, compared: compared?.type === 'world.compared' ? compared : ({} as never)}, cluster);
  } finally {
    await cluster.stop();
  }
}

describe('the comparison with the time before the drill', () => {
  it('finds nothing where nothing is left', async () => {
    await play(
      async () => undefined,
      async ({verdict, exitCode, cleanup, compared, report}) => {
        expect([verdict, exitCode, cleanup]).toEqual(['passed', 0, 'clean']);
        expect(compared.differences).toEqual([]);
        expect(compared.objects).toBeGreaterThanOrEqual(3);
        expect(report).toMatch(/\d+ objects in 1 namespace, before the first change and after the undo: no difference/);
      },
    );
  }, 60_000);

  it("explains what somebody else has made and changed, by the API server's own record", async () => {
    await play(
      async (cluster) => {
        await call(cluster, 'POST', `${configMaps}?fieldManager=kubectl-create`, {
          metadata: {name: 'new'},
          data: {tea: '2'},
        });
        await call(cluster, 'PATCH', `${configMaps}/prices?fieldManager=kubectl-edit`, {data: {cake: '6'}}, merge);
      },
      async ({exitCode, cleanup, compared, report}) => {
        expect([exitCode, cleanup]).toEqual([0, 'clean']);
        expect(compared.differences).toMatchObject([
          {change: 'extra', explained: expect.stringContaining('made meanwhile by kubectl-create')},
          {
            change: 'changed',
            paths: ['data.cake'],
            explained: expect.stringContaining('kubectl-edit'),
          },
        ]);
        expect(report).toContain('2 differences, explained');
      },
    );
  }, 60_000);

  it('is dirty where fields that are as before belong to the drill', async () => {
    await play(
      async (cluster) => {
        for (const tea of ['2', '1'])
          await call(cluster, 'PATCH', `${configMaps}/orders?fieldManager=kubedrill`, {data: {tea}}, merge);
      },
      async ({exitCode, compared}) => {
        expect(exitCode).toBe(4);
        expect(compared.differences).toMatchObject([
          {paths: expect.arrayContaining(['metadata.managedFields[kubedrill]']), target: {name: 'orders'}},
        ]);
      },
    );
  }, 60_000);

  it('is dirty for what is gone, and is compared again by a rollback', async () => {
    await play(
      (cluster) => call(cluster, 'DELETE', `${configMaps}/orders`),
      async (run, cluster) => {
        expect([run.verdict, run.exitCode, run.cleanup]).toEqual(['passed', 4, 'dirty']);
        expect(run.sentence).toContain('NOT CLEAN: 1 object is not as before.');
        expect(run.compared.differences).toMatchObject([{change: 'missing', target: {name: 'orders'}}]);
        expect(run.report).toContain('**unexplained**');
        const again = () =>
          rollbackRun({
            ...{folder: run.folder, version: '0.0.0', clock: systemClock, log: silentLog, exec: createExec()},
            connect: () => connect({kubeconfigText: cluster.kubeconfig, env: {}}),
            ...{onEntry: () => undefined, dryRun: false, moved: false, config: async () => defaultConfig},
          });
        expect(await again()).toMatchObject({cleanup: 'dirty', exitCode: 4, differences: [{change: 'missing'}]});
        await call(cluster, 'POST', configMaps, {metadata: {name: 'orders'}, data: {tea: '1'}});
        expect(await again()).toMatchObject({cleanup: 'clean', exitCode: 0, differences: []});
        expect(await again()).toMatchObject({cleanup: 'clean', exitCode: 0, found: []});
      },
    );
  }, 120_000);

  it('says that it was left out, and why', async () => {
    await play(
      (cluster) => call(cluster, 'DELETE', `${configMaps}/orders`),
      async ({exitCode, cleanup, report, entries}) => {
        expect([exitCode, cleanup]).toEqual([0, 'clean']);
        expect(entries.some(({type}) => type === 'world.noted')).toBe(false);
        expect(report).toContain('Nothing: a test');
      },
      () => ({clean: '{compare: off, reason: a test}'}) as never,
    );
  }, 60_000);

  it('looks where a program may have been: what it made is not explained by the name that it wrote under', async () => {
    const program = (cluster: PracticeCluster) =>
      `fetch("${cluster.url}/api/v1/namespaces/apart/configmaps?fieldManager=kubectl-create", {method: "POST", headers: {"content-type": "application/json"}, body: JSON.stringify({metadata: {name: "mark"}, data: {a: "b"}})})`;
    const asks = '{apiVersion: v1, kind: ConfigMap, namespace: apart, name: mark}';
    await play(
      async () => undefined,
      async ({exitCode, cleanup, compared, report}) => {
        expect(compared.differences).toMatchObject([{change: 'extra', target: {namespace: 'apart', name: 'mark'}}]);
        expect(compared.differences[0]?.explained).toBeUndefined();
        expect([exitCode, cleanup]).toEqual([4, 'dirty']);
        expect(report).toContain('changed by a program is compared only where the drill looked');
      },
      (cluster) => ({
        inject: `[{id: it, uses: command/run, with: {argv: ${JSON.stringify([process.execPath, '-e', program(cluster)])}, undo: {argv: ["true"]}}}]`,
        effect: `{prove: {uses: kubernetes/object, with: ${asks}, expect: object.data.a == "b"}}`,
        checks: `[{name: marked, uses: kubernetes/object, with: ${asks}, expect: object.data.a == "b", states: {before: fail, broken: pass, after: pass}}]`,
      }),
    );
  }, 90_000);
});
