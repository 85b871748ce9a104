import type {Sample} from '../../src/io/sample.ts';
import type {PlanRecord} from '../../src/journal/plan.ts';
import {type JournalEntry, type JournalEvent, journalVersion, type Phase} from '../../src/journal/types.ts';
import {observe, type Schedule} from './oracle.ts';
import {planRecord} from './plan-record.ts';

/** A run made by hand: test data, not the record of a drill. `mono` begins at 1000 ms. */
export interface MadeRun {
  entries: JournalEntry[];
  /** By file. */
  series: Map<string, Sample[]>;
}

const begin = Date.UTC(2026, 10, 20, 21, 40, 7);

/** Writes a journal entry by entry, at the instants that the test chooses. */
export class RunMaker {
  readonly entries: JournalEntry[] = [];
  readonly series = new Map<string, Sample[]>();

  /** `at`: milliseconds since the run began. */
  add(at: number, ...events: JournalEvent[]): this {
    for (const event of events) {
      this.entries.push({
        v: journalVersion,
        seq: this.entries.length,
        at: new Date(begin + at).toISOString(),
        mono: 1000 + at,
        ...event,
      });
    }
    return this;
  }

  phase(at: number, phase: Phase): this {
    return this.add(at, {type: 'phase.entered', phase});
  }

  /** A change of a step: its intent and, ten milliseconds later, its answer. */
  change(at: number, mutation: string, {role, path}: {role: 'fault' | 'recovery'; path: string}): this {
    const phase = role === 'fault' ? 'inject' : 'recover';
    const target = {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: mutation};
    const undo = {kind: 'object/put-back', data: {}};
    return this.add(at, {type: 'mutation.intent', mutation, role, phase, step: path, target, undo}).add(at + 10, {
      type: 'mutation.applied',
      mutation,
    });
  }

  /** A series of the runner's clock that sees `down`, from `from` to `until`; times since the run began. */
  sampled(
    at: number,
    name: string,
    options: {probe?: string; every: number; from: number; until: number; down: Schedule},
  ): this {
    const {probe = name, every, from, until, down} = options;
    const file = `series/${name}.jsonl`;
    const node = name.includes('@') ? {node: name.slice(name.indexOf('@') + 1)} : {};
    this.add(at, {type: 'series.opened', series: name, probe, ...node, file, clock: 'runner'});
    const shifted: Schedule = down.map(([start, end]) => [start + 1000, end + 1000]);
    const sampler = {every, phase: from + 1000, latency: 4, blind: 0, skipped: 0, seed: name.length + every};
    const {samples} = observe(shifted, sampler, until + 1000);
    this.series.set(
      file,
      samples.map((sample) => ({
        ...sample,
        start: rounded(sample.start),
        end: rounded(sample.end),
        ...(sample.state === 'bad' ? {detail: 'ETIMEOUT'} : {}),
      })),
    );
    return this;
  }

  done(): MadeRun {
    return {entries: this.entries, series: this.series};
  }
}

const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;

export const started = (scenario: string, title: string, practice = false): JournalEvent => ({
  type: 'run.started',
  run: {id: `2026-11-20T214007Z-${scenario}-7f3a`, label: '7f3a51c20b9e'},
  tool: {name: 'kubedrill', version: '0.1.0', node: 'v22.23.2', platform: 'linux x64'},
  scenario: {
    name: scenario,
    title,
    owner: 'platform',
    file: `scenarios/${scenario}.yaml`,
    sha256: '3b1f0d9c6f2f4a4b8f3fd1b8a1a6a8e5a4c1a5b2f0e9d8c7b6a5948372615040',
    evidenceFor: ['SOC 2 A1.3'],
  },
  git: {commit: '4f0c1d2e3b4a59687786a5b4c3d2e1f001122334', dirty: false},
  people: {operator: 'test data', attended: false},
  attempt: 1,
  seed: 42,
  command: `kubedrill run ${practice ? '--practice ' : ''}scenarios/${scenario}.yaml`,
});

const identified = (practice = false): JournalEvent => ({
  type: 'cluster.identified',
  uid: '6a1d3a5e-0c3b-4f0e-9d57-2f0a8f6f3c11',
  server: practice ? 'http://127.0.0.1:40001' : 'https://127.0.0.1:40001',
  context: practice ? 'practice' : 'kind-drill',
  version: practice ? 'v1.34.0+kubedrill-practice' : 'v1.34.0',
  environment: practice ? 'practice' : 'ephemeral',
  environmentSource: practice ? 'practice' : "this host's engine",
  practice,
  nodes: [{name: 'drill-control-plane', version: 'v1.34.0', roles: ['control-plane'], ready: true}],
});

const killStep = {
  path: 'inject.0',
  phase: 'inject' as const,
  form: 'uses' as const,
  id: 'kill',
  uses: 'pod/delete',
  with: {namespace: 'kube-system', selector: 'k8s-app=kube-dns', gracePeriod: '0s'},
  timeout: 60_000,
  targets: [{apiVersion: 'v1', kind: 'Pod', namespace: 'kube-system', name: 'coredns-66bc5c9577-8xkqz', uid: 'b6c0'}],
  cascade: [],
  undoKinds: ['platform/heals'],
  reversal: 'platform-heals',
};

const dnsProbe = (name: string, every: number) => ({
  name,
  uses: 'dns',
  from: 'runner' as const,
  every,
  timeout: every,
  with: {name: 'kubernetes.default.svc.cluster.local.'},
});

/** The plan of kill-coredns. */
export const killPlan = (parts: Partial<PlanRecord> = {}): PlanRecord =>
  planRecord({
    vars: [{name: 'rto', value: '60s', committed: '60s', origin: 'default'}],
    steps: [killStep],
    probes: [dnsProbe('dnsUdp', 100), dnsProbe('dnsTcp', 500)],
    services: [{name: 'dns', up: ['dnsUdp', 'dnsTcp'], outage: 'possible', by: 'inject', okRatio: 1}],
    objectives: [{metric: 'rto', target: 60_000, of: 'dns', from: 'impact', source: 'DR policy 2026, section 3'}],
    checks: [
      {
        name: 'as many pods as were killed, new and ready',
        uses: 'kubernetes/object',
        with: {},
        states: {before: 'skip', broken: 'fail', after: 'pass'},
      },
    ],
    steadyFor: 10_000,
    stableFor: 15_000,
    stopWhen: ['none: the ReplicaSet is the recovery'],
    allowProtected: [
      {namespace: 'kube-system', kind: 'Pod', selector: 'k8s-app=kube-dns', reason: 'the subject of this drill'},
    ],
    permissions: 14,
    ...parts,
  });

export interface KillOptions {
  practice?: boolean;
  /** Milliseconds after the run began; the fault is at 12,000. */
  down?: Schedule;
  plan?: Partial<PlanRecord>;
  /** Kind of the fault's undo; else one that waits for the platform. */
  undo?: string;
  /** Called before undo, at 30,000. */
  late?: (maker: RunMaker) => void;
  /** Answers of the check and the control. */
  answers?: {broken?: 'pass' | 'fail'; after?: 'pass' | 'fail' | 'blind'; control?: 'ok' | 'bad'; effect?: boolean};
}

/** kill-coredns on one node: killed at 12 s, names gone from 12.3 s to 13.5 s, undo at 30 s. */
export function killCoredns({
  practice = false,
  down = [[12_300, 13_500]],
  plan = {},
  undo = 'platform/heals',
  late,
  answers = {},
}: KillOptions = {}): MadeRun {
  const {broken = 'fail', after = 'pass', control = 'bad', effect = true} = answers;
  const check = 'as many pods as were killed, new and ready';
  const maker = new RunMaker()
    .add(0, started('kill-coredns', 'Every CoreDNS pod dies at once', practice))
    .phase(2, 'preflight')
    .add(90, identified(practice), {type: 'plan.made', plan: killPlan(plan)})
    .add(
      95,
      {
        type: 'guard.answered',
        phase: 'preflight',
        guard: 'permissions',
        ok: true,
        message: 'all 14 permissions are held',
      },
      {
        type: 'guard.answered',
        phase: 'preflight',
        guard: 'protected',
        ok: true,
        message: 'nothing protected is changed but what the scenario allows',
      },
    )
    .phase(100, 'prepare')
    .phase(1500, 'steady');
  const watched = {from: 1500, until: 30_050, down};
  maker
    .sampled(1500, 'dnsUdp', {...watched, every: 100})
    .sampled(1500, 'dnsTcp', {...watched, every: 500})
    .add(
      1510,
      {type: 'clock.measured', clock: 'runner', offset: 0, error: 0},
      {type: 'control.answered', series: 'dnsUdp', state: control, detail: 'NXDOMAIN'},
      {type: 'control.answered', series: 'dnsTcp', state: control, detail: 'NXDOMAIN'},
    )
    .phase(11_600, 'gate')
    .add(11_800, {type: 'guard.answered', phase: 'gate', guard: 'nodes', ok: true, message: 'all 1 nodes are Ready'})
    .phase(11_850, 'inject')
    .add(11_900, {type: 'step.started', path: 'inject.0', id: 'kill', targets: killStep.targets})
    .add(11_990, {
      type: 'mutation.intent',
      mutation: 'm1',
      role: 'fault',
      phase: 'inject',
      step: 'inject.0',
      target: killStep.targets[0] ?? {apiVersion: 'v1', kind: 'Pod', name: ''},
      undo: {kind: undo, data: {}},
    })
    .add(12_000, {type: 'mutation.applied', mutation: 'm1', answer: {status: 'Success'}})
    .add(12_010, {type: 'step.ended', path: 'inject.0', id: 'kill', outcome: 'done', outputs: {uids: ['b6c0']}})
    .phase(12_012, 'effect')
    .add(12_100, {type: 'check.answered', check, moment: 'broken', answer: broken, start: 13_090, end: 13_099})
    .add(12_200, {
      type: 'effect.seen',
      path: 'inject.0',
      seen: effect,
      detail: effect ? 'the old UID is gone' : 'the old UID is still there',
    })
    .phase(12_210, 'recover')
    .phase(12_211, 'verify')
    .add(14_000, {type: 'check.answered', check, moment: 'after', answer: after, start: 14_990, end: 14_999});
  late?.(maker);
  return maker
    .phase(30_000, 'undo')
    .add(30_100, {type: 'undo.started', mutation: 'm1', kind: undo, by: 'undo'})
    .add(30_150, {type: 'undo.ended', mutation: 'm1', state: 'already', detail: '1 of 1 pods ready again'})
    .phase(30_200, 'report')
    .done();
}

/** kill-coredns that was refused in preflight. */
export function refusedRun(): MadeRun {
  return new RunMaker()
    .add(0, started('kill-coredns', 'Every CoreDNS pod dies at once'))
    .phase(2, 'preflight')
    .add(80, identified(), {type: 'plan.made', plan: killPlan()})
    .add(
      90,
      {
        type: 'guard.answered',
        phase: 'preflight',
        guard: 'environment',
        ok: true,
        message: 'ephemeral is among the environments of the scenario',
      },
      {
        type: 'guard.answered',
        phase: 'preflight',
        guard: 'permissions',
        ok: false,
        message: 'the user may not delete pods in the namespace kube-system',
        hint: 'Print what is needed with: kubedrill rbac scenarios/kill-coredns.yaml',
      },
      {
        type: 'guard.answered',
        phase: 'preflight',
        guard: 'targets',
        ok: false,
        message: 'no Pod in kube-system matches k8s-app=kube-dns',
      },
    )
    .phase(95, 'report')
    .done();
}

/** An app scaled to zero, brought back by the undo of that step, RTO counted from the fault. */
export function scaleToZero(): MadeRun {
  const target = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid: '0d5b'};
  const step = {
    phase: 'inject' as const,
    timeout: 60_000,
    targets: [target],
    cascade: [],
    undoKinds: ['scale/put-back'],
  };
  const plan = planRecord({
    steps: [
      {...step, path: 'inject.0', form: 'uses', id: 'zero', uses: 'deployment/scale', reversal: 'undoable'},
      {
        ...step,
        path: 'recover.0',
        phase: 'recover',
        form: 'manual',
        text: 'Find out why the shop is gone',
        targets: [],
      },
      {...step, path: 'recover.1', phase: 'recover', form: 'undo', text: 'zero', targets: []},
    ],
    probes: [
      {
        name: 'shopAnswers',
        uses: 'http',
        from: 'runner',
        every: 250,
        timeout: 250,
        with: {url: 'http://web.shop.svc/'},
      },
    ],
    services: [{name: 'shop', up: ['shopAnswers'], outage: 'required', by: 'inject', okRatio: 1}],
    objectives: [{metric: 'rto', target: 30_000, of: 'shop', from: 'fault', source: 'DR policy'}],
    checks: [
      {
        name: 'the shop has all its pods',
        uses: 'kubernetes/object',
        with: {},
        states: {before: 'pass', broken: 'fail', after: 'pass'},
      },
    ],
    stableFor: 5000,
    accept: [{loss: 'addresses', of: ['Pod'], reason: 'clients use names'}],
  });
  const check = 'the shop has all its pods';
  return new RunMaker()
    .add(0, started('scale-to-zero', 'Somebody scales the shop to zero', true))
    .phase(2, 'preflight')
    .add(50, identified(true), {type: 'plan.made', plan})
    .phase(60, 'prepare')
    .phase(200, 'steady')
    .sampled(200, 'shopAnswers', {every: 250, from: 200, until: 24_000, down: [[6400, 14_300]]})
    .add(210, {type: 'control.answered', series: 'shopAnswers', state: 'bad', detail: 'ECONNREFUSED'})
    .add(5300, {type: 'check.answered', check, moment: 'before', answer: 'pass', start: 6290, end: 6299})
    .phase(5400, 'gate')
    .phase(5900, 'inject')
    .add(5910, {type: 'step.started', path: 'inject.0', id: 'zero', targets: [target]})
    .add(5990, {
      type: 'mutation.intent',
      mutation: 'm1',
      role: 'fault',
      phase: 'inject',
      step: 'inject.0',
      target,
      undo: {kind: 'scale/put-back', data: {replicas: 2}},
    })
    .add(6000, {type: 'mutation.applied', mutation: 'm1'})
    .add(6005, {type: 'step.ended', path: 'inject.0', id: 'zero', outcome: 'done'})
    .phase(6010, 'effect')
    .add(6700, {type: 'effect.seen', path: 'inject.0', seen: true, detail: '0 of 2 pods are left'})
    .add(6710, {type: 'effect.seen', path: 'service/shop', seen: true, detail: 'shop went down'})
    .add(6720, {type: 'check.answered', check, moment: 'broken', answer: 'fail', start: 7700, end: 7710})
    .phase(6800, 'recover')
    .add(6801, {type: 'step.ended', path: 'recover.0', outcome: 'skipped', note: 'unattended: nobody to ask'})
    .add(6810, {type: 'step.started', path: 'recover.1'})
    .add(6820, {type: 'undo.started', mutation: 'm1', kind: 'scale/put-back', by: 'step'})
    .add(6950, {type: 'undo.ended', mutation: 'm1', state: 'undone', detail: '2 replicas again'})
    .add(6960, {type: 'step.ended', path: 'recover.1', outcome: 'done', outputs: {undone: 1}})
    .phase(6970, 'verify')
    .add(14_400, {type: 'check.answered', check, moment: 'after', answer: 'pass', start: 15_390, end: 15_399})
    .phase(24_000, 'undo')
    .phase(24_010, 'report')
    .done();
}

/** The runs that have a folder under test/fixtures/runs. */
export const madeRuns: Record<string, () => MadeRun> = {
  'kill-coredns-passed': () => killCoredns({practice: true}),
  'kill-coredns-no-impact': () => killCoredns({down: []}),
  'kill-coredns-failed': () =>
    killCoredns({plan: {objectives: [{metric: 'rto', target: 500, of: 'dns', from: 'impact', source: 'DR policy'}]}}),
  'kill-coredns-refused': refusedRun,
  'scale-to-zero-passed': scaleToZero,
};
