import {expect, test} from 'vitest';
import {strategicMerge} from '../../../../src/practice/api/strategic.ts';

const live = () => ({
  containers: [
    {name: 'a', image: 'a:1', env: [{name: 'X', value: '1'}], ports: [{containerPort: 80}]},
    {name: 'b', image: 'b:1'},
  ],
  args: ['one', 'two'],
  finalizers: ['x'],
  strategy: {type: 'RollingUpdate', rollingUpdate: {maxSurge: 1}},
});

test('lists with a merge key merge by it; other lists are replaced', () => {
  const patch = {
    containers: [
      {name: 'a', env: [{name: 'Y', value: '2'}]},
      {name: 'c', image: 'c:1'},
    ],
    args: ['three'],
  };
  const merged = strategicMerge(live(), patch);
  expect(merged).toMatchObject({
    containers: [
      {
        name: 'a',
        image: 'a:1',
        env: [
          {name: 'Y', value: '2'},
          {name: 'X', value: '1'},
        ],
        ports: [{containerPort: 80}],
      },
      {name: 'c', image: 'c:1'},
      {name: 'b'},
    ],
    args: ['three'],
  });
});

test('directives delete, replace, retain and order', () => {
  const deleted = strategicMerge(live(), {containers: [{name: 'b', $patch: 'delete'}]});
  expect(deleted.containers).toMatchObject([{name: 'a'}]);
  const replaced = strategicMerge(live(), {containers: [{$patch: 'replace'}, {name: 'z'}]});
  expect(replaced.containers).toEqual([{name: 'z'}]);
  const retained = strategicMerge(live(), {strategy: {$retainKeys: ['type'], type: 'Recreate'}});
  expect(retained.strategy).toEqual({type: 'Recreate'});
  const ordered = strategicMerge(live(), {'$setElementOrder/containers': [{name: 'b'}, {name: 'a'}]});
  expect(ordered.containers).toMatchObject([{name: 'b'}, {name: 'a'}]);
  const sets = strategicMerge(live(), {finalizers: ['y'], '$deleteFromPrimitiveList/finalizers': ['x']});
  expect(sets.finalizers).toEqual(['y']);
});

test('an item without its merge key is refused', () => {
  expect(() => strategicMerge(live(), {containers: [{image: 'x'}]})).toThrow(expect.objectContaining({code: 500}));
});
