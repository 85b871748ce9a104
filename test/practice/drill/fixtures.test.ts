import {describe, expect, it} from 'vitest';
import {playOnPractice} from '../../support/drill.ts';

/** A drill that brings its own workload, waits for it for far longer than a test may last, and breaks it. */
const scenario = (spec: string, {waitFor = true, kind = 'Deployment', replicas = 1, maxTargets = 1} = {}) => `
apiVersion: kubedrill.dev/v1
kind: Scenario
metadata: {name: fixture, title: A fixture that does not come, owner: tests}
spec:
  type: disaster
  target: {environments: [practice], maxTargets: ${maxTargets}}
  prepare:
    - id: app
      uses: object/apply
      with:
        inline:
          - {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
          - apiVersion: apps/v1
            kind: ${kind}
            metadata: {name: web, namespace: shop}
            spec:
              ${kind === 'Deployment' ? `replicas: ${replicas}` : ''}
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {${spec}}
    ${waitFor ? '- {waitFor: {uses: kubernetes/object, with: {apiVersion: v1, kind: Pod, namespace: shop, selector: app=web}, expect: "items.all(i, i.status.phase == \'Running\')"}, within: 30m}' : ''}
  probes:
    - {name: up, uses: kubernetes/object, from: runner, every: 200ms, with: {apiVersion: v1, kind: Pod, namespace: shop, selector: app=web}, expect: "items.all(i, i.status.phase == 'Running')"}
  services: {web: {up: [up], outage: possible}}
  objectives: [{rto: 30s, of: web, from: fault, source: test}]
  steady: {for: 1s}
  inject: [{id: kill, uses: pod/delete, with: {namespace: shop, selector: app=web, count: 100%}}]
  recover: [{pause: 10ms}]
  verify: {within: 1m, stableFor: 1s}
  stopWhen: {none: a test}
`;

const noImage = 'containers: [{name: c, image: "example.org/nothing:1"}]';
const noNode = 'nodeSelector: {disk: fast}, containers: [{name: c, image: echo}]';

describe('a fixture that cannot come is refused before its time is over, and removed', () => {
  it.each([
    [
      'an image that cannot be had',
      noImage,
      {},
      /Pod shop\/web-\S+ of Deployment shop\/web cannot be had: ImagePullBackOff on node/,
    ],
    [
      'of a DaemonSet',
      noImage,
      {kind: 'DaemonSet'},
      /Pod shop\/web-\S+ of DaemonSet shop\/web cannot be had: ImagePullBackOff/,
    ],
    [
      'no node for it',
      noNode,
      {},
      /Pod shop\/web-\S+ of Deployment shop\/web cannot be had: no node takes it: 0\/\d+ nodes/,
    ],
    ['where nothing waits for it', noImage, {waitFor: false}, /cannot be had: ImagePullBackOff/],
  ])(
    '%s',
    async (_, spec, how, reason) => {
      const run = await playOnPractice(scenario(spec, how));
      expect([run.verdict, run.cleanup, run.exitCode]).toEqual(['refused', 'clean', 3]);
      expect(run.sentence).toMatch(reason);
      expect(run.entries.some((entry) => entry.type === 'mutation.intent' && entry.role === 'fault')).toBe(false);
      expect(run.residue).toEqual([]);
    },
    120_000,
  );
});

it('the pods that a fixture will have count as targets before it is made', async () => {
  const run = await playOnPractice(scenario('containers: [{name: c, image: echo}]', {replicas: 3, maxTargets: 2}));
  expect([run.verdict, run.cleanup]).toEqual(['refused', 'clean']);
  expect(run.sentence).toMatch(/3 of at most 2 targets/);
  expect(run.entries.some((entry) => entry.type === 'mutation.intent')).toBe(false);
}, 120_000);
