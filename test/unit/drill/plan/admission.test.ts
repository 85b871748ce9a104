import {describe, expect, test} from 'vitest';
import {podsToMake, podsToReplace} from '../../../../src/actions/common/makings.ts';
import type {Making} from '../../../../src/actions/planned.ts';
import {ClusterError} from '../../../../src/cluster/errors.ts';
import type {ClusterErrorReason, Connection, KubeObject} from '../../../../src/cluster/types.ts';
import {tryOut} from '../../../../src/drill/plan/admission.ts';
import type {StepRecord} from '../../../../src/journal/plan.ts';

const object = (kind: string, apiVersion = 'v1'): KubeObject => ({
  apiVersion,
  kind,
  metadata: {name: 'web', namespace: 'shop'},
  spec: {template: {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'c', image: 'echo'}]}}},
});
const workload = object('Deployment', 'apps/v1');
const step: Making = {object: workload, by: 'step'};
const quota = 'pods "web-1" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=3, limited: pods=3';
const webhook = 'admission webhook "deny.example.org" denied the request: not on Fridays';

type Said = {reason?: ClusterErrorReason; message: string} | undefined;

/** What is said of some steps where the API server says this of each object of a kind. */
async function trial(
  steps: {record?: Partial<StepRecord>; makings: Making[]}[],
  answers: Record<string, Said>,
  {pods = true} = {},
) {
  const tried: unknown[] = [];
  const create = async (made: KubeObject, options: unknown) => {
    tried.push(options);
    const said = answers[made.kind];
    if (said === undefined) return made;
    const {reason = 'forbidden', message} = said;
    throw new ClusterError(message, {reason, apiMessage: message});
  };
  const connection = {writer: {create}, reader: {review: async () => ({allowed: pods, reason: ''})}};
  const given = steps.map(({record, makings}, index) => ({
    record: {form: 'uses', path: `prepare.${index}`, phase: 'prepare' as const, targets: [], ...record},
    makings,
  }));
  const {guards, warnings} = await tryOut(
    connection as unknown as Connection,
    given as never,
    new AbortController().signal,
  );
  return {refused: guards.map(({message}) => message), warnings, tried};
}

test('everything is sent as a dry run', async () => {
  const {refused, tried} = await trial([{makings: [step, ...podsToMake(workload)]}], {});
  expect(refused).toEqual([]);
  expect(tried).toEqual([expect.objectContaining({dryRun: true}), expect.objectContaining({dryRun: true})]);
});

describe('what the API server refuses', () => {
  test('of a step, its undo or a controller is a reason to refuse', async () => {
    expect((await trial([{makings: [step]}], {Deployment: {message: webhook}})).refused).toEqual([
      `prepare.0: the API server would refuse Deployment shop/web: ${webhook}`,
    ]);
    const undo: Making = {...step, by: 'undo'};
    expect((await trial([{makings: [undo]}], {Deployment: {message: webhook}})).refused).toEqual([
      `prepare.0: its undo could not make Deployment shop/web again: ${webhook}`,
    ]);
    expect((await trial([{makings: podsToMake(workload)}], {Pod: {message: quota}})).refused).toEqual([
      `prepare.0: the API server would refuse the pods of Deployment shop/web: ${quota}`,
    ]);
  });

  test('is not that what goes still has its port', async () => {
    const message =
      'Service "web" is invalid: spec.ports[0].nodePort: Invalid value: 30351: provided port is already allocated';
    const service = object('Service');
    const answers = {Service: {reason: 'invalid' as const, message}};
    expect((await trial([{makings: [{object: service, by: 'undo'}]}], answers)).refused).toEqual([]);
    expect((await trial([{makings: [{object: service, by: 'step'}]}], answers)).refused).toHaveLength(1);
  });

  test.each([
    [
      'a permission, which another guard is for',
      'pods is forbidden: User "a" cannot create resource "pods"',
      undefined,
    ],
    ['a namespace that is not there yet', 'namespaces "shop" not found', 'notFound'],
    ['an object that is there', 'deployments.apps "web" already exists', 'alreadyExists'],
    ['a webhook that cannot be tried', 'admission webhook "a" does not support dry run', 'invalid'],
    ['an API server that is away', 'no', 'unreachable'],
  ] as const)('is no reason for %s', async (_, message, reason) => {
    const said = {message, ...(reason === undefined ? {} : {reason})};
    expect(await trial([{makings: [step]}], {Deployment: said})).toMatchObject({refused: [], warnings: []});
  });

  test('a quota still counts what goes', async () => {
    const makings = podsToReplace([object('Pod')]);
    expect(await trial([{makings}], {Pod: {message: quota}})).toMatchObject({refused: [], warnings: []});
  });

  test('a policy may let a controller do what it does not let a user do', async () => {
    const {refused, warnings} = await trial([{makings: podsToMake(workload)}], {Pod: {message: webhook}});
    expect([refused.length, warnings.length]).toEqual([0, 1]);
  });

  test('what an earlier step may change is a warning', async () => {
    const lifted = {
      record: {targets: [{apiVersion: 'v1', kind: 'ResourceQuota', name: 'q', namespace: 'shop'}]},
      makings: [],
    };
    const answers = {Deployment: {message: quota}};
    expect((await trial([lifted, {makings: [step]}], answers)).warnings).toHaveLength(1);
    expect((await trial([{record: {form: 'manual'}, makings: []}, {makings: [step]}], answers)).warnings).toHaveLength(
      1,
    );
    expect((await trial([{makings: [step]}, lifted], answers)).refused).toHaveLength(1);
  });

  test('an account that an earlier step makes is not missed', async () => {
    const missing = {Pod: {message: 'error looking up service account shop/a: serviceaccount "a" not found'}};
    const makings = podsToMake(workload);
    expect((await trial([{makings}], missing)).refused).toHaveLength(1);
    const account: Making = {object: object('ServiceAccount'), by: 'step'};
    expect((await trial([{makings: [account, ...makings]}], missing)).refused).toEqual([]);
  });
});

test('pods are not tried out by who may not make any', async () => {
  const {refused, tried} = await trial([{makings: podsToMake(workload)}], {Pod: {message: quota}}, {pods: false});
  expect({refused, tried}).toEqual({refused: [], tried: []});
});

test('pods are as their controllers make them', () => {
  const claims = [{metadata: {name: 'data'}}];
  const template = {metadata: {labels: {app: 'db'}}, spec: {containers: [], volumes: [{name: 'tmp'}]}};
  const set = {...object('StatefulSet', 'apps/v1'), spec: {volumeClaimTemplates: claims, template}} as KubeObject;
  expect(podsToMake(set)[0]?.object).toMatchObject({
    kind: 'Pod',
    metadata: {namespace: 'shop', labels: {app: 'db'}, ownerReferences: [{kind: 'StatefulSet', controller: true}]},
    spec: {volumes: [{name: 'tmp'}, {name: 'data', persistentVolumeClaim: {claimName: 'data'}}]},
  });
  expect(podsToMake({...object('ConfigMap'), spec: {}})).toEqual([]);
});

test('one pod stands for all of its owner', () => {
  const owned = (name: string, uid: string): KubeObject => ({
    ...object('Pod'),
    metadata: {name, namespace: 'shop', uid: name, ownerReferences: [{uid, controller: true, kind: 'X', name: 'x'}]},
    spec: {nodeName: 'worker', containers: []},
  });
  const all = podsToReplace([owned('a', '1'), owned('b', '1'), owned('c', '2')]);
  expect(all.map(({object: {spec}}) => spec)).toEqual([{containers: []}, {containers: []}]);
});
