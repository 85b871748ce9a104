import {rm} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {startPracticeCluster} from '../../../src/cli/support/practice.ts';
import {connect} from '../../../src/cluster/connect.ts';
import {leaseObject} from '../../../src/drill/lock/lease.ts';
import {lease} from '../../../src/drill/lock/live-lease.ts';
import {rollbackOrphans} from '../../../src/drill/undo/orphans.ts';
import {systemClock} from '../../../src/io/clock.ts';
import {settleWorld} from '../../support/campaign.ts';
import {campaignDrills} from '../../support/campaign-scenarios.ts';
import {playOn} from '../../support/drill.ts';
import {temporaryFolder} from '../../support/kubedrill.ts';
import {call, practice, quick, type TestCluster} from '../../support/practice.ts';

const label = '7f3a51c20b9e';
const leasePath = '/apis/coordination.k8s.io/v1/namespaces/kubedrill/leases';
const configMaps = '/api/v1/namespaces/default/configmaps';
const labels = {'kubedrill.dev/run': label};
const at = (ms: number) => ({'kubedrill.dev/expires': new Date(Date.now() + ms).toISOString()});

/** A fresh lease, and two objects of its run; annotations for the lease and for one of the objects. */
async function heldCluster(onLease: object, onObject: object): Promise<TestCluster> {
  const cluster = await practice();
  const namespace = {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'kubedrill', labels}};
  await call(cluster, 'POST', '/api/v1/namespaces', namespace);
  const held = leaseObject(lease, {holder: 'ada (run-1)', clock: systemClock, run: {label}});
  await call(cluster, 'POST', leasePath, {...held, metadata: {...held.metadata, annotations: onLease}});
  for (const [name, annotations] of [
    ['prober', onObject],
    ['fixture', {}],
  ] as const) {
    await call(cluster, 'POST', configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name, labels, annotations},
    });
  }
  return cluster;
}

async function orphansOf(cluster: TestCluster) {
  const connection = await connect({kubeconfigText: cluster.kubeconfig, env: {}});
  try {
    const {found, left} = await rollbackOrphans(connection, {dryRun: false, clock: systemClock});
    return {found: found.map(({kind, name}) => `${kind} ${name}`).sort(), left};
  } finally {
    connection.close();
  }
}

const all = ['ConfigMap fixture', 'ConfigMap prober', 'Lease drill', 'Namespace kubedrill'];

test.each([
  ['whose lease says so', at(-1000), {}],
  ['whose prober says so', {}, at(-1000)],
])('a run that has expired is over, %s, even while its lease looks alive', async (_how, onLease, onObject) => {
  await using cluster = await heldCluster(onLease, onObject);
  expect(await orphansOf(cluster)).toEqual({found: all, left: []});
  expect((await call(cluster, 'GET', `${configMaps}?labelSelector=kubedrill.dev%2Frun`)).body.items).toEqual([]);
});

test('a rollback that holds the lock of an expired run is none', async () => {
  await using cluster = await heldCluster(at(60_000), at(-1000));
  expect(await orphansOf(cluster)).toEqual({found: [], left: []});
});

test('a run that lives and has not expired keeps what it made', async () => {
  await using cluster = await heldCluster(at(60_000), at(60_000));
  expect(await orphansOf(cluster)).toEqual({found: [], left: []});
});

test("a drill's lease says when it expires, and goes on saying so when it is renewed", async () => {
  const cluster = await startPracticeCluster({seed: 1, latency: quick});
  const folder = await temporaryFolder();
  try {
    const connection = await connect({kubeconfigText: cluster.kubeconfig, env: {}});
    await settleWorld(connection);
    connection.close();
    let seen: Promise<string> = Promise.reject(new Error('the drill had no gate'));
    seen.catch(() => undefined);
    const deadlines: number[] = [];
    await playOn(cluster, folder, campaignDrills.fixtures ?? '', {
      onEntry: (entry) => {
        if (entry.type === 'plan.made') deadlines.push(entry.plan.runDeadline);
        if (entry.type !== 'phase.entered' || entry.phase !== 'gate') return;
        seen = call(cluster, 'GET', `${leasePath}/drill`).then(
          ({body}) => body.metadata.annotations['kubedrill.dev/expires'],
        );
      },
    });
    const [deadline = Number.NaN] = deadlines;
    expect(Date.parse(await seen)).toBeGreaterThan(Date.now() + deadline);
  } finally {
    await cluster.stop();
    await rm(folder, {recursive: true, force: true});
  }
});
