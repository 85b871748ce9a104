import {describe, expect, test} from 'vitest';
import {blackoutSchema} from '../../../src/drill/config/blackout.ts';
import {type Config, defaultConfig} from '../../../src/drill/config/config.ts';
import {type DrillOptions, type PlayedDrill, playOnPractice} from '../../support/drill.ts';

/** The DNS pods of the practice cluster: something to hit that is there. */
const scenario = ({
  target = '',
  inject = 'pod/delete, with: {namespace: kube-system, selector: k8s-app=kube-dns}',
} = {}) => `
apiVersion: kubedrill.dev/v1
kind: Scenario
metadata: {name: guarded, title: A drill to be refused, owner: tests}
spec:
  type: disaster
  target: {environments: [practice], maxTargets: 4, allowProtected: [{namespace: kube-system, kind: Pod, selector: k8s-app=kube-dns, reason: a test}]${target}}
  probes:
    - {name: api, uses: kubernetes/api, from: runner, every: 50ms}
    - {name: dns, uses: dns, from: cluster, every: 50ms, with: {name: kubernetes.default.svc.cluster.local.}}
  services: {dns: {up: [dns, api], outage: possible}}
  objectives: [{rto: 10s, of: dns, from: fault, source: a test}]
  steady: {for: 500ms}
  inject: [{id: kill, uses: ${inject}}]
  verify:
    within: 12s
    stableFor: 500ms
    checks: [{name: there are pods, uses: kubernetes/object, with: {apiVersion: v1, kind: Pod, namespace: kube-system, selector: k8s-app=kube-dns}, states: {before: pass, broken: skip, after: pass}, control: absent}]
  stopWhen: {none: a test}
`;
const refused = ({entries}: PlayedDrill, phase = 'preflight') =>
  entries.flatMap((entry) =>
    entry.type === 'guard.answered' && !entry.ok && entry.phase === phase ? [`${entry.guard}: ${entry.message}`] : [],
  );
const play = (options: DrillOptions, parts = {}) => playOnPractice(scenario(parts), options);
const frozen: Config = {...defaultConfig, freeze: {reason: 'incident 4711'}};

describe('a drill is refused, and changes nothing,', () => {
  test('in a blackout window and under a freeze, both named at once', async () => {
    const always = blackoutSchema.parse({
      reason: 'year end',
      timeZone: 'Europe/Berlin',
      dates: {from: '2000-01-01', to: '2999-12-31'},
    });
    const run = await play({config: {blackout: [always], freeze: {reason: 'incident 4711'}}});
    expect(run.verdict).toBe('refused');
    expect(refused(run)).toEqual([
      'freeze: drills are frozen: incident 4711',
      expect.stringMatching(/^blackout: .*year end.* is open/),
    ]);
    expect(run.entries.some(({type}) => type === 'mutation.intent')).toBe(false);
  });

  test('when it would hit the pod that kubedrill runs in', async () => {
    // Which pod that is shows only on the cluster: the first look finds it, the second is that pod's.
    let name = '';
    await play({
      onEntry: (entry) => {
        if (entry.type === 'plan.made') name = entry.plan.steps.find(({id}) => id === 'kill')?.targets[0]?.name ?? '';
      },
    });
    expect(name).not.toBe('');
    const env = {KUBERNETES_SERVICE_HOST: '10.0.0.1', POD_NAME: name, POD_NAMESPACE: 'kube-system'};
    const run = await play({request: {env}});
    expect(refused(run)).toEqual([
      expect.stringContaining(`would hit Pod kube-system/${name}, and kubedrill runs in it`),
    ]);
  });

  test('when it runs in a pod that it may not look at', async () => {
    const env = {KUBERNETES_SERVICE_HOST: '10.0.0.1', POD_NAME: 'me', POD_NAMESPACE: 'ops'};
    const run = await play({
      request: {env},
      practice: {deny: ({verb, resource, namespace}) => `${verb} ${resource} ${namespace}` === 'get pods ops'},
    });
    expect(refused(run).map((line) => line.split(':')[0])).toEqual(['runner', 'permissions']);
  });
});

test('a freeze that comes before the fault stops the drill at the gate', async () => {
  let config = defaultConfig;
  const run = await play({
    request: {reloadConfig: async () => config},
    onEntry: (entry) => {
      if (entry.type === 'phase.entered' && entry.phase === 'steady') config = frozen;
    },
  });
  expect(refused(run, 'gate')).toEqual(['freeze: drills are frozen: incident 4711']);
  expect([run.verdict, run.cleanup, run.residue]).toEqual(['refused', 'clean', []]);
});

test('a freeze that comes later ends the drill: undone, reported, with its reason', async () => {
  let config = defaultConfig;
  const run = await play(
    {
      request: {reloadConfig: async () => config},
      onEntry: (entry) => {
        if (entry.type === 'phase.entered' && entry.phase === 'inject') config = frozen;
      },
    },
    // Longer than the watch sleeps between two looks.
    {inject: 'pod/delete, with: {namespace: kube-system, selector: k8s-app=kube-dns}}, {pause: 20s'},
  );
  const stopped = run.entries.find((entry) => entry.type === 'stopped');
  expect(stopped).toMatchObject({cause: 'abort', detail: 'drills are frozen: incident 4711'});
  expect([run.verdict, run.cleanup, run.residue]).toEqual(['aborted', 'clean', []]);
});

test('probes of one service that sample from different places are noted', async () => {
  const run = await play({config: {freeze: {reason: 'only the plan is of interest'}}});
  expect(run.entries).toContainEqual(
    expect.objectContaining({
      type: 'note',
      text: expect.stringMatching(/^warning: .*dns sample from cluster and runner/),
    }),
  );
});
