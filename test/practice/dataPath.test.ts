import {createSocket} from 'node:dgram';
import {connect} from 'node:net';
import dnsPacket, {type DecodedPacket} from 'dns-packet';
import {expect, test} from 'vitest';
import type {Address, Dial} from '../../src/io/dial.ts';
import {listenAnnotation, type PracticeCluster} from '../../src/practice/index.ts';
import {call, practice, quick, until, webApp} from '../support/practice.ts';

const nameserver = {host: '10.96.0.10', port: 53};

const query = (name: string, type: 'A' | 'AAAA' | 'SRV' = 'A') =>
  dnsPacket.encode({type: 'query', id: 7, flags: dnsPacket.RECURSION_DESIRED, questions: [{type, name}]});

function askUdp(to: Address, packet: Buffer): Promise<DecodedPacket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject).once('message', (answer) => {
      socket.close();
      resolve(dnsPacket.decode(answer));
    });
    socket.connect(to.port, to.host, () => socket.send(packet));
  });
}

function askTcp(to: Address, packet: Buffer): Promise<DecodedPacket> {
  return new Promise((resolve, reject) => {
    const socket = connect(to.port, to.host, () => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(packet.length);
      socket.write(Buffer.concat([length, packet]));
    });
    socket.once('error', reject).once('data', (answer) => {
      socket.destroy();
      resolve(dnsPacket.decode(answer.subarray(2)));
    });
  });
}

const outcome = async (dial: Dial, address: Address, protocol: 'tcp' | 'udp') =>
  dial(address, protocol).then(
    () => 'reached',
    (error: {code?: string}) => error.code,
  );

async function scale(cluster: PracticeCluster, path: string, replicas: number): Promise<void> {
  const headers = {'content-type': 'application/merge-patch+json'};
  await call(cluster, 'PATCH', path, {spec: {replicas}}, headers);
}

test('names resolve through the DNS Service, over UDP and TCP, as CoreDNS answers them', async () => {
  await using cluster = await practice();
  const udp = async (name: string, type?: 'A' | 'AAAA') =>
    askUdp(await cluster.dial(nameserver, 'udp'), query(name, type));
  const found = await udp('kubernetes.default.svc.cluster.local');
  expect(found).toMatchObject({rcode: 'NOERROR', flag_aa: true, answers: [{type: 'A', data: '10.96.0.1', ttl: 30}]});
  const overTcp = await askTcp(await cluster.dial(nameserver, 'tcp'), query('kube-dns.kube-system.svc.cluster.local'));
  expect(overTcp.answers).toMatchObject([{data: '10.96.0.10'}]);
  expect(await udp('nothing.default.svc.cluster.local')).toMatchObject({rcode: 'NXDOMAIN', answers: []});
  expect(await udp('kubernetes.default.svc.cluster.local', 'AAAA')).toMatchObject({rcode: 'NOERROR', answers: []});
  expect(await udp('10-244-1-2.default.pod.cluster.local')).toMatchObject({answers: [{data: '10.244.1.2'}]});
  expect(await udp('example.org')).toMatchObject({rcode: 'SERVFAIL'});
});

test('without CoreDNS pods the nameserver refuses, and it answers again once they are back', async () => {
  await using cluster = await practice();
  const deployment = '/apis/apps/v1/namespaces/kube-system/deployments/coredns';
  await scale(cluster, deployment, 0);
  // While the pods go one after the other, some connections meet the one that still serves.
  await until(
    () => call(cluster, 'GET', '/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app=kube-dns'),
    ({body}) => body.items.length === 0,
  );
  expect(await outcome(cluster.dial, nameserver, 'udp')).toBe('ECONNREFUSED');
  expect(await outcome(cluster.dial, nameserver, 'tcp')).toBe('ECONNREFUSED');
  await scale(cluster, deployment, 2);
  await until(
    () => outcome(cluster.dial, nameserver, 'udp'),
    (answer) => answer === 'reached',
  );
  const answer = await askUdp(await cluster.dial(nameserver, 'udp'), query('kubernetes.default.svc.cluster.local'));
  expect(answer.answers).toHaveLength(1);
});

test('a Service sends connections to its ready pods and to no others', async () => {
  await using cluster = await practice();
  const {deployment, service} = webApp('default');
  await call(cluster, 'POST', '/apis/apps/v1/namespaces/default/deployments', deployment);
  const created = await call(cluster, 'POST', '/api/v1/namespaces/default/services', service);
  const address = {host: created.body.spec.clusterIP as string, port: 80};
  await until(
    () => outcome(cluster.dial, address, 'tcp'),
    (answer) => answer === 'reached',
  );
  const pods = await until(
    () =>
      call(
        cluster,
        'GET',
        '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io/service-name=web',
      ),
    ({body}) =>
      body.items[0]?.endpoints.filter((each: {conditions: {ready: boolean}}) => each.conditions.ready).length === 2,
  );
  const names = pods.body.items[0].endpoints.map((each: {targetRef: {name: string}}) => each.targetRef.name);
  const seen = new Set<string>();
  await until(
    async () => {
      const {host, port} = await cluster.dial(address, 'tcp');
      const text = await (await fetch(`http://${host}:${port}/`, {headers: {connection: 'close'}})).text();
      seen.add(text.split(' ')[0] ?? '');
    },
    () => seen.size === 2,
  );
  expect([...seen].sort()).toEqual(names.sort());
  expect(await outcome(cluster.dial, {...address, port: 81}, 'tcp')).toBe('ECONNREFUSED');
  expect(await outcome(cluster.dial, {host: 'web.default.svc.cluster.local', port: 80}, 'tcp')).toBe('ENOTFOUND');
});

test('pods that are not ready get no connections', async () => {
  await using cluster = await practice();
  const {deployment, service} = webApp('default', 1);
  deployment.spec.template.spec.containers[0].readinessProbe = {tcpSocket: {port: 81}, periodSeconds: 1};
  await call(cluster, 'POST', '/apis/apps/v1/namespaces/default/deployments', deployment);
  const created = await call(cluster, 'POST', '/api/v1/namespaces/default/services', service);
  const pods = await until(
    () => call(cluster, 'GET', '/api/v1/namespaces/default/pods?labelSelector=app=web'),
    ({body}) => body.items[0]?.metadata.annotations?.[listenAnnotation] !== undefined,
  );
  await until(
    () =>
      call(
        cluster,
        'GET',
        '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io/service-name=web',
      ),
    ({body}) => body.items[0]?.endpoints.length === 1,
  );
  // The Service of another app, made later, is there: the proxy has passed the first one.
  const later = await call(cluster, 'POST', '/api/v1/namespaces/default/services', {
    ...service,
    metadata: {name: 'later'},
    spec: {...service.spec, publishNotReadyAddresses: true},
  });
  const reaches = (host: string) => outcome(cluster.dial, {host, port: 80}, 'tcp');
  await until(
    () => reaches(later.body.spec.clusterIP),
    (answer) => answer === 'reached',
  );
  expect(await reaches(created.body.spec.clusterIP)).toBe('ECONNREFUSED');
  expect(await reaches(pods.body.items[0].status.podIP)).toBe('reached');
});

test('while all pods of a Service terminate, those that still serve get its connections', async () => {
  await using cluster = await practice();
  await scale(cluster, '/apis/apps/v1/namespaces/kube-system/deployments/coredns', 0);
  const slice = await until(
    () => call(cluster, 'GET', '/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices'),
    ({body}) =>
      body.items[0].endpoints.every((each: {conditions: {terminating: boolean}}) => each.conditions.terminating),
  );
  expect(slice.body.items[0].endpoints).toHaveLength(2);
  // A Service made now is forwarded by the synchronisation that also took away the ready endpoints.
  const {service} = webApp('kube-system');
  service.spec.selector = {'k8s-app': 'kube-dns'};
  service.spec.ports = [{port: 53, protocol: 'UDP'}];
  const created = await call(cluster, 'POST', '/api/v1/namespaces/kube-system/services', service);
  const other = {host: created.body.spec.clusterIP, port: 53};
  await until(
    () => outcome(cluster.dial, other, 'udp'),
    (answer) => answer === 'reached',
  );
  expect(await outcome(cluster.dial, nameserver, 'udp')).toBe('reached');
});

test('the published listener of a Service is refused while no pod is behind it, and comes back on its port', async () => {
  await using cluster = await practice();
  const {deployment, service} = webApp('default', 1);
  const web = '/apis/apps/v1/namespaces/default/deployments/web';
  await call(cluster, 'POST', '/apis/apps/v1/namespaces/default/deployments', deployment);
  await call(cluster, 'POST', '/api/v1/namespaces/default/services', service);
  const announced = await until(
    () => call(cluster, 'GET', '/api/v1/namespaces/default/services/web'),
    ({body}) => body.metadata.annotations?.[listenAnnotation] !== undefined,
  );
  const url = `http://${JSON.parse(announced.body.metadata.annotations[listenAnnotation])['80/tcp']}/`;
  const get = () =>
    fetch(url, {headers: {connection: 'close'}}).then(
      ({status}) => status,
      () => 0,
    );
  expect(await get()).toBe(200);
  await scale(cluster, web, 0);
  await until(get, (status) => status === 0);
  await scale(cluster, web, 1);
  await until(get, (status) => status === 200);
});

test('a pod that was deleted by force goes on answering until the kubelet kills it', async () => {
  await using cluster = await practice({latency: {...quick, terminate: [200, 200]}});
  const {body} = await call(cluster, 'GET', '/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app=kube-dns');
  const [pod] = body.items;
  const own = {host: pod.status.podIP as string, port: 53};
  const gone = await call(
    cluster,
    'DELETE',
    `/api/v1/namespaces/kube-system/pods/${pod.metadata.name}?gracePeriodSeconds=0`,
  );
  expect(gone.status).toBe(200);
  expect((await call(cluster, 'GET', `/api/v1/namespaces/kube-system/pods/${pod.metadata.name}`)).status).toBe(404);
  expect(await outcome(cluster.dial, own, 'udp')).toBe('reached');
  await until(
    () => outcome(cluster.dial, own, 'udp'),
    (answer) => answer === 'ECONNREFUSED',
  );
});

test('stopping leaves nothing open', async () => {
  const before = process.getActiveResourcesInfo().filter((each) => /Server|UDP|Timeout/.test(each)).length;
  const cluster = await practice();
  await cluster.stop();
  await cluster.stop();
  await until(
    async () => process.getActiveResourcesInfo().filter((each) => /Server|UDP/.test(each)).length,
    (open) => open <= before,
  );
  await expect(fetch(cluster.url)).rejects.toThrow();
});
