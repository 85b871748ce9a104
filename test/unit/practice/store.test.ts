import {expect, test} from 'vitest';
import {configMaps} from '../../../src/practice/kinds.ts';
import type {ConfigMap} from '../../../src/practice/objects.ts';
import {Store} from '../../../src/practice/store.ts';

const object = (name: string, data = {}): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {name, namespace: 'n', uid: name, resourceVersion: '', creationTimestamp: ''},
  data,
});

test('every write gets the next revision, and listeners hear of it in order', () => {
  const store = new Store(10);
  const heard: string[] = [];
  const unsubscribe = store.subscribe(({type, revision, previous}) =>
    heard.push(`${revision} ${type} ${previous ? 'was' : 'new'}`),
  );
  const stored = store.put(configMaps, object('a'));
  store.put(configMaps, {...stored, data: {x: '1'}});
  const last = store.remove(configMaps, stored);
  unsubscribe();
  store.put(configMaps, object('b'));
  expect(heard).toEqual(['1 ADDED new', '2 MODIFIED was', '3 DELETED was']);
  expect(last.metadata.resourceVersion).toBe('3');
});

test('the history is bounded: what lies before it cannot be asked for', () => {
  const store = new Store(2);
  for (const name of ['a', 'b', 'c']) store.put(configMaps, object(name));
  expect(store.since(configMaps, 0)).toBeUndefined();
  expect(store.since(configMaps, 1)?.map(({object: {metadata}}) => metadata.name)).toEqual(['b', 'c']);
  expect(store.since(configMaps, 3)).toEqual([]);
});

test('what is stored cannot be changed from outside', () => {
  const store = new Store(2);
  const mine = object('a', {x: '1'});
  const stored = store.put(configMaps, mine);
  mine.data = {x: '2'};
  expect(store.byKey(configMaps, 'n/a')?.data).toEqual({x: '1'});
  expect(() => Object.assign(stored.data ?? {}, {x: '3'})).toThrow(TypeError);
});
