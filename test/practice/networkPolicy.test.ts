import {expect, test} from 'vitest';
import type {ContainerProgram} from '../../src/practice/index.ts';
import {call, type Loose, practice, type TestCluster, until, webApp} from '../support/practice.ts';

const policies = '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies';
const web = {matchLabels: {app: 'web'}};
const forever: ContainerProgram = (ctx) =>
  new Promise((resolve) => ctx.killed.addEventListener('abort', () => resolve(137), {once: true}));

type Reach = (host: string) => Promise<string>;

/** A cluster with a web Service and client pods, and what a client gets from it: `reached`, `dropped` or an error. */
async function withClients(...clients: string[]) {
  const dials = new Map<string, Reach>();
  const client: ContainerProgram = async (ctx) => {
    dials.set(ctx.pod.name, (host) => {
      const answer = ctx.dial({host, port: 80}, 'tcp').then(
        () => 'reached',
        (error: {code?: string}) => error.code ?? 'unknown',
      );
      // What is dropped is never answered; everything else is, without waiting for anything.
      const silence = new Promise<string>((resolve) => setTimeout(() => resolve('dropped'), 100));
      return Promise.race([answer, silence]);
    });
    return await forever(ctx);
  };
  const cluster = await practice({programs: {client}});
  for (const name of clients) {
    const [namespace = '', app = ''] = name.split('/');
    if (namespace !== 'default') {
      await call(cluster, 'POST', '/api/v1/namespaces', {metadata: {name: namespace, labels: {team: namespace}}});
    }
    const spec = {containers: [{name: 'main', image: 'client'}], terminationGracePeriodSeconds: 0};
    await call(cluster, 'POST', `/api/v1/namespaces/${namespace}/pods`, {metadata: {name: app, labels: {app}}, spec});
  }
  await call(cluster, 'POST', '/apis/apps/v1/namespaces/default/deployments', webApp('default').deployment);
  const created = await call(cluster, 'POST', '/api/v1/namespaces/default/services', webApp('default').service);
  const host: string = created.body.spec.clusterIP;
  await until(
    async () => [dials.size, await dials.get(clients[0]?.split('/')[1] ?? '')?.(host)],
    ([size, answer]) => size === clients.length && answer === 'reached',
  );
  return {cluster, host, from: (name: string) => dials.get(name) ?? expect.unreachable()};
}

const make = (cluster: TestCluster, name: string, spec: Loose) =>
  call(cluster, 'POST', policies, {metadata: {name}, spec});
const becomes = (ask: () => Promise<string>, wanted: string) => until(ask, (answer) => answer === wanted);

test('deny all ingress drops what comes to the pods, while they stay ready; removing it lets it through', async () => {
  const {cluster, host, from} = await withClients('default/client');
  await using _ = cluster;
  await make(cluster, 'deny', {podSelector: web, policyTypes: ['Ingress']});
  await becomes(() => from('client')(host), 'dropped');
  const pods = await call(cluster, 'GET', '/api/v1/namespaces/default/pods?labelSelector=app%3Dweb');
  for (const {status} of pods.body.items) {
    expect(status.conditions.find(({type}: Loose) => type === 'Ready')).toMatchObject({status: 'True'});
    // A pod that is selected for ingress is open outwards.
    expect(await from('client')(status.podIP)).toBe('dropped');
  }
  await call(cluster, 'DELETE', `${policies}/deny`);
  await becomes(() => from('client')(host), 'reached');
});

test('deny all egress drops what the pods send, and nothing that others do', async () => {
  const {cluster, host, from} = await withClients('default/client', 'default/other');
  await using _ = cluster;
  await make(cluster, 'deny', {podSelector: {matchLabels: {app: 'client'}}, policyTypes: ['Egress']});
  await becomes(() => from('client')(host), 'dropped');
  expect(await from('other')(host)).toBe('reached');
});

test.each<[string, Loose, string]>([
  ['a pod of the namespace', {from: [{podSelector: {matchLabels: {app: 'client'}}}]}, 'client'],
  ['a namespace', {from: [{namespaceSelector: {matchLabels: {team: 'blue'}}}]}, 'stranger'],
  ['addresses', {from: [{ipBlock: {cidr: '10.244.0.0/16'}}]}, 'client other stranger'],
  ['no addresses', {from: [{ipBlock: {cidr: '10.244.0.0/16', except: ['10.244.0.0/16']}}]}, ''],
  ['a port', {ports: [{port: 80}]}, 'client other stranger'],
  ['a named port', {ports: [{port: 'http', protocol: 'TCP'}]}, 'client other stranger'],
  ['a range of ports', {ports: [{port: 70, endPort: 90}]}, 'client other stranger'],
  ['another port', {ports: [{port: 81}]}, ''],
  ['another protocol', {ports: [{port: 80, protocol: 'UDP'}]}, ''],
])('a rule with %s lets exactly those in', async (_name, rule, allowed) => {
  const pods = ['default/client', 'default/other', 'blue/stranger', 'default/witness'];
  const {cluster, host, from} = await withClients(...pods);
  await using _ = cluster;
  await make(cluster, 'deny', {podSelector: web});
  await becomes(() => from('witness')(host), 'dropped');
  // Once the witness gets through, the rule beside it is in force as well.
  const witness = {from: [{podSelector: {matchLabels: {app: 'witness'}}}]};
  await make(cluster, 'allow', {podSelector: web, ingress: [rule, witness]});
  await becomes(() => from('witness')(host), 'reached');
  const names = ['client', 'other', 'stranger'];
  const reached = await Promise.all(names.map(async (name) => ((await from(name)(host)) === 'reached' ? [name] : [])));
  expect(reached.flat().join(' ')).toBe(allowed);
});

test('policies only fill in their types, as the API server does', async () => {
  await using cluster = await practice();
  const made = await make(cluster, 'one', {podSelector: {}, egress: [{}]});
  expect(made.body.spec.policyTypes).toEqual(['Ingress', 'Egress']);
  expect((await make(cluster, 'two', {podSelector: {}})).body.spec.policyTypes).toEqual(['Ingress']);
});
