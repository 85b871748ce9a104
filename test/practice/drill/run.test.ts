import {readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {startPracticeCluster} from '../../../src/cli/support/practice.ts';
import {ClusterError} from '../../../src/cluster/errors.ts';
import type {Connection} from '../../../src/cluster/types.ts';
import type {JournalEntry} from '../../../src/journal/types.ts';
import {type DrillOptions, type PlayedDrill, playOn, playOnPractice} from '../../support/drill.ts';
import {temporaryFolder} from '../../support/kubedrill.ts';
import {quick} from '../../support/practice.ts';

/** An application of the drill's own, and everything about it that a test may want to change. */
interface Parts {
  type?: string;
  target?: string;
  prepare?: string;
  probes?: string;
  services?: string;
  objectives?: string;
  inject?: string;
  effect?: string;
  recover?: string;
  checks?: string;
  within?: string;
  stopWhen?: string;
}

const app = `
    - id: app
      uses: object/apply
      with:
        inline:
          - {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
          - {apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}
          - apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: web, image: echo, env: [{name: PORT, value: "8080"}], ports: [{containerPort: 8080}], readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}}]
    - waitFor: {uses: kubernetes/object, with: {apiVersion: apps/v1, kind: Deployment, namespace: shop, name: web}, expect: object.status.readyReplicas == 2}
      within: 20s
      every: 50ms`;

const scenario = (parts: Parts = {}) => `
apiVersion: kubedrill.dev/v1
kind: Scenario
metadata: {name: trial, title: A trial, owner: tests}
spec:
  type: ${parts.type ?? 'disaster'}
  target: ${parts.target ?? '{environments: [practice], maxTargets: 1}'}
  prepare: ${parts.prepare ?? app}
  probes: ${parts.probes ?? '[{name: answers, uses: http, from: cluster, every: 50ms, with: {url: "http://web.shop.svc.cluster.local./"}}]'}
  services: ${parts.services ?? '{web: {up: [answers]}}'}
  objectives: ${parts.objectives ?? '[{rto: 20s, of: web, from: fault, source: a test}]'}
  steady: {for: 500ms}
  inject: ${parts.inject ?? '[{id: scale, uses: deployment/scale, with: {namespace: shop, name: web, replicas: 0}}]'}
  effect: ${parts.effect ?? '{within: 10s}'}
  recover: ${parts.recover ?? '[{undo: scale}]'}
  verify:
    within: ${parts.within ?? '22s'}
    stableFor: 1s
    checks: ${parts.checks ?? '[{name: two replicas, uses: kubernetes/object, with: {apiVersion: apps/v1, kind: Deployment, namespace: shop, name: web}, expect: object.status.readyReplicas == 2}]'}
  stopWhen: ${parts.stopWhen ?? '{none: a test}'}
`;

const play = (parts?: Parts, options?: DrillOptions) => playOnPractice(scenario(parts), options);
const types = ({entries}: PlayedDrill) => entries.map(({type}) => type);
const guards = ({entries}: PlayedDrill) =>
  entries.flatMap((entry) => (entry.type === 'guard.answered' && !entry.ok ? [entry.guard] : []));
const faults = ({entries}: PlayedDrill) =>
  entries.filter((entry) => entry.type === 'mutation.intent' && entry.role === 'fault').length;

/** What every end of a drill must have. */
function expectOrderly(run: PlayedDrill) {
  expect(types(run).at(-2)).toBe('verdict');
  expect(types(run).at(-1)).toBe('run.ended');
  expect(run.cleanup).toBe('clean');
  expect(run.residue).toEqual([]);
}

describe('a drill', () => {
  it('passes: broken, seen broken, taken back, seen back, nothing left', async () => {
    const run = await play();
    expect([run.verdict, run.exitCode, run.sentence]).toEqual(['passed', 0, expect.stringContaining('PASSED')]);
    expectOrderly(run);
    const phases = run.entries.flatMap((entry) => (entry.type === 'phase.entered' ? [entry.phase] : []));
    expect(phases).toEqual([
      'preflight',
      'prepare',
      'steady',
      'gate',
      'inject',
      'effect',
      'recover',
      'verify',
      'undo',
      'report',
    ]);
  });

  it('keeps the Events of a namespace that its undo takes away', async () => {
    const folder = await temporaryFolder();
    const cluster = await startPracticeCluster({seed: 1, latency: quick});
    try {
      const run = await playOn(cluster, folder, scenario());
      const lines = (await readFile(join(run.folder, 'evidence/events.jsonl'), 'utf8')).trim().split('\n');
      expect(lines.map((line) => JSON.parse(line))).toContainEqual(
        expect.objectContaining({namespace: 'shop', reason: 'Killing'}),
      );
      expect(run.entries).toContainEqual(
        expect.objectContaining({
          guard: 'maxTargets',
          message: '1 of at most 1 targets, 1 of them made by earlier steps',
        }),
      );
    } finally {
      await cluster.stop();
      await rm(folder, {recursive: true});
    }
  });

  it.each([
    [
      'fewer targets than it would hit',
      {
        target: '{environments: [practice], maxTargets: 1}',
        inject: '[{uses: pod/delete, with: {namespace: shop, selector: app=web}}]',
      },
    ],
  ])('is stopped before its fault when the scenario allows %s', async (_, parts) => {
    // The pods are made by the drill itself, so their number is known right before the step only.
    const run = await play({...parts, recover: '[]'});
    expect(faults(run)).toBe(0);
    expect(run.verdict).not.toBe('passed');
    expectOrderly(run);
  });

  it('fails when the recovery does not come, and takes the fault back all the same', async () => {
    const run = await play(
      {recover: '[{pause: 10ms}]', within: '21s', objectives: '[{rto: 1s, of: web, from: fault, source: a test}]'},
      {},
    );
    expect([run.verdict, run.exitCode]).toEqual(['failed', 1]);
    expectOrderly(run);
  }, 60_000);
});

describe('a drill is refused, and changes nothing,', () => {
  const refusals: [string, Parts, DrillOptions, string][] = [
    [
      'on a class of cluster that the scenario does not allow',
      {target: '{environments: [staging], maxTargets: 1}'},
      {},
      'environment',
    ],
    [
      'when a target is protected',
      {
        prepare: '[]',
        inject: '[{uses: deployment/scale, with: {namespace: kube-system, name: coredns, replicas: 0}}]',
        recover: '[{pause: 1ms}]',
      },
      {},
      'protected',
    ],
    [
      'when there are more targets than allowed',
      {
        prepare: '[]',
        inject: '[{uses: pod/delete, with: {namespace: kube-system, selector: k8s-app=kube-dns}}]',
        recover: '[]',
      },
      {},
      'maxTargets',
    ],
    [
      'when there is no target',
      {
        prepare: '[]',
        inject: '[{uses: deployment/scale, with: {namespace: nowhere, name: web, replicas: 0}}]',
        recover: '[{pause: 1ms}]',
      },
      {},
      'inject.0 deployment/scale',
    ],
    [
      'when a permission is missing',
      {},
      {practice: {deny: ({resource, verb}) => resource === 'deployments' && verb === 'patch'}},
      'permissions',
    ],
    ['when nobody is there for a manual step', {recover: '[{manual: Look at it}, {undo: scale}]'}, {}, 'attended'],
  ];
  it.each(refusals)('%s', async (_, parts, options, guard) => {
    const run = await play(parts, options);
    expect([run.verdict, run.exitCode]).toEqual(['refused', 3]);
    expect(guards(run)).toContain(guard);
    expect(types(run)).not.toContain('mutation.intent');
    expectOrderly(run);
  });

  it('on production without approval, and by the approver alone', async () => {
    // Its version says what it is: another one, and nothing on this host's engine, is production.
    const through = (connection: Connection): Connection => ({
      ...connection,
      identify: async (options) => ({...(await connection.identify(options)), version: 'v1.34.0'}),
    });
    const production = {isPractice: false, through};
    const parts = {target: '{environments: [production], maxTargets: 1}'};
    expect(guards(await play(parts, production))).toContain('approval');
    const uid = (await play(parts, production)).entries.find((entry) => entry.type === 'cluster.identified')?.uid ?? '';
    expect(uid).not.toBe('');
  });
});

describe('a drill whose baseline is bad', () => {
  it('is refused without a fault, and its fixtures are taken away', async () => {
    const run = await play(
      {
        probes:
          '[{name: answers, uses: http, from: cluster, every: 50ms, with: {url: "http://absent.shop.svc.cluster.local./"}}]',
      },
      {},
    );
    expect([run.verdict, run.exitCode]).toEqual(['refused', 3]);
    expect(guards(run)).toContain('steady state');
    expect(faults(run)).toBe(0);
    expect(types(run)).toContain('mutation.intent');
    expectOrderly(run);
  }, 60_000);
});

describe('a signal', () => {
  it.each(['preflight', 'prepare', 'steady', 'inject', 'effect', 'recover', 'verify'])(
    'in %s ends it: undone, reported, 130',
    async (phase) => {
      let sent = false;
      const run = await play(
        {},
        {
          onEntry: (entry: JournalEntry, {abort}) => {
            if (sent || entry.type !== 'phase.entered' || entry.phase !== phase) return;
            sent = true;
            abort('SIGINT');
          },
        },
      );
      expect([run.verdict, run.exitCode]).toEqual(['aborted', 130]);
      expectOrderly(run);
    },
  );

  it('during undo changes nothing: what was begun is taken back', async () => {
    const run = await play(
      {},
      {
        onEntry: (entry, {abort}) => {
          if (entry.type === 'phase.entered' && entry.phase === 'undo') abort('SIGTERM');
        },
      },
    );
    expectOrderly(run);
  });
});

describe('a stop condition', () => {
  it('ends the drill and undoes it', async () => {
    const run = await play({recover: '[{pause: 15s}, {undo: scale}]', stopWhen: '[{service: web, downFor: 1s}]'});
    expect([run.verdict, run.exitCode]).toEqual(['failed', 1]);
    expect(types(run)).toContain('stopped');
    expectOrderly(run);
  });
});

describe('an action that the API server refuses', () => {
  it('is no pass: error, undone', async () => {
    const through = (connection: Connection): Connection => ({
      ...connection,
      writer: {
        ...connection.writer,
        patch: () => Promise.reject(new ClusterError('no', {reason: 'forbidden', status: 403})),
      },
    });
    const run = await play({}, {through});
    expect(['error', 'inconclusive']).toContain(run.verdict);
    expect(run.exitCode).not.toBe(0);
    expectOrderly(run);
  });
});

describe('a person', () => {
  it('does the recovery by hand, and the report knows when', async () => {
    const run = await play(
      {recover: '[{manual: Decide, marks: declared}, {undo: scale}]'},
      {answer: () => ({outcome: 'done', who: 'ada'})},
    );
    expect([run.verdict, run.sentence]).toEqual(['passed', run.sentence]);
    expect(run.entries.find((entry) => entry.type === 'mark')).toMatchObject({name: 'declared', by: 'ada'});
    expectOrderly(run);
  });

  it('ends the drill instead of answering', async () => {
    const run = await play(
      {recover: '[{manual: Decide}, {undo: scale}]'},
      {answer: () => ({outcome: 'abort', who: 'ada', note: 'not today'})},
    );
    expect([run.verdict, run.exitCode]).toEqual(['aborted', 130]);
    expectOrderly(run);
  });
});

describe('parallel steps', () => {
  it('are all played, and all undone when one fails', async () => {
    const inject = `[{id: both, parallel: [
      {id: scale, uses: deployment/scale, with: {namespace: shop, name: web, replicas: 0}},
      {id: never, uses: command/run, with: {argv: [node, -e, "process.exit(3)"], mutates: false}}]}]`;
    const run = await play({inject});
    expect(run.verdict).not.toBe('passed');
    expectOrderly(run);
  });
});
