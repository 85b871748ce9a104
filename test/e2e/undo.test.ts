import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {execa} from 'execa';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {atRest} from './rest.ts';
import {clusters, type Finished, kubectl, kubedrill} from './support.ts';

const kubeconfig = clusters.single;
const namespace = 'undo-by-kind';

/** What the practice cluster has no controllers for: StatefulSets, Jobs, tokens, debug containers. */
describe('an undo on the kind cluster "single"', () => {
  const front = createServer((_request, response) => response.end('hello'));
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubedrill-e2e-undo-'));
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    await kubectl(kubeconfig, 'create', 'namespace', namespace);
  });
  afterAll(async () => {
    front.close();
    await kubectl(kubeconfig, 'delete', 'namespace', namespace);
    await rm(folder, {recursive: true});
  });
  beforeEach(() => atRest(kubeconfig));

  const k = (...args: string[]) => kubectl(kubeconfig, '-n', namespace, ...args);
  const apply = async (...objects: object[]) => {
    const input = JSON.stringify({apiVersion: 'v1', kind: 'List', items: objects});
    await execa('kubectl', ['-n', namespace, 'apply', '-f', '-'], {env: {KUBECONFIG: kubeconfig}, input});
  };
  /** A drill that nobody notices: what it does to the cluster is the question. */
  const drill = async (
    steps: {prepare?: object[]; inject: object[]; effect?: object; recover: object[]},
    check: object,
  ): Promise<Finished> => {
    const file = join(folder, 'scenario.yaml');
    const scenario = {
      ...{apiVersion: 'kubedrill.dev/v1', kind: 'Scenario', metadata: {name: 'undo', title: 'Undo', owner: 'e2e'}},
      spec: {
        type: 'disaster',
        target: {environments: ['ephemeral', 'practice'], maxTargets: 8, maxCascade: 20},
        probes: [
          {
            ...{name: 'answers', uses: 'http', from: 'runner', every: '500ms'},
            with: {url: `http://127.0.0.1:${(front.address() as AddressInfo).port}/`},
          },
        ],
        services: {web: {up: ['answers'], outage: 'possible'}},
        objectives: [{rto: '60s', of: 'web', from: 'fault', source: 'e2e'}],
        steady: {for: '600ms'},
        stopWhen: {none: 'nothing serves anybody here'},
        ...steps,
        verify: {
          within: '90s',
          stableFor: '1s',
          checks: [
            {
              ...{name: 'there', uses: 'kubernetes/object', with: check},
              ...{states: {broken: 'skip'}, control: 'absent'},
            },
          ],
        },
      },
    };
    await writeFile(file, JSON.stringify(scenario));
    return await kubedrill(['run', file], {kubeconfig});
  };
  const object = (apiVersion: string, kind: string, name: string) => ({apiVersion, kind, namespace, name});
  const container = (...command: string[]) => ({
    ...{name: 'c', image: 'kubedrill/toolbox:dev', imagePullPolicy: 'IfNotPresent', command},
  });
  const workload = (kind: string, name: string, more: {spec?: object; annotations?: object} = {}) => ({
    ...{apiVersion: 'apps/v1', kind, metadata: {name, namespace}},
    spec: {
      replicas: 1,
      selector: {matchLabels: {app: name}},
      template: {
        metadata: {labels: {app: name}, ...(more.annotations === undefined ? {} : {annotations: more.annotations})},
        spec: {terminationGracePeriodSeconds: 1, containers: [container('sleep', '86400')]},
      },
      ...more.spec,
    },
  });
  const rolledOut = (what: string) => k('rollout', 'status', what, '--timeout=120s');
  const data = {
    metadata: {name: 'data'},
    spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Mi'}}},
  };

  it('takes the pod of a StatefulSet away that never became ready under the template of the drill', async () => {
    await apply(workload('StatefulSet', 'db', {spec: {serviceName: 'db'}}));
    await rolledOut('sts/db');
    const patch = [{op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'kubedrill/toolbox:nope'}];
    const set = object('apps/v1', 'StatefulSet', 'db');
    const run = await drill(
      {
        inject: [{id: 'break', uses: 'object/patch', with: {...set, type: 'json', patch}}],
        effect: {
          within: '60s',
          prove: {
            ...{uses: 'kubernetes/object', with: object('v1', 'Pod', 'db-0')},
            expect: "object.spec.containers[0].image == 'kubedrill/toolbox:nope'",
          },
        },
        recover: [{undo: 'break'}],
      },
      set,
    );
    expect([run.exitCode, run.stdout + run.stderr]).toEqual([0, expect.stringContaining('PASSED')]);
    expect(await k('get', 'sts', 'db', '-o', 'jsonpath={.status.readyReplicas}')).toBe('1');
  });

  it('brings the releases of a Deployment and of a StatefulSet back', async () => {
    for (const release of ['one', 'two']) {
      const annotations = {release};
      await apply(
        workload('Deployment', 'web', {annotations}),
        workload('StatefulSet', 'store', {annotations, spec: {serviceName: 'store'}}),
      );
      await rolledOut('deploy/web');
      await rolledOut('sts/store');
    }
    const [web, store] = [object('apps/v1', 'Deployment', 'web'), object('apps/v1', 'StatefulSet', 'store')];
    const run = await drill(
      {
        inject: [
          {id: 'web', uses: 'object/delete', with: web},
          {id: 'store', uses: 'object/delete', with: store},
        ],
        recover: [{undo: 'web'}, {undo: 'store'}],
      },
      web,
    );
    expect([run.exitCode, run.stdout + run.stderr]).toEqual([0, expect.stringContaining('PASSED')]);
    for (const what of ['deploy/web', 'sts/store']) {
      await rolledOut(what);
      expect(await k('rollout', 'undo', what)).toContain('rolled back');
      await rolledOut(what);
      const release = `jsonpath={.spec.template.metadata.annotations.release}`;
      expect(await k('get', what, '-o', release)).toBe('one');
    }
  });

  it('takes the claims along that the StatefulSet of a fixture, or more pods of another one, have got', async () => {
    const volumes = {
      serviceName: 'x',
      volumeClaimTemplates: [data],
    };
    await apply(workload('StatefulSet', 'kept', {spec: volumes}));
    await rolledOut('sts/kept');
    const [fixture, kept] = [object('apps/v1', 'StatefulSet', 'fixture'), object('apps/v1', 'StatefulSet', 'kept')];
    const hasPods = (of: object, pods: number) => ({
      waitFor: {uses: 'kubernetes/object', with: of, expect: `object.status.readyReplicas == ${pods}`},
      within: '120s',
    });
    const run = await drill(
      {
        prepare: [
          {uses: 'object/apply', with: {inline: workload('StatefulSet', 'fixture', {spec: volumes})}},
          hasPods(fixture, 1),
        ],
        inject: [
          {id: 'more', uses: 'deployment/scale', with: {kind: 'StatefulSet', namespace, name: 'kept', replicas: 2}},
        ],
        recover: [hasPods(kept, 2), {undo: 'more'}],
      },
      kept,
    );
    expect([run.exitCode, run.stdout + run.stderr]).toEqual([0, expect.stringContaining('PASSED')]);
    expect(await k('get', 'pvc', '-o', 'name')).toBe('persistentvolumeclaim/data-kept-0');
  });

  it('is refused for what has ended', async () => {
    const spec = {template: {spec: {restartPolicy: 'Never', containers: [container('true')]}}};
    await apply({apiVersion: 'batch/v1', kind: 'Job', metadata: {name: 'migrate', namespace}, spec});
    await k('wait', '--for=condition=complete', 'job/migrate', '--timeout=120s');
    const job = object('batch/v1', 'Job', 'migrate');
    const run = await drill({inject: [{id: 'job', uses: 'object/delete', with: job}], recover: [{undo: 'job'}]}, job);
    expect([run.exitCode, run.stdout + run.stderr]).toEqual([3, expect.stringContaining('would run a second time')]);
  });

  it('makes a bare pod again without its debug container', async () => {
    const spec = {terminationGracePeriodSeconds: 1, containers: [container('sleep', '86400')]};
    await apply({apiVersion: 'v1', kind: 'Pod', metadata: {name: 'bare', namespace}, spec});
    await k('wait', '--for=condition=Ready', 'pod/bare', '--timeout=60s');
    const image = ['--image=kubedrill/toolbox:dev', '--image-pull-policy=IfNotPresent', '--target=c'];
    await k('debug', 'bare', ...image, '--', 'sleep', '86400');
    const pod = object('v1', 'Pod', 'bare');
    const run = await drill({inject: [{id: 'pod', uses: 'object/delete', with: pod}], recover: [{undo: 'pod'}]}, pod);
    expect([run.exitCode, run.stdout + run.stderr]).toEqual([0, expect.stringContaining('PASSED')]);
    expect(await k('get', 'pod', 'bare', '-o', 'jsonpath={.spec.ephemeralContainers}')).toBe('');
  });
});
