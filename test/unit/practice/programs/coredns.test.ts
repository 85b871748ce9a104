import {Resolver} from 'node:dns/promises';
import {expect, onTestFinished, test} from 'vitest';
import {systemClock} from '../../../../src/io/clock.ts';
import {type Address, directDial} from '../../../../src/io/dial.ts';
import {silentLog} from '../../../../src/io/log.ts';
import {createRandom} from '../../../../src/io/random.ts';
import {ApiState} from '../../../../src/practice/apiState.ts';
import {namespaces, services} from '../../../../src/practice/kinds.ts';
import {LatencySource} from '../../../../src/practice/latencies.ts';
import type {ContainerContext} from '../../../../src/practice/program.ts';
import {coredns} from '../../../../src/practice/programs/coredns.ts';
import {Scope} from '../../../../src/practice/scope.ts';
import {Store} from '../../../../src/practice/store.ts';
import {View} from '../../../../src/practice/view.ts';

const corefile = '.:53 {\n  health\n  ready\n  kubernetes cluster.local\n}\n';

test('one that starts while the API is down is alive, but not ready, and answers SERVFAIL until it has seen the API', async () => {
  const scope = new Scope(systemClock, silentLog);
  const api = new ApiState();
  const store = new Store(10);
  store.put(namespaces, {kind: 'Namespace', apiVersion: 'v1', metadata: {name: 'default'}} as never);
  const metadata = {name: 'web', namespace: 'default'};
  store.put(services, {kind: 'Service', apiVersion: 'v1', metadata, spec: {clusterIP: '10.96.1.2'}} as never);
  api.set(false);

  const ports = new Map<string, Address>();
  const stop = new AbortController();
  const latency = new LatencySource({relist: [0, 0]}, createRandom(1));
  const program = coredns(() => new View({store, api, scope, latency}));
  const running = program(context(ports, stop.signal));
  onTestFinished(async () => {
    stop.abort();
    await running;
    await scope.close();
  });
  await expect.poll(() => ports.size).toBe(4);

  const resolve = () => {
    const resolver = new Resolver({timeout: 1000, tries: 1});
    resolver.setServers([`127.0.0.1:${ports.get('53/udp')?.port}`]);
    return resolver.resolve4('web.default.svc.cluster.local').catch(({code}) => code);
  };
  const page = async (port: number) => (await fetch(`http://127.0.0.1:${ports.get(`${port}/tcp`)?.port}/`)).status;
  expect([await resolve(), await page(8181), await page(8080)]).toEqual(['ESERVFAIL', 503, 200]);
  api.set(true);
  await expect.poll(() => page(8181)).toBe(200);
  expect(await resolve()).toEqual(['10.96.1.2']);
  api.set(false);
  expect([await resolve(), await page(8181)]).toEqual([['10.96.1.2'], 200]);
});

function context(ports: Map<string, Address>, signal: AbortSignal): ContainerContext {
  return {
    image: 'coredns',
    args: [],
    env: {},
    files: () => corefile,
    pod: {name: 'coredns', namespace: 'kube-system', uid: '1', ip: '10.244.0.2', node: 'node', labels: {}},
    print: () => {},
    signal,
    killed: signal,
    dial: directDial,
    publish: (port, protocol, actual) => {
      ports.set(`${port}/${protocol}`, actual);
      return () => {};
    },
    clock: systemClock,
  };
}
