import {expect, test} from 'vitest';
import {configMaps, secrets} from '../../../src/practice/kinds.ts';
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

test('a snapshot is plain data, and does not change with the store', () => {
  const store = new Store(10);
  store.put(configMaps, object('a', {x: '1'}));
  store.put(secrets, {...object('s'), kind: 'Secret'} as never);
  const snapshot = store.snapshot();
  store.put(configMaps, object('a', {x: '2'}));
  expect(snapshot.revision).toBe(2);
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  expect(snapshot.objects.map(({kind, metadata}) => [kind, metadata.name, metadata.resourceVersion])).toEqual([
    ['ConfigMap', 'a', '1'],
    ['Secret', 's', '2'],
  ]);
});

/** A store that wrote `a` (1) and `b` (2), then, after its snapshot, `c` (3), `a` again (4), and took `b` out (5). */
function beyondItsSnapshot() {
  const store = new Store(10);
  store.put(configMaps, object('a', {x: '1'}));
  const b = store.put(configMaps, object('b'));
  const snapshot = store.snapshot();
  store.put(configMaps, object('c'));
  store.put(configMaps, object('a', {x: '2'}));
  store.remove(configMaps, b);
  return {store, snapshot};
}

test('a restore brings the objects of the snapshot back with their revisions, and tells nobody', () => {
  const {store, snapshot} = beyondItsSnapshot();
  const heard: number[] = [];
  store.subscribe(({revision}) => heard.push(revision));
  store.restore(JSON.parse(JSON.stringify(snapshot)));
  const found = store.list(configMaps);
  expect(found.map(({metadata, data}) => [metadata.name, metadata.resourceVersion, data])).toEqual([
    ['a', '1', {x: '1'}],
    ['b', '2', {}],
  ]);
  expect(() => Object.assign(found[0]?.data ?? {}, {x: '3'})).toThrow(TypeError);
  expect(heard).toEqual([]);
  store.put(configMaps, object('d'));
  expect(heard).toEqual([3]);
});

test.each([
  // The revision goes back: 4 and 5 are of the future now, and a watch from there hears nothing, not even an error.
  ['as it is', {}, 2, {1: undefined, 2: ['d 3'], 3: [], 5: []}],
  // Nothing says that what was read at 5 is of another past: what was lost is not noticed.
  ['with a bump', {bump: 10}, 12, {1: undefined, 2: ['d 13'], 5: ['d 13'], 12: ['d 13'], 13: []}],
  ['with a bump, compacted', {bump: 10, markCompacted: true}, 12, {2: undefined, 5: undefined, 12: ['d 13']}],
])('after a restore %s, watches are answered as etcd answers them', (_, options, revision, answers) => {
  const {store, snapshot} = beyondItsSnapshot();
  store.restore(snapshot, options);
  expect(store.revision).toBe(revision);
  store.put(configMaps, object('d'));
  for (const [from, expected] of Object.entries(answers)) {
    const changes = store.since(configMaps, Number(from));
    expect(
      changes?.map((each) => `${each.object.metadata.name} ${each.revision}`),
      `from ${from}`,
    ).toEqual(expected);
  }
});

test('a snapshot with kinds that are not stored changes nothing', () => {
  const {store} = beyondItsSnapshot();
  const foreign = {...object('x'), kind: 'Widget', apiVersion: 'example.org/v1'};
  expect(() => store.restore({revision: 1, objects: [foreign]})).toThrow('stores no example.org/v1 Widget');
  expect(store.revision).toBe(5);
});
