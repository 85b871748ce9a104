import {expect, test} from 'vitest';
import type {ActionContext} from '../../../../src/actions/define.ts';
import {noSuchKind} from '../../../../src/cluster/discovery.ts';
import {ClusterError} from '../../../../src/cluster/errors.ts';
import type {ClusterReader} from '../../../../src/cluster/types.ts';
import {Memory} from '../../../../src/drill/guards/memory.ts';
import {planSteps} from '../../../../src/drill/plan/steps.ts';
import type {JsonObject} from '../../../../src/io/json.ts';
import type {Need} from '../../../../src/outside/means.ts';
import type {Spec} from '../../../../src/scenario/index.ts';

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {name: 'podchaos.chaos.example.org'},
  spec: {
    group: 'chaos.example.org',
    scope: 'Namespaced',
    names: {kind: 'PodChaos', plural: 'podchaos'},
    versions: [
      {name: 'v1', served: true},
      {name: 'v1alpha1', served: false},
    ],
  },
};
const custom = {apiVersion: 'chaos.example.org/v1', kind: 'PodChaos', metadata: {name: 'kill', namespace: 'shop'}};

/** A cluster that is empty but for its namespaces, and serves what comes with Kubernetes. */
const empty = {
  get: async ({kind, name}: {kind: string; name: string}) => {
    if (kind === 'Namespace') return {apiVersion: 'v1', kind, metadata: {name, uid: 'u'}};
    throw new ClusterError('not found', {reason: 'notFound', ...(kind === 'PodChaos' ? {detail: noSuchKind} : {})});
  },
  resource: async (apiVersion: string, kind: string) => {
    const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    if (kind !== 'PodChaos') return {group, version, kind, resource: 'x', namespaced: true};
    throw new ClusterError(`kind ${kind}: not served`, {reason: 'notFound', detail: noSuchKind});
  },
} as unknown as ClusterReader;

/** How the last of some steps is planned, each an `object/apply` of one manifest unless it says otherwise. */
async function lastOf(...steps: JsonObject[]) {
  const refused: string[] = [];
  const brought: string[] = [];
  const prepare = steps.map((step) => (step.uses === undefined ? {uses: 'object/apply', with: {inline: step}} : step));
  const planned = await planSteps({prepare, inject: []} as unknown as Spec, {
    scope: {vars: {}, env: {}, run: {id: 'r', label: 'l', seed: 0}, cluster: {}, steps: {}},
    contextOf: () =>
      ({cluster: empty, signal: new AbortController().signal, defaultNamespace: 'shop'}) as ActionContext<Need>,
    means: {exec: {}} as never,
    look: new Memory().look({recall: false}),
    defaultNamespace: 'shop',
    permit: () => undefined,
    lose: () => undefined,
    make: () => undefined,
    bring: (kinds) => brought.push(...kinds.map(({version, resource}) => `${resource} ${version}`)),
    refuse: ({message}) => refused.push(message),
  });
  return {deferred: planned.prepare.at(-1)?.record.deferred === true, refused, brought};
}

const configMap = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'a', namespace: 'shop'}};
const notServed = ['object/apply: kind PodChaos: not served'];

test('a kind that nobody brings is refused, whatever came before', async () => {
  expect(await lastOf(custom)).toMatchObject({deferred: false, refused: notServed});
  expect(await lastOf(configMap, custom)).toMatchObject({deferred: false, refused: notServed});
});

test('a kind whose definition an earlier step makes is deferred', async () => {
  expect(await lastOf(definition, custom)).toEqual({deferred: true, refused: [], brought: ['podchaos v1']});
});

test('other steps on such a kind are deferred as well', async () => {
  const {metadata: _, ...kind} = custom;
  const remove = {uses: 'object/delete', with: {...kind, namespace: 'shop', name: 'kill'}};
  expect(await lastOf(definition, remove)).toMatchObject({deferred: true, refused: []});
  expect((await lastOf(configMap, remove)).deferred).toBe(false);
});

test('an operator, or a program, may bring kinds', async () => {
  const operator = {apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'operator', namespace: 'shop'}};
  expect((await lastOf(operator, custom)).deferred).toBe(true);
  const helm = {uses: 'command/run', with: {argv: ['helm', 'install'], undo: {argv: ['helm', 'uninstall']}}};
  expect((await lastOf(helm, custom)).deferred).toBe(true);
});
