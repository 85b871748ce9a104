import {rm} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {startPracticeCluster} from '../../../src/cli/support/practice.ts';
import {type PlayedDrill, playOn} from '../../support/drill.ts';
import {temporaryFolder} from '../../support/kubedrill.ts';
import {quick} from '../../support/practice.ts';
import {type ApiProxy, startProxy} from '../../support/proxy.ts';

const kill = `
apiVersion: kubedrill.dev/v1
kind: Scenario
metadata: {name: lost-kill, title: A delete that is lost, owner: tests}
spec:
  type: disaster
  target: {environments: [practice], maxTargets: 1, allowProtected: [{namespace: kube-system, kind: Pod, selector: k8s-app=kube-dns, reason: a test}]}
  probes:
    - {name: api, uses: kubernetes/api, from: runner, every: 50ms}
  services: {api: {up: [api], outage: possible}}
  objectives: [{rto: 10s, of: api, from: fault, source: a test}]
  steady: {for: 300ms}
  inject: [{id: kill, uses: pod/delete, with: {namespace: kube-system, selector: k8s-app=kube-dns, count: 1}}]
  verify:
    within: 12s
    stableFor: 300ms
    checks: [{name: there are pods, uses: kubernetes/object, with: {apiVersion: v1, kind: Pod, namespace: kube-system, selector: k8s-app=kube-dns}, states: {before: pass, broken: skip, after: pass}, control: absent}]
  stopWhen: {none: a test}
`;

/** Plays a drill through a proxy that does something to its calls. */
async function playThrough(yaml: string, prepare: (proxy: ApiProxy) => void): Promise<PlayedDrill> {
  const cluster = await startPracticeCluster({seed: 1, latency: quick});
  const proxy = await startProxy(cluster);
  const folder = await temporaryFolder();
  try {
    prepare(proxy);
    return await playOn(proxy.cluster, folder, yaml);
  } finally {
    await proxy[Symbol.asyncDispose]();
    await cluster.stop();
    await rm(folder, {recursive: true, force: true});
  }
}

const undoOf = ({entries}: PlayedDrill, kind: string) => {
  const intent = entries.find((entry) => entry.type === 'mutation.intent' && entry.undo.kind === kind);
  const mutation = intent?.type === 'mutation.intent' ? intent.mutation : '';
  return entries.find((entry) => entry.type === 'undo.ended' && entry.mutation === mutation);
};

test('a delete whose connection breaks before it arrives leaves the run clean', async () => {
  const played = await playThrough(kill, (proxy) =>
    proxy.when({method: 'DELETE', path: /kube-system\/pods/}, ({cut}) => cut()),
  );
  expect(played).toMatchObject({cleanup: 'clean', residue: []});
  expect(undoOf(played, 'platform/heals')).toMatchObject({
    state: 'already',
    detail: expect.stringContaining('the call never took effect'),
  });
});

test('a delete that arrives a moment after its connection broke is waited for', async () => {
  const played = await playThrough(kill, (proxy) =>
    proxy.when({method: 'DELETE', path: /kube-system\/pods/}, async ({cut, forward}) => {
      cut();
      await new Promise((resolve) => setTimeout(resolve, 700));
      await forward();
    }),
  );
  expect(played).toMatchObject({cleanup: 'clean', residue: []});
  expect(undoOf(played, 'platform/heals')).toMatchObject({
    state: 'already',
    detail: expect.stringContaining('healed: Deployment'),
  });
});
