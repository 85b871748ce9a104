import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {beat, pruneBeats, writeBeat} from '../../../src/canary/resident/beat.ts';
import {installResident, uninstallResident} from '../../../src/canary/resident/install.ts';
import {minuteOf, residentLabel} from '../../../src/canary/resident/rule.ts';
import {startPracticeCluster} from '../../../src/cli/support/practice.ts';
import {connect} from '../../../src/cluster/connect.ts';
import type {Connection} from '../../../src/cluster/types.ts';
import {systemClock} from '../../../src/io/clock.ts';
import {silentLog} from '../../../src/io/log.ts';
import type {PracticeCluster} from '../../../src/practice/index.ts';
import {playOn} from '../../support/drill.ts';
import {quick} from '../../support/practice.ts';

const namespace = 'kubedrill-canary';
const {signal} = new AbortController();
let cluster: PracticeCluster;
let connection: Connection;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubedrill-resident-'));
  cluster = await startPracticeCluster({seed: 1, latency: quick});
  connection = await connect({kubeconfigText: cluster.kubeconfig, env: {}});
});
afterEach(async () => {
  connection.close();
  await cluster.stop();
  await rm(folder, {recursive: true, force: true});
});

const access = () => ({reader: connection.reader, writer: connection.writer, signal});
const beats = async () => {
  const query = {apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector: residentLabel};
  return (await connection.reader.list(query)).map(({metadata}) => Number(metadata.name.slice('beat-'.length)));
};
const beatsOf = async (minutes: readonly number[]) => {
  for (const minute of minutes) {
    await writeBeat({writer: connection.writer, clock: systemClock, namespace, signal}, minute);
  }
};
const makeNamespace = () =>
  connection.writer.create({apiVersion: 'v1', kind: 'Namespace', metadata: {name: namespace}});

describe('what install puts there', () => {
  it('is applied, again without harm, and taken out with all that was written', async () => {
    const options = {namespace, image: 'echo'};
    const kinds = (await installResident(access(), options)).map(({kind}) => kind);
    expect(kinds).toEqual(['Namespace', 'ServiceAccount', 'Role', 'RoleBinding', 'Deployment']);
    await installResident(access(), options);
    await beatsOf([1, 2]);
    const deleted = await uninstallResident(access(), namespace);
    expect(deleted.map(({kind}) => kind)).toEqual(['Deployment', 'RoleBinding', 'Role', 'ServiceAccount', 'Namespace']);
    expect(await uninstallResident(access(), 'default')).toEqual([]);
  });

  it('leaves a namespace that was there before, and what is in it', async () => {
    await makeNamespace();
    await installResident(access(), {namespace, image: 'echo'});
    const other = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'other', namespace}};
    await connection.writer.create(other);
    await beatsOf([1, 2]);
    const deleted = await uninstallResident(access(), namespace);
    expect(deleted.filter(({kind}) => kind === 'ConfigMap')).toHaveLength(2);
    expect(deleted.some(({kind}) => kind === 'Namespace')).toBe(false);
    expect((await connection.reader.get({...other, name: 'other', namespace})).metadata.name).toBe('other');
  });
});

describe('what its pod does', () => {
  it('one ConfigMap a minute, by the wall clock', async () => {
    await makeNamespace();
    const stop = new AbortController();
    let minute = 100;
    // Sleeping takes the clock to where it should wake up.
    const clock = {
      ...systemClock,
      wall: () => new Date(minute * 60_000 + 5000),
      sleep: async (ms: number) => {
        expect(ms).toBe(55_000);
        minute += 1;
        if (minute === 103) stop.abort();
      },
    };
    const {reader, writer} = connection;
    await beat({cluster: reader, writer, clock, log: silentLog, namespace, signal: stop.signal});
    expect(await beats()).toEqual([100, 101, 102]);
  });

  it('prunes what the rule does not keep, and nothing else', async () => {
    await makeNamespace();
    const now = 10_000_000;
    await beatsOf([now, now - 60 * 48, now - 60 * 49 - 1, Math.floor((now - 60 * 72) / 60) * 60, now - 36 * 24 * 60]);
    const {reader, writer} = connection;
    expect(await pruneBeats({cluster: reader, writer, namespace, signal}, now)).toBe(2);
    expect((await beats()).sort((a, b) => b - a)).toEqual([now, now - 60 * 48, Math.floor((now - 60 * 72) / 60) * 60]);
  });
});

describe('a drill that reads it', () => {
  const scenario = (target: string) => `
apiVersion: kubedrill.dev/v1
kind: Scenario
metadata: {name: old-backup, title: A backup of hours, owner: tests}
spec:
  type: disaster
  target: {environments: [practice], maxTargets: 1}
  prepare:
    - uses: object/apply
      with: {inline: [{apiVersion: v1, kind: Namespace, metadata: {name: shop}}, {apiVersion: v1, kind: ConfigMap, metadata: {name: switch, namespace: shop}, data: {state: "on"}}]}
  probes:
    - {name: switchedOn, uses: kubernetes/object, from: runner, every: 100ms, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: switch}, expect: object.data.state == "on"}
  canaries: [{name: nightly, uses: kubernetes, every: 200ms, with: {resident: true}}]
  services: {shop: {up: [switchedOn]}}
  objectives: [{rpo: ${target}, of: nightly, source: a test}]
  steady: {for: 500ms}
  inject:
    - {id: off, uses: object/patch, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: switch, patch: {data: {state: "off"}}}}
  recover: [{pause: 1s}, {undo: off}, {pause: 1s}]
  verify:
    within: 20s
    stableFor: 500ms
    checks:
      - {name: it is on, uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: switch}, expect: object.data.state == "on"}
  stopWhen: {none: a test}`;

  /** Beats of two hours, of which all after `survivors` minutes are gone when the recovery is over. */
  const play = async (target: string, lostMinutes: number) => {
    await makeNamespace();
    const now = minuteOf(new Date());
    await beatsOf(Array.from({length: 121}, (_, age) => now - age));
    // Removed one by one, and waited for: the drill goes on meanwhile.
    const gone: Promise<unknown>[] = [];
    const played = await playOn(cluster, folder, scenario(target), {
      onEntry: (entry) => {
        if (entry.type !== 'step.ended' || entry.path !== 'recover.1') return;
        for (let age = 0; age < lostMinutes; age++) {
          const ref = {apiVersion: 'v1', kind: 'ConfigMap', namespace, name: `beat-${now - age}`};
          gone.push(connection.writer.delete(ref));
        }
      },
    });
    await Promise.all(gone);
    return played;
  };

  it('measures a loss of an hour that a canary as young as the run could only call longer than itself', async () => {
    const played = await play('2h', 60);
    expect(played.sentence).toMatch(
      /^PASSED \(practice run\) — The RPO of nightly was \d+ min.*, measured; target 2 h/,
    );
    expect(played.residue).toEqual([]);
    expect(await beats()).toHaveLength(61);
  });

  it('fails when more is gone than the target allows', async () => {
    const played = await play('30m', 60);
    expect(played.sentence).toMatch(/^FAILED \(practice run\) — The RPO of nightly is .*, beyond its target of 30 min/);
  });

  it('refuses one that has stopped writing', async () => {
    await makeNamespace();
    await beatsOf([minuteOf(new Date()) - 30]);
    const played = await playOn(cluster, folder, scenario('2h'));
    expect(played.verdict).toBe('refused');
    expect(played.sentence).toMatch(/its last write is \d+ minutes old/);
  });

  it('refuses one whose clock is ahead: what is lost would count from the wrong instant', async () => {
    await makeNamespace();
    const now = minuteOf(new Date());
    await beatsOf([now, now + 10]);
    const played = await playOn(cluster, folder, scenario('2h'));
    expect(played.verdict).toBe('refused');
    expect(played.sentence).toMatch(/its clock is at least \d+ s ahead of this one/);
  });
});
