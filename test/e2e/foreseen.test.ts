import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {execa} from 'execa';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {atRest} from './rest.ts';
import {clusters, kubectl, kubedrill, residue} from './support.ts';

const kubeconfig = clusters.single;
const place = 'foreseen';

const apply = (...objects: object[]) =>
  execa('kubectl', ['apply', '-f', '-'], {
    env: {KUBECONFIG: kubeconfig},
    input: JSON.stringify({apiVersion: 'v1', kind: 'List', items: objects}),
  });

beforeEach(async () => {
  expect(kubeconfig, 'KUBEDRILL_E2E_SINGLE names the kubeconfig').not.toBe('');
  await atRest(kubeconfig);
  await kubectl(kubeconfig, 'create', 'namespace', place);
});
afterEach(async () => {
  await kubectl(kubeconfig, 'delete', 'namespace', place, '--ignore-not-found');
  await kubectl(kubeconfig, 'delete', 'crd', 'podchaos.chaos.example.org', '--ignore-not-found');
  expect(await residue(kubeconfig)).toBe('');
});

const webOf = (replicas: number, requests: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name: 'web', namespace: place},
  spec: {
    replicas,
    selector: {matchLabels: {app: 'web'}},
    template: {
      metadata: {labels: {app: 'web'}},
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: 'c',
            image: 'kubedrill/toolbox:dev',
            imagePullPolicy: 'IfNotPresent',
            command: ['sh', '-c', 'trap exit TERM; sleep 86400 & wait'],
            resources: {requests},
          },
        ],
      },
    },
  },
});

interface Parts {
  prepare?: object[];
  inject: object[];
  recover: object[];
  probe: object;
  expect: string;
  more?: object;
}

/** A scenario of a disaster whose service is one object, or several, of the API. */
async function scenarioFile({prepare = [], inject, recover, probe, expect: wanted, more = {}}: Parts): Promise<string> {
  const look = {uses: 'kubernetes/object', with: probe, expect: wanted};
  const scenario = {
    apiVersion: 'kubedrill.dev/v1',
    kind: 'Scenario',
    metadata: {name: 'foreseen', title: 'What is foreseen', owner: 'tests'},
    spec: {
      type: 'disaster',
      target: {environments: ['ephemeral'], maxTargets: 1, maxCascade: 5, ...more},
      prepare,
      probes: [{name: 'seen', from: 'runner', every: '500ms', ...look}],
      services: {seen: {up: ['seen'], outage: 'required'}},
      objectives: [{rto: '2m', of: 'seen', from: 'fault', source: 'test'}],
      steady: {for: '1s'},
      inject,
      recover,
      verify: {within: '3m', stableFor: '2s', checks: [{name: 'back', ...look}]},
      stopWhen: {none: 'a test'},
    },
  };
  const file = join(await mkdtemp(join(tmpdir(), 'kubedrill-foreseen-')), 'scenario.json');
  await writeFile(file, JSON.stringify(scenario));
  return file;
}

const chaos = {apiVersion: 'chaos.example.org/v1alpha1', kind: 'PodChaos'};
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {name: 'podchaos.chaos.example.org'},
  spec: {
    group: 'chaos.example.org',
    scope: 'Namespaced',
    names: {kind: 'PodChaos', plural: 'podchaos', singular: 'podchaos', listKind: 'PodChaosList'},
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        schema: {openAPIV3Schema: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true}},
      },
    ],
  },
};
const chaosDrill: Parts = {
  inject: [{id: 'kill', uses: 'object/apply', with: {inline: {...chaos, metadata: {name: 'kill', namespace: place}}}}],
  recover: [{pause: '1s'}, {undo: 'kill'}],
  probe: {...chaos, namespace: place, allowEmpty: true},
  expect: 'items.size() == 0',
};

it('a kind is asked for by the name that discovery gives', async () => {
  await apply(definition);
  await kubectl(kubeconfig, 'wait', '--for=condition=Established', 'crd/podchaos.chaos.example.org');
  const file = await scenarioFile(chaosDrill);
  const rbac = await kubedrill(['rbac', file, '--discover'], {kubeconfig, bare: true});
  expect(rbac.stdout).toContain('- podchaos\n');
  expect(rbac.stdout).not.toContain('podchaoses');
  const plan = await kubedrill(['plan', file], {kubeconfig});
  expect(plan.stdout).toContain('podchaos.chaos.example.org');
  const run = await kubedrill(['run', file], {kubeconfig});
  expect([run.report.verdict.verdict, run.report.verdict.cleanup]).toEqual(['passed', 'clean']);
});

it('a kind that an earlier step brings', async () => {
  const more = {
    allowProtected: [{kind: definition.kind, name: definition.metadata.name, reason: 'the drill brings it'}],
  };
  const prepare = [{id: 'crd', uses: 'object/apply', with: {inline: definition}}];
  const run = await kubedrill(['run', await scenarioFile({...chaosDrill, prepare, more})], {kubeconfig});
  expect([run.report.verdict.verdict, run.report.verdict.cleanup]).toEqual(['passed', 'clean']);
});

it('an autoscaler is named, and what it makes of the fault is taken back', async () => {
  await apply(webOf(3, {cpu: '5m'}));
  await kubectl(kubeconfig, '-n', place, 'rollout', 'status', 'deployment/web');
  await kubectl(kubeconfig, '-n', place, 'autoscale', 'deployment', 'web', '--min=2', '--max=5', '--cpu-percent=80');
  const file = await scenarioFile({
    inject: [{id: 'scale', uses: 'deployment/scale', with: {namespace: place, name: 'web', replicas: 1}}],
    recover: [
      {
        waitFor: {
          uses: 'kubernetes/object',
          with: {apiVersion: 'apps/v1', kind: 'Deployment', namespace: place, name: 'web'},
          expect: 'object.spec.replicas == 2',
        },
        within: '2m',
      },
      {undo: 'scale'},
    ],
    probe: {apiVersion: 'apps/v1', kind: 'Deployment', namespace: place, name: 'web'},
    expect: 'has(object.status.readyReplicas) && object.status.readyReplicas >= 3',
  });
  const plan = await kubedrill(['plan', file], {kubeconfig});
  expect(plan.stdout).toContain(
    `HorizontalPodAutoscaler ${place}/web scales it by itself, between 2 and 5 replicas, so that it does not stay at 1`,
  );
  const run = await kubedrill(['run', file], {kubeconfig});
  expect(run.report.verdict.cleanup).toBe('clean');
  expect(await kubectl(kubeconfig, '-n', place, 'get', 'deployment/web', '-o', 'jsonpath={.spec.replicas}')).toBe('3');
});

const onSettings: Pick<Parts, 'inject' | 'recover' | 'probe' | 'expect'> = {
  inject: [
    {id: 'del', uses: 'object/delete', with: {apiVersion: 'v1', kind: 'ConfigMap', namespace: place, name: 'settings'}},
  ],
  recover: [{pause: '1s'}, {undo: 'del'}],
  probe: {apiVersion: 'v1', kind: 'ConfigMap', namespace: place, name: 'settings'},
  expect: 'true',
};

it('a quota that a fixture does not fit into is found by plan, and one that only some of its pods do at once', async () => {
  await kubectl(kubeconfig, '-n', place, 'create', 'configmap', 'settings', '--from-literal=a=b');
  await kubectl(kubeconfig, '-n', place, 'create', 'quota', 'q', '--hard=pods=1,requests.cpu=100m');
  const ready = {
    waitFor: {
      uses: 'kubernetes/object',
      with: {apiVersion: 'apps/v1', kind: 'Deployment', namespace: place, name: 'web'},
      expect: 'object.status.readyReplicas == 3',
    },
    within: '30m',
  };
  const withWeb = (web: object) =>
    scenarioFile({...onSettings, prepare: [{id: 'app', uses: 'object/apply', with: {inline: web}}, ready]});
  const plan = await kubedrill(['plan', await withWeb(webOf(1, {cpu: '200m'}))], {kubeconfig});
  expect(plan.exitCode).toBe(3);
  expect(plan.stdout).toMatch(
    /prepare\.0: the API server would refuse the pods of Deployment foreseen\/web: .*exceeded quota: q/,
  );
  const run = await kubedrill(['run', await withWeb(webOf(3, {cpu: '5m'}))], {kubeconfig});
  expect([run.report.verdict.verdict, run.report.verdict.cleanup]).toEqual(['refused', 'clean']);
  expect(run.report.verdict.sentence).toMatch(/Deployment foreseen\/web cannot be had: .*exceeded quota: q/);
});
