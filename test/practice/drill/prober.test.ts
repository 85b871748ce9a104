import {afterEach, describe, expect, it} from 'vitest';
import type {Mutate} from '../../../src/actions/define.ts';
import {connect} from '../../../src/cluster/connect.ts';
import type {Connection, ObjectRef} from '../../../src/cluster/types.ts';
import type {OpenedSeries} from '../../../src/drill/prober/handle.ts';
import {proberProgram} from '../../../src/drill/prober/program.ts';
import {type ProberOptions, startProber} from '../../../src/drill/prober/start.ts';
import {systemClock} from '../../../src/io/clock.ts';
import {silentLog} from '../../../src/io/log.ts';
import type {Sample} from '../../../src/io/sample.ts';
import type {ProbeRecord} from '../../../src/journal/plan.ts';
import type {JournalEvent} from '../../../src/journal/types.ts';
import {practice, type TestCluster} from '../../support/practice.ts';

const run = {id: 'trial', label: '0123456789ab', fieldManager: 'kubedrill'} as const;
const name = 'kubernetes.default.svc.cluster.local.';
const probe = (more: Partial<ProbeRecord>): ProbeRecord => ({
  name: 'dns',
  uses: 'dns',
  from: 'cluster',
  every: 20,
  timeout: 20,
  with: {name},
  ...more,
});

let connection: Connection | undefined;
afterEach(() => connection?.close());

/** Starts the prober on a practice cluster and notes all it says. */
async function start(cluster: TestCluster, probes: ProbeRecord[], more: Partial<ProberOptions> = {}) {
  connection = await connect({kubeconfigText: cluster.kubeconfig, env: {}});
  const {reader, writer} = connection;
  const made: ObjectRef[] = [];
  const mutate: Mutate = async ({undo, target}, write) => {
    expect(undo.kind).toBe('object/remove');
    made.push(target);
    return await write({cluster: writer});
  };
  const events: JournalEvent[] = [];
  const samples: {series: OpenedSeries; sample: Sample; at: number}[] = [];
  const starting = startProber({
    run,
    probes,
    settings: {image: 'kubedrill/kubedrill:test'},
    scope: {vars: {}},
    namespace: 'kubedrill',
    targetNodes: [],
    lifetime: 60_000,
    cluster: reader,
    mutate,
    clock: systemClock,
    log: silentLog,
    signal: new AbortController().signal,
    readyWithin: 20_000,
    record: (event) => events.push(event),
    onSample: (series, sample, at) => samples.push({series, sample, at}),
    ...more,
  });
  return {starting, made, events, samples, reader, writer};
}

const programs = {'kubedrill/kubedrill': proberProgram};

describe('startProber', () => {
  it('samples inside the cluster, from one node and from each, and removes nothing by itself', async () => {
    await using cluster = await practice({programs});
    // A busy machine may take longer than the 20 ms of the others: then a control has no answer to show.
    const patient = {every: 400, timeout: 400};
    const {starting, made, events, samples} = await start(cluster, [
      probe(patient),
      probe({name: 'each', on: 'eachNode', ...patient}),
    ]);
    const handle = await starting;
    expect(made.map(({kind}) => kind)).toEqual(['Namespace', 'ConfigMap', 'Pod', 'ConfigMap', 'DaemonSet']);
    expect(handle.pods).toHaveLength(4);
    expect(handle.series.map(({series}) => series.replace(/@.*/, '@')).sort()).toEqual([
      'dns',
      'each@',
      'each@',
      'each@',
    ]);

    const controls = await handle.controls(new AbortController().signal, 10_000);
    expect(controls).toHaveLength(4);
    for (const control of controls) expect(control).toMatchObject({state: 'bad', detail: 'NXDOMAIN'});

    await handle.measureClock();
    const stopping = systemClock.mono();
    await handle.stop();
    for (const {series, file} of handle.series) {
      const own = samples.filter((one) => one.series.file === file);
      expect(own.length, series).toBeGreaterThan(0);
      expect(own.map(({sample}) => sample.seq)).toEqual([...own.map(({sample}) => sample.seq)].sort((a, b) => a - b));
    }
    // The clocks are one and the same here, so the offset must come out as none.
    for (const event of events) {
      if (event.type === 'clock.measured') expect(Math.abs(event.offset)).toBeLessThanOrEqual(event.error + 0.001);
    }
    expect(events.filter(({type}) => type === 'clock.measured')).toHaveLength(8);
    expect(Math.max(...samples.map(({at}) => at))).toBeGreaterThanOrEqual(stopping - patient.every - 50);
    expect(samples.some(({sample}) => sample.state === 'ok')).toBe(true);
  });

  it('follows the pod that replaces a dead one, on its own clock', async () => {
    await using cluster = await practice({programs});
    const {starting, samples, reader, writer} = await start(cluster, [probe({name: 'each', on: 'eachNode'})]);
    const handle = await starting;
    const [victim] = await reader.list({apiVersion: 'v1', kind: 'Pod', namespace: 'kubedrill'});
    if (!victim) throw new Error('no prober pod');
    await writer.delete({...victim, name: victim.metadata.name, namespace: 'kubedrill'}, {gracePeriodSeconds: 0});
    await expect.poll(() => handle.series.length, {timeout: 20_000}).toBe(4);
    const [first, again] = handle.series.filter(({node}) => node === (victim.spec as {nodeName: string}).nodeName);
    expect(again).toMatchObject({series: first?.series, file: `series/${first?.series}~2.jsonl`});
    expect(again?.clock).not.toBe(first?.clock);
    await expect.poll(() => samples.some(({series}) => series.file === again?.file), {timeout: 10_000}).toBe(true);
    await handle.stop();
  });

  it('refuses an image that cannot be had, naming it and the flag', async () => {
    await using cluster = await practice({programs});
    const {starting} = await start(cluster, [probe({})], {settings: {image: 'nobody/nothing:1'}});
    await expect(starting).rejects.toMatchObject({
      code: 'E_PROBER_IMAGE',
      exitCode: 3,
      message: expect.stringContaining('nobody/nothing:1'),
      hint: expect.stringContaining('--prober-image'),
    });
  });

  it('refuses a selector that matches no node', async () => {
    await using cluster = await practice({programs});
    const {starting} = await start(cluster, [probe({on: {selector: 'no=such'}})], {readyWithin: 500});
    await expect(starting).rejects.toMatchObject({
      code: 'E_PROBER_NOT_READY',
      message: expect.stringContaining('no node matches'),
    });
  });

  it('refuses when it may not ask for the clock', async () => {
    await using cluster = await practice({programs, deny: ({subresource}) => subresource === 'proxy'});
    const {starting} = await start(cluster, [probe({})]);
    await expect(starting).rejects.toMatchObject({reason: 'forbidden', hint: expect.stringContaining('pods/proxy')});
  });
});
