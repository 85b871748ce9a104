import {expect, onTestFinished, test} from 'vitest';
import {systemClock} from '../../../src/io/clock.ts';
import {silentLog} from '../../../src/io/log.ts';
import {createRandom} from '../../../src/io/random.ts';
import {ApiState} from '../../../src/practice/apiState.ts';
import {configMaps} from '../../../src/practice/kinds.ts';
import {LatencySource} from '../../../src/practice/latencies.ts';
import type {ConfigMap} from '../../../src/practice/objects.ts';
import {Scope} from '../../../src/practice/scope.ts';
import {Store} from '../../../src/practice/store.ts';
import {View} from '../../../src/practice/view.ts';

const object = (name: string, data = {}, uid = name): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {name, namespace: 'n', uid, resourceVersion: '', creationTimestamp: ''},
  data,
});

function setting() {
  const scope = new Scope(systemClock, silentLog);
  onTestFinished(() => scope.close());
  const store = new Store(10);
  const api = new ApiState();
  const latency = new LatencySource({relist: [0, 0]}, createRandom(1));
  const connect = () => {
    const view = new View({store, api, scope, latency});
    const heard: string[] = [];
    view.subscribe((change) => {
      // A listener finds what it hears of, and all that is told with it.
      const known = view.get(configMaps, 'n', change.object.metadata.name);
      expect(known?.metadata.uid === change.object.metadata.uid).toBe(change.type !== 'DELETED');
      heard.push(`${change.type} ${change.object.metadata.name}${change.previous ? ', was known' : ''}`);
    });
    return {view, heard};
  };
  const back = async ({view}: {view: View}) => {
    api.set(true);
    await expect.poll(() => view.connected, {interval: 1}).toBe(true);
  };
  return {store, api, connect, back};
}

const names = (view: View) => view.list(configMaps).map(({metadata, data}) => `${metadata.name}${data?.x ?? ''}`);

test('while the API is up, a view is the store', () => {
  const {store, connect} = setting();
  store.put(configMaps, object('a'));
  const {view, heard} = connect();
  expect(names(view)).toEqual(['a']);
  const b = store.put(configMaps, object('b'));
  store.put(configMaps, object('a', {x: '2'}));
  store.remove(configMaps, b);
  expect(heard).toEqual(['ADDED b', 'MODIFIED a, was known', 'DELETED b, was known']);
  expect(names(view)).toEqual(['a2']);
});

test('while the API is down it stays as it was and tells nothing; then it tells the differences', async () => {
  const {store, api, connect, back} = setting();
  for (const name of ['gone', 'kept', 'other', 'anew']) store.put(configMaps, object(name));
  const client = connect();
  const {view, heard} = client;
  api.set(false);
  expect(view.connected).toBe(false);
  store.put(configMaps, object('new'));
  store.remove(configMaps, object('gone'));
  store.remove(configMaps, object('anew'));
  store.put(configMaps, object('anew', {}, 'another'));
  store.put(configMaps, object('other', {x: '2'}));
  expect(names(view)).toEqual(['anew', 'gone', 'kept', 'other']);
  expect(heard).toEqual([]);
  let lists = 0;
  view.onRelist(() => {
    lists += 1;
    expect(heard).toHaveLength(5);
  });
  await back(client);
  expect(heard).toEqual([
    'DELETED gone, was known',
    'DELETED anew, was known',
    'ADDED new',
    'ADDED anew',
    'MODIFIED other, was known',
  ]);
  expect(lists).toBe(1);
  store.put(configMaps, object('more'));
  expect(heard.at(-1)).toBe('ADDED more');
});

test('a restored store is noticed, too, where its revisions are those of before', async () => {
  const {store, api, connect, back} = setting();
  store.put(configMaps, object('a', {x: '1'}));
  const snapshot = store.snapshot();
  store.put(configMaps, object('a', {x: '2'}));
  const client = connect();
  api.set(false);
  store.restore(snapshot);
  store.put(configMaps, object('a', {x: '3'}));
  expect(store.byKey(configMaps, 'n/a')?.metadata.resourceVersion).toBe('2');
  await back(client);
  expect(client.heard).toEqual(['MODIFIED a, was known']);
  expect(names(client.view)).toEqual(['a3']);
});

test('a client that starts while the API is down knows nothing, and all of it later', async () => {
  const {store, api, connect, back} = setting();
  store.put(configMaps, object('a'));
  api.set(false);
  const client = connect();
  expect([client.view.synced, names(client.view)]).toEqual([false, []]);
  await back(client);
  expect([client.view.synced, client.heard]).toEqual([true, ['ADDED a']]);
});

test('a view that is closed hears nothing more', async () => {
  const {store, api, connect, back} = setting();
  const left = connect();
  const right = connect();
  left.view.close();
  store.put(configMaps, object('a'));
  api.set(false);
  await back(right);
  expect([left.view.connected, left.heard]).toEqual([false, []]);
  expect(right.heard).toEqual(['ADDED a']);
});
