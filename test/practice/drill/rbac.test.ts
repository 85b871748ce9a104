import {mkdtemp, readdir, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {startPracticeCluster} from '../../../src/cli/support/practice.ts';
import {isClusterError} from '../../../src/cluster/errors.ts';
import {defaultConfig} from '../../../src/drill/config/config.ts';
import {permissionsOffline, rbacObjects} from '../../../src/drill/index.ts';
import {systemClock} from '../../../src/io/clock.ts';
import {directDial} from '../../../src/io/dial.ts';
import {createExec} from '../../../src/io/exec.ts';
import {silentLog} from '../../../src/io/log.ts';
import type {PracticeCluster} from '../../../src/practice/index.ts';
import {type PlayedDrill, playOn} from '../../support/drill.ts';
import {root} from '../../support/kubedrill.ts';
import {call, quick} from '../../support/practice.ts';
import {type Grant, grantsOf, onlyGranted} from '../../support/rbac.ts';
import {scenarioOf} from '../../support/scenario.ts';

/** Shipped scenarios, with pauses that let a test run; what they ask for stays the same. */
const shipped = new Map<string, string>();
for (const file of await readdir(join(root, 'scenarios'))) {
  if (!file.endsWith('.yaml')) continue;
  const text = await readFile(join(root, 'scenarios', file), 'utf8');
  const hurried = text
    .replace(/steady: \{for: \w+\}/, 'steady: {for: 500ms}')
    .replace(/stableFor: \w+/, 'stableFor: 1s')
    .replace(/pause: \w+/, 'pause: 10ms');
  shipped.set(file.replace('.yaml', ''), hurried);
}

/** What `kubedrill rbac` prints for a scenario, line by line. */
async function grantsFor(text: string): Promise<Grant[]> {
  const needed = await permissionsOffline({
    scenario: await scenarioOf(text),
    given: {cli: {}, files: [], env: {}},
    config: defaultConfig,
    namespace: 'default',
    environment: 'practice',
    clock: systemClock,
    log: silentLog,
    exec: createExec(),
    dial: directDial,
    signal: new AbortController().signal,
  });
  expect(needed.open).toEqual([]);
  return grantsOf(rbacObjects({...needed, serviceAccount: {namespace: 'kubedrill', name: 'kubedrill'}, name: 'drill'}));
}

/** Notes each call that is answered with 403. To ask whether something is allowed is no such call. */
function noting<Target extends object>(target: Target, denied: string[]): Target {
  return new Proxy(target, {
    get: (object, name, receiver) => {
      const member: unknown = Reflect.get(object, name, receiver);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        try {
          return await member.apply(object, args);
        } catch (error) {
          if (isClusterError(error, 'forbidden')) denied.push(error.message);
          throw error;
        }
      };
    },
  });
}

/** Plays with these grants alone; kubedrill's namespace is there, as the printed objects make it. */
async function playWith(text: string, choose: () => readonly Grant[], plays: (play: Play) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'kubedrill-rbac-'));
  const denied: string[] = [];
  let judging = false;
  const deny = (...parts: Parameters<ReturnType<typeof onlyGranted>>) => judging && onlyGranted(choose())(...parts);
  // Pods that were killed must not be back before anybody has looked.
  const latency = {...quick, containerStart: [600, 600] as [number, number]};
  const cluster: PracticeCluster = await startPracticeCluster({seed: 1, latency, deny});
  try {
    const namespace = {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'kubedrill'}};
    expect((await call(cluster, 'POST', '/api/v1/namespaces', namespace)).status).toBe(201);
    await plays(async () => {
      denied.length = 0;
      judging = true;
      const run = await playOn(cluster, folder, text, {
        through: (connection) => ({
          ...connection,
          reader: noting(connection.reader, denied),
          writer: noting(connection.writer, denied),
        }),
        // After its end the test itself looks for what is left.
        onEntry: ({type}) => {
          if (type === 'run.ended') judging = false;
        },
      });
      return {run, denied: [...denied]};
    });
  } finally {
    await cluster.stop();
    await rm(folder, {recursive: true, force: true});
  }
}
type Play = () => Promise<{run: PlayedDrill; denied: string[]}>;

const refusals = ({entries}: PlayedDrill) =>
  entries.flatMap((entry) => (entry.type === 'guard.answered' && !entry.ok ? [entry.message] : []));

describe.each([...shipped])('%s', (_name, text) => {
  test('runs with exactly what rbac prints, and nothing is denied', {timeout: 120_000}, async () => {
    const grants = await grantsFor(text);
    await playWith(
      text,
      () => grants,
      async (play) => {
        const {run, denied} = await play();
        expect(denied).toEqual([]);
        expect(refusals(run)).toEqual([]);
        expect([run.verdict, run.cleanup]).toEqual(['passed', 'clean']);
      },
    );
  });

  test('is refused, and names it, when any one of them is missing', {timeout: 120_000}, async () => {
    const grants = await grantsFor(text);
    let missing: Grant | undefined;
    await playWith(
      text,
      () => grants.filter((grant) => grant !== missing),
      async (play) => {
        for (const grant of grants) {
          missing = grant;
          const {run} = await play();
          const {verb, group, resource} = grant;
          const [plural = '', sub] = resource.split('/');
          const named = `${verb} ${plural}${group === '' ? '' : `.${group}`}${sub === undefined ? '' : `/${sub}`}`;
          expect([run.verdict, named]).toEqual(['refused', named]);
          // The UID of kube-system is the cluster's identity: without it there is no plan, and the API's words stand.
          const said = refusals(run)
            .join('\n')
            .replace(/cannot get resource "namespaces"/, 'missing: get namespaces');
          expect(said).toContain(`missing: ${named}`);
          expect(run.entries.some(({type}) => type === 'mutation.intent')).toBe(false);
        }
      },
    );
  });
});

test('the template of a workload is changed and put back with exactly what rbac prints', {
  timeout: 120_000,
}, async () => {
  const change = `uses: object/patch
      with:
        {apiVersion: apps/v1, kind: Deployment, namespace: kubedrill-scale-to-zero, name: web,
         patch: {spec: {template: {metadata: {annotations: {drill: "yes"}}}}}}`;
  const text = (shipped.get('scale-to-zero') ?? '')
    .replace(/uses: deployment\/scale\n.*/, change)
    .replace('outage: required', 'outage: possible')
    .replace('maxCascade: 2', 'maxCascade: 8');
  const grants = await grantsFor(text);
  await playWith(
    text,
    () => grants,
    async (play) => {
      const {run, denied} = await play();
      expect({denied, refusals: refusals(run), cleanup: run.cleanup}).toEqual({
        denied: [],
        refusals: [],
        cleanup: 'clean',
      });
      // What is not allowed never went out: the test would be green for a drill that did nothing.
      expect(run.entries).toContainEqual(
        expect.objectContaining({type: 'step.ended', path: 'inject.0', outcome: 'done'}),
      );
    },
  );
});
