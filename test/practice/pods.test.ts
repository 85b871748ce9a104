import {expect, test} from 'vitest';
import type {ContainerProgram} from '../../src/practice/index.ts';
import {call, type Loose, practice, type TestCluster, until} from '../support/practice.ts';

const pods = '/api/v1/namespaces/default/pods';
const pod = (name: string, container: object, spec: object = {}) => ({
  metadata: {name, labels: {name}},
  spec: {containers: [{name: 'main', image: 'job', ...container}], ...spec},
});
const read = (cluster: TestCluster, name: string) => call(cluster, 'GET', `${pods}/${name}`);
const stateOf = (body: Loose) => body.status.containerStatuses?.[0];

/** Says what it was given and ends with the code in its first argument. */
const job: ContainerProgram = async (ctx) => {
  ctx.print(JSON.stringify({args: ctx.args, env: ctx.env, file: ctx.files('/etc/app/key') ?? null, pod: ctx.pod.name}));
  return Number(ctx.args[0] ?? 0);
};
/** Ignores SIGTERM. */
const stubborn: ContainerProgram = (ctx) =>
  new Promise((resolve) => ctx.killed.addEventListener('abort', () => resolve(137), {once: true}));

test('a container gets its arguments, environment and files, and its end decides the phase', async () => {
  await using cluster = await practice({programs: {job}});
  await call(cluster, 'POST', '/api/v1/namespaces/default/configmaps', {metadata: {name: 'app'}, data: {key: 'text'}});
  const env = [
    {name: 'PLAIN', value: 'x'},
    {name: 'IP', valueFrom: {fieldRef: {fieldPath: 'status.podIP'}}},
    {name: 'FROM', valueFrom: {configMapKeyRef: {name: 'app', key: 'key'}}},
  ];
  const mounts = {volumeMounts: [{name: 'app', mountPath: '/etc/app'}], args: ['0', 'more'], env};
  const volumes = [{name: 'app', configMap: {name: 'app'}}];
  await call(cluster, 'POST', pods, pod('good', mounts, {volumes, restartPolicy: 'Never'}));
  const done = await until(
    () => read(cluster, 'good'),
    ({body}) => body.status.phase === 'Succeeded',
  );
  const log = await call(cluster, 'GET', `${pods}/good/log`);
  expect(JSON.parse(log.body)).toEqual({
    args: ['0', 'more'],
    env: {PLAIN: 'x', IP: done.body.status.podIP, FROM: 'text'},
    file: 'text',
    pod: 'good',
  });
  await call(cluster, 'POST', pods, pod('bad', {args: ['3']}, {restartPolicy: 'Never'}));
  const failed = await until(
    () => read(cluster, 'bad'),
    ({body}) => body.status.phase === 'Failed',
  );
  expect(stateOf(failed.body).state.terminated).toMatchObject({exitCode: 3, reason: 'Error'});
});

test('a container that keeps ending is restarted, with pauses', async () => {
  await using cluster = await practice({programs: {job}});
  await call(cluster, 'POST', pods, pod('crash', {args: ['1']}));
  const crashing = await until(
    () => read(cluster, 'crash'),
    ({body}) => stateOf(body)?.restartCount >= 2 && stateOf(body).state.waiting?.reason === 'CrashLoopBackOff',
  );
  expect(crashing.body.status.phase).toBe('Running');
  expect(stateOf(crashing.body).lastState.terminated.exitCode).toBe(1);
  expect((await call(cluster, 'GET', `${pods}/crash/log?previous=true`)).status).toBe(200);
});

test('a missing image or ConfigMap holds a pod up, and says so', async () => {
  await using cluster = await practice({programs: {job}});
  await call(cluster, 'POST', pods, pod('image', {image: 'example.org/none:1'}));
  await until(
    () => read(cluster, 'image'),
    ({body}) => stateOf(body)?.state.waiting?.reason === 'ErrImagePull',
  );
  const env = [{name: 'A', valueFrom: {configMapKeyRef: {name: 'late', key: 'a'}}}];
  await call(cluster, 'POST', pods, pod('config', {env}));
  const held = await until(
    () => read(cluster, 'config'),
    ({body}) => stateOf(body)?.state.waiting?.reason === 'CreateContainerConfigError',
  );
  expect(stateOf(held.body).state.waiting.message).toContain('configmap "late" not found');
  const log = await call(cluster, 'GET', `${pods}/config/log`);
  expect(log).toMatchObject({status: 400, body: {message: expect.stringContaining('waiting to start')}});
  const events = await call(
    cluster,
    'GET',
    '/api/v1/namespaces/default/events?fieldSelector=involvedObject.name=image,type=Warning',
  );
  expect(events.body.items[0].message).toContain('example.org/none:1');
});

test('a pod that ignores SIGTERM is killed when its grace period is over', async () => {
  await using cluster = await practice({programs: {stubborn}});
  await call(cluster, 'POST', pods, pod('slow', {image: 'stubborn'}, {terminationGracePeriodSeconds: 1}));
  await until(
    () => read(cluster, 'slow'),
    ({body}) => body.status.phase === 'Running',
  );
  const marked = await call(cluster, 'DELETE', `${pods}/slow`);
  expect(marked.body.metadata).toMatchObject({deletionGracePeriodSeconds: 1});
  expect((await read(cluster, 'slow')).status).toBe(200);
  await until(
    () => read(cluster, 'slow'),
    ({status}) => status === 404,
  );
});

test('activeDeadlineSeconds ends a pod', async () => {
  await using cluster = await practice();
  await call(cluster, 'POST', pods, pod('late', {image: 'pause'}, {activeDeadlineSeconds: 1}));
  const ended = await until(
    () => read(cluster, 'late'),
    ({body}) => body.status.phase === 'Failed',
  );
  expect(ended.body.status.reason).toBe('DeadlineExceeded');
});

test('a log is followed until its container ends', async () => {
  const talker: ContainerProgram = async (ctx) => {
    for (let line = 0; line < 5; line += 1) {
      ctx.print(`line ${line}`);
      await ctx.clock.sleep(20, ctx.signal);
    }
    return 0;
  };
  await using cluster = await practice({programs: {talker}});
  await call(cluster, 'POST', pods, pod('talk', {image: 'talker'}, {restartPolicy: 'Never'}));
  const followed = await until(
    () => call(cluster, 'GET', `${pods}/talk/log?follow=true`),
    ({status}) => status === 200,
  );
  expect(followed.body).toBe('line 0\nline 1\nline 2\nline 3\nline 4\n');
  const tail = await call(cluster, 'GET', `${pods}/talk/log?tailLines=2`);
  expect(tail.body).toBe('line 3\nline 4\n');
  const stamped = await call(cluster, 'GET', `${pods}/talk/log?timestamps=true&tailLines=1`);
  expect(stamped.body).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z line 4\n$/);
  const time = stamped.body.split(' ')[0];
  expect((await call(cluster, 'GET', `${pods}/talk/log?sinceTime=${time}`)).body).toContain('line 4');
  expect((await call(cluster, 'GET', `${pods}/talk/log?sinceTime=2999-01-01T00:00:00Z`)).body).toBe('');
  expect((await call(cluster, 'GET', `${pods}/talk/log?limitBytes=4`)).body).toBe('line');
});

test('a port of a pod is reached through the API', async () => {
  await using cluster = await practice();
  await call(cluster, 'POST', pods, pod('web', {image: 'echo'}));
  const answer = await until(
    () => call(cluster, 'GET', `${pods}/web:80/proxy/clock`),
    ({status}) => status === 200,
  );
  expect(answer.body).toContain('web in default');
  expect((await call(cluster, 'GET', `${pods}/web:81/proxy/`)).status).toBe(503);
});

test('pods go where they fit', async () => {
  await using cluster = await practice();
  await call(
    cluster,
    'PATCH',
    '/api/v1/nodes/practice-worker',
    {spec: {unschedulable: true}},
    {'content-type': 'application/merge-patch+json'},
  );
  await call(cluster, 'POST', pods, pod('free', {image: 'pause'}));
  const placed = await until(
    () => read(cluster, 'free'),
    ({body}) => body.spec.nodeName !== undefined,
  );
  expect(placed.body.spec.nodeName).toBe('practice-worker2');
  const nodeSelector = {'kubernetes.io/hostname': 'practice-worker'};
  await call(cluster, 'POST', pods, pod('pinned', {image: 'pause'}, {nodeSelector}));
  const pending = await until(
    () => read(cluster, 'pinned'),
    ({body}) => body.status.conditions?.[0]?.status === 'False',
  );
  expect(pending.body.status.conditions[0]).toMatchObject({
    reason: 'Unschedulable',
    message: expect.stringContaining('0/3 nodes'),
  });
  await call(
    cluster,
    'PATCH',
    '/api/v1/nodes/practice-worker',
    {spec: {unschedulable: null}},
    {'content-type': 'application/merge-patch+json'},
  );
  await until(
    () => read(cluster, 'pinned'),
    ({body}) => body.spec.nodeName === 'practice-worker',
  );
});

test('a DaemonSet has a pod on every node that takes it', async () => {
  await using cluster = await practice();
  const labels = {app: 'agent'};
  const template = {metadata: {labels}, spec: {containers: [{name: 'agent', image: 'pause'}]}};
  const set = {metadata: {name: 'agent'}, spec: {selector: {matchLabels: labels}, template}};
  const path = '/apis/apps/v1/namespaces/default/daemonsets';
  await call(cluster, 'POST', path, set);
  await until(
    () => call(cluster, 'GET', `${path}/agent`),
    ({body}) => body.status.numberAvailable === 2,
  );
  const tolerations = [{operator: 'Exists'}];
  await call(
    cluster,
    'PATCH',
    `${path}/agent`,
    {spec: {template: {spec: {tolerations}}}},
    {'content-type': 'application/merge-patch+json'},
  );
  await until(
    () => call(cluster, 'GET', `${path}/agent`),
    ({body}) => body.status.updatedNumberScheduled === 3 && body.status.numberAvailable === 3,
  );
});
