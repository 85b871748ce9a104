import {rm} from 'node:fs/promises';
import {expect, it} from 'vitest';
import {startPracticeCluster} from '../../src/cli/support/practice.ts';
import {connect} from '../../src/cluster/connect.ts';
import type {Connection} from '../../src/cluster/types.ts';
import {type Clock, systemClock} from '../../src/io/clock.ts';
import type {PracticeCluster} from '../../src/practice/index.ts';
import {changes, settleWorld, snapshot} from '../support/campaign.ts';
import {campaignDrills} from '../support/campaign-scenarios.ts';
import {type PlayedDrill, playOn} from '../support/drill.ts';
import {temporaryFolder} from '../support/kubedrill.ts';
import {quick} from '../support/practice.ts';

const drill = campaignDrills.fixtures ?? '';

/** The system's clock, whose hands on the wall are wrong by so many milliseconds. */
const shifted = (by: number): Clock => ({...systemClock, wall: () => new Date(systemClock.wall().getTime() + by)});

async function onCluster(use: (cluster: PracticeCluster, connection: Connection) => Promise<void>): Promise<void> {
  const cluster = await startPracticeCluster({seed: 1, latency: quick});
  const connection = await connect({kubeconfigText: cluster.kubeconfig, env: {}});
  try {
    await settleWorld(connection);
    const before = await snapshot(connection);
    await use(cluster, connection);
    expect(changes(before, await snapshot(connection))).toEqual([]);
  } finally {
    connection.close();
    await cluster.stop();
  }
}

async function play(cluster: PracticeCluster, operator: string, clock = systemClock): Promise<PlayedDrill> {
  const folder = await temporaryFolder();
  try {
    return await playOn(cluster, folder, drill, {people: {operator}, request: {clock}});
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

/** On a busy machine a probe may be blind for a moment, which makes a drill that ran inconclusive. */
const fate = ({verdict}: PlayedDrill) => (verdict === 'passed' || verdict === 'inconclusive' ? 'ran' : verdict);

const refusals = ({entries}: PlayedDrill) =>
  entries.flatMap((entry) => (entry.type === 'guard.answered' && !entry.ok ? [entry.message] : []));

it('of 20 drills at once one runs, and 19 are refused with the name of its operator', {timeout: 240_000}, async () => {
  await onCluster(async (cluster) => {
    const names = Array.from({length: 20}, (_, index) => `operator-${index}`);
    const runs = await Promise.all(names.map(async (name) => ({name, run: await play(cluster, name)})));
    const winners = runs.filter(({run}) => fate(run) === 'ran').map(({name}) => name);
    expect(runs.map(({run}) => fate(run)).sort()).toEqual(['ran', ...Array(19).fill('refused')]);
    expect(runs.filter(({run}) => run.cleanup !== 'clean')).toEqual([]);
    const unnamed = runs
      .filter(({name}) => !winners.includes(name))
      .map(({run}) => refusals(run))
      .filter((messages) => !messages.some((message) => message.includes(`${winners[0]} (`)));
    expect(unnamed).toEqual([]);
    process.stdout.write(`two at once: 20 drills, 1 ran, ${runs.length - winners.length} refused\n`);
  });
});

const lease = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: {name: 'drill', namespace: 'kubedrill', labels: {'kubedrill.dev/run': 'dead'}},
};
const namespace = (labels: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {name: 'kubedrill', labels},
});

/** A lease that nobody renews any more. */
const stale = (renewed: Date) => ({
  ...lease,
  spec: {holderIdentity: 'ada (gone)', renewTime: renewed.toISOString().replace('Z', '000Z'), leaseDurationSeconds: 20},
});

it.each([
  ['long ago', -3_600_000],
  ['far ahead, by a clock that was wrong', 300_000],
])('a lease that was last renewed %s is taken over, by one of three', {timeout: 240_000}, async (_, ago) => {
  await onCluster(async (cluster, {writer}) => {
    await writer.create(namespace({'kubedrill.dev/run': 'dead'}));
    await writer.create(stale(new Date(systemClock.wall().getTime() + ago)));
    const runs = await Promise.all(['one', 'two', 'three'].map((name) => play(cluster, name)));
    expect(runs.map(fate).sort()).toEqual(['ran', 'refused', 'refused']);
    expect(runs.map(({cleanup}) => cleanup)).toEqual(['clean', 'clean', 'clean']);
  });
});

it.each([
  ['ahead', 300_000],
  ['behind', -300_000],
])('a drill whose clock is five minutes %s does not disturb the one that runs', {timeout: 240_000}, async (_, by) => {
  await onCluster(async (cluster) => {
    let second: Promise<PlayedDrill> | undefined;
    const folder = await temporaryFolder();
    const slow = drill.replace('steady: {for: 200ms}', 'steady: {for: 12s}');
    const first = await playOn(cluster, folder, slow, {
      people: {operator: 'ada'},
      onEntry: (entry) => {
        if (entry.type === 'phase.entered' && entry.phase === 'steady') second = play(cluster, 'bob', shifted(by));
      },
    });
    await rm(folder, {recursive: true, force: true});
    expect([fate(first), first.cleanup]).toEqual(['ran', 'clean']);
    expect((await second)?.verdict).toBe('refused');
    expect(refusals((await second) ?? first).join()).toContain('ada (');
  });
});
