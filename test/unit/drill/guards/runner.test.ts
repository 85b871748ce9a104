import {describe, expect, test} from 'vitest';
import {ClusterError} from '../../../../src/cluster/errors.ts';
import type {ClusterIdentity, ClusterReader, KubeObject, ObjectRef} from '../../../../src/cluster/types.ts';
import {findRunner, guardRunner, type Runner, runnerPermissions} from '../../../../src/drill/guards/runner.ts';
import type {Target} from '../../../../src/io/target.ts';
import type {StepRecord} from '../../../../src/journal/plan.ts';

const identity: ClusterIdentity = {
  uid: 'u',
  server: 'https://10.0.0.1',
  context: 'c',
  version: 'v1.34.0',
  nodes: ['a', 'b'].map((name) => ({name, version: '', machineId: '', providerId: '', roles: [], ready: true})),
};
const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name: 'drill-x1', namespace: 'ops', uid: 'p1', ownerReferences: [{uid: 'job1'}]},
  spec: {nodeName: 'b'},
};
const inPod = {KUBERNETES_SERVICE_HOST: '10.0.0.1', HOSTNAME: 'drill-x1'};
const inNamespace = async () => 'ops\n';

/** A cluster that answers for the runner's pod alone. */
function find(env: Record<string, string>, answer: KubeObject | 'notFound' | 'forbidden' = pod, read = inNamespace) {
  const get = async ({namespace, name}: ObjectRef) => {
    if (typeof answer === 'string') throw new ClusterError(answer, {reason: answer});
    expect([namespace, name]).toEqual(['ops', 'drill-x1']);
    return answer;
  };
  const cluster = {get} as unknown as ClusterReader;
  return findRunner({env, identity, cluster, signal: new AbortController().signal, read});
}

describe('the runner finds itself', () => {
  test('nowhere in the cluster when it is in no pod', async () => {
    expect(await find({HOSTNAME: 'a'})).toEqual({});
    expect(await runnerPermissions({env: {}, read: inNamespace})).toEqual([]);
  });
  test('by its host name and the namespace of its service account', async () => {
    const found = {node: 'b', pod: {namespace: 'ops', name: 'drill-x1', uid: 'p1', owners: ['job1']}};
    expect(await find(inPod)).toEqual(found);
    const asked = await runnerPermissions({env: inPod, read: inNamespace});
    expect(asked).toEqual([{verb: 'get', group: '', resource: 'pods', namespace: 'ops', name: 'drill-x1'}]);
  });
  test('by the downward API before both', async () => {
    const env = {...inPod, HOSTNAME: 'a', POD_NAME: 'drill-x1', POD_NAMESPACE: 'ops'};
    expect(await find(env, pod, async () => 'other')).toMatchObject({node: 'b'});
  });
  test('nowhere when the cluster has no such pod, or another one of that name', async () => {
    expect(await find(inPod, 'notFound')).toEqual({});
    expect(await find({...inPod, POD_UID: 'p2'})).toEqual({});
  });
  test("on the node whose name it has: a pod in its node's network", async () => {
    expect(await find({...inPod, HOSTNAME: 'a'}, 'notFound')).toEqual({node: 'a'});
  });
  test('not at all when it may not ask, or has no name', async () => {
    expect((await find(inPod, 'forbidden')).unknown).toContain('may not ask');
    expect((await find({KUBERNETES_SERVICE_HOST: '10.0.0.1'})).unknown).toContain('does not know its own name');
  });
});

const step = (parts: {targets?: Target[]; cascade?: Target[]; phase?: StepRecord['phase']}): StepRecord => ({
  path: 'inject.0',
  phase: 'inject',
  form: 'uses',
  uses: 'pod/delete',
  timeout: 1,
  targets: [],
  cascade: [],
  undoKinds: [],
  ...parts,
});
const target = (kind: string, name: string, parts: Partial<Target> = {}): Target => ({
  apiVersion: 'v1',
  kind,
  name,
  ...parts,
});
const runner: Runner = {node: 'b', pod: {namespace: 'ops', name: 'drill-x1', uid: 'p1', owners: ['job1']}};
const answers = (steps: StepRecord[], wholeCluster = false, of = runner) =>
  guardRunner(of, {steps, wholeCluster}).map(({ok}) => ok);

describe('a drill must not hit its own runner', () => {
  test.each([
    ['its node', target('Node', 'b'), false],
    ['another node', target('Node', 'a'), true],
    ['its pod', target('Pod', 'drill-x1', {namespace: 'ops'}), false],
    ['a pod of its name elsewhere', target('Pod', 'drill-x1', {namespace: 'shop'}), true],
    ['its namespace', target('Namespace', 'ops'), false],
    ['its Job', target('Job', 'drill', {apiVersion: 'batch/v1', namespace: 'ops', uid: 'job1'}), false],
    ['another Job', target('Job', 'drill', {apiVersion: 'batch/v1', namespace: 'ops', uid: 'job2'}), true],
  ])('%s', (_, hit, ok) => {
    expect(answers([step({targets: [hit]})])).toEqual([ok]);
    expect(answers([step({cascade: [hit]})])).toEqual([ok]);
  });
  test('a fixture is no fault', () => {
    expect(answers([step({phase: 'prepare', targets: [target('Namespace', 'ops')]})])).toEqual([true]);
  });
  test('the whole cluster is where it runs, too', () => expect(answers([], true)).toEqual([false]));
  test('not to know is to be inside', () => {
    expect(answers([step({})], false, {unknown: 'nobody told'})).toEqual([false]);
  });
  test('outside of the cluster there is nothing to ask', () => {
    expect(answers([step({targets: [target('Node', 'b')]})], true, {})).toEqual([]);
  });
});
