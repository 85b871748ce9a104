import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {Stage} from '../../../support/sabotage.ts';
import {mergePatch, objectAt} from './timeline.ts';

/** One kind of fault, and what spoils it. */
export interface FaultKind {
  /** The step of `inject`, in flow style. It is real, and the front of the stage does not notice it. */
  step(stage: Stage): string;
  /** What must be there before. */
  furnish?(stage: Stage): Promise<unknown>;
  /** The call by which it breaks something; a kind without one breaks nothing in the cluster. */
  call?: {method: string; path: RegExp};
  /** A stranger keeps it from biting, from before the drill on or right before its call; or takes it back right after. */
  hinder?(stage: Stage): Promise<unknown>;
  forestall?(stage: Stage): Promise<unknown>;
  revert?(stage: Stage): Promise<unknown>;
  /** The stranger lets go of it, so that it can be taken back. */
  letGo?(stage: Stage): Promise<unknown>;
  /** What the verdict says of it when it did not bite. */
  unseen: RegExp;
  /** The platform makes good what it broke. */
  heals?: true;
  /** The same kind, that changes nothing where no answer is a lie. */
  idle?: string;
}

const shop = '/api/v1/namespaces/shop';
const deployment = '/apis/apps/v1/namespaces/shop/deployments/web';
const node = '/api/v1/nodes/practice-worker';
const patch = ({api}: Stage, path: string, body: unknown) => api('PATCH', path, body, mergePatch);
const nothingShows = /Nothing shows that the fault took effect/;
const notSeen = (detail: string) => new RegExp(`not seen to take effect: inject\\.0: ${detail}`);

async function eachPod(stage: Stage, deed: (path: string) => Promise<unknown>): Promise<void> {
  const {items} = await objectAt(stage, `${shop}/pods?labelSelector=app%3Dweb`);
  for (const {metadata} of items) await deed(`${shop}/pods/${metadata.name}`);
}
async function eachNode(stage: Stage, unschedulable: true | null): Promise<void> {
  const [pod] = (await objectAt(stage, `${shop}/pods?labelSelector=app%3Dweb`)).items;
  for (const {metadata} of (await objectAt(stage, '/api/v1/nodes')).items) {
    const path = `/api/v1/nodes/${metadata.name}`;
    if (metadata.name !== pod?.spec.nodeName) await patch(stage, path, {spec: {unschedulable}});
  }
}
/** A finalizer keeps what is deleted. */
const hold = (stage: Stage, path: string) => patch(stage, path, {metadata: {finalizers: ['example.org/keep']}});
const release = (stage: Stage, path: string) => patch(stage, path, {metadata: {finalizers: null}});

const scale = 'uses: deployment/scale, with: {namespace: shop, name: web, replicas: 0}';
const applied =
  'uses: object/apply, with: {inline: {apiVersion: v1, kind: ConfigMap, metadata: {name: policy, namespace: shop}, data: {allow: none}}}';
const prices = {metadata: {name: 'prices'}, data: {tea: '3'}};

/** By the name of the kind in the registry of actions; and what a person does. */
export const faultKinds: Readonly<Record<string, FaultKind>> = {
  'command/run': {
    step: ({folder}) => {
      const file = join(folder, 'broken');
      return `uses: command/run, with: {argv: [touch, "${file}"], undo: {argv: [rm, -f, "${file}"]}}`;
    },
    unseen: nothingShows,
    revert: ({folder}) => rm(join(folder, 'broken')),
    idle: 'uses: command/run, with: {argv: ["true"], undo: {argv: ["true"]}}',
  },
  'deployment/restart': {
    step: () => 'uses: deployment/restart, with: {namespace: shop, name: web}',
    heals: true,
    call: {method: 'PATCH', path: /deployments\/web(\?|$)/},
    forestall: (stage) => patch(stage, deployment, {spec: {paused: true}}),
    letGo: (stage) => patch(stage, deployment, {spec: {paused: null}}),
    unseen: notSeen('0 of 1 old pods are gone'),
  },
  'deployment/scale': {
    step: () => scale,
    call: {method: 'PATCH', path: /deployments\/web\/scale/},
    revert: (stage) => patch(stage, deployment, {spec: {replicas: 1}}),
    unseen: notSeen('Deployment shop/web wants 1'),
  },
  'network/isolate': {
    step: () => 'uses: network/isolate, with: {namespace: shop, selector: app=web}',
    call: {method: 'POST', path: /networkpolicies/},
    revert: ({api}) => api('DELETE', '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies'),
    unseen: nothingShows,
  },
  'node/cordon': {
    step: () => 'uses: node/cordon, with: {name: practice-worker}',
    call: {method: 'PATCH', path: /nodes\/practice-worker/},
    revert: (stage) => patch(stage, node, {spec: {unschedulable: null}}),
    unseen: notSeen('Node practice-worker'),
  },
  'node/drain': {
    step: () => 'uses: node/drain, with: {running: {namespace: shop, selector: app=web}, ignoreDaemonSets: true}',
    call: {method: 'PATCH', path: /nodes\/practice-worker/},
    // There is no other place for its pods.
    hinder: (stage) => eachNode(stage, true),
    letGo: (stage) => eachNode(stage, null),
    unseen: notSeen(''),
  },
  'object/apply': {
    step: () => applied,
    call: {method: 'POST', path: /shop\/configmaps/},
    revert: ({api}) => api('DELETE', `${shop}/configmaps/policy`),
    unseen: notSeen('0 of 1 objects are as written'),
  },
  'object/delete': {
    step: () => 'uses: object/delete, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: prices}',
    furnish: ({api}) => api('POST', `${shop}/configmaps`, prices),
    call: {method: 'DELETE', path: /configmaps\/prices/},
    // Seen before, it would be refused.
    forestall: (stage) => hold(stage, `${shop}/configmaps/prices`),
    letGo: (stage) => release(stage, `${shop}/configmaps/prices`),
    unseen: notSeen('0 of 1 objects are gone'),
  },
  'object/patch': {
    step: () =>
      'uses: object/patch, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: prices, patch: {data: {tea: "300"}}}',
    furnish: ({api}) => api('POST', `${shop}/configmaps`, prices),
    call: {method: 'PATCH', path: /configmaps\/prices/},
    revert: (stage) => patch(stage, `${shop}/configmaps/prices`, {data: {tea: '3'}}),
    unseen: notSeen(''),
  },
  'pod/delete': {
    step: () => 'uses: pod/delete, with: {namespace: shop, selector: app=web}',
    heals: true,
    call: {method: 'DELETE', path: /shop\/pods\//},
    hinder: (stage) => eachPod(stage, (path) => hold(stage, path)),
    letGo: (stage) => eachPod(stage, (path) => release(stage, path)),
    unseen: notSeen('0 of 1 old pods are gone'),
  },
  manual: {
    step: () => 'manual: Pull the plug',
    unseen: nothingShows,
    idle: 'manual: Pull the plug',
  },
};
