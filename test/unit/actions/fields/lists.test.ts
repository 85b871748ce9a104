import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {putBackByHand} from '../../../../src/actions/fields/by-hand.ts';
import {pathText} from '../../../../src/actions/fields/path.ts';
import {differences, putBack, stateOf} from '../../../../src/actions/fields/touched.ts';
import type {Json, JsonObject} from '../../../../src/io/json.ts';
import {applyJsonPatch} from '../../../../src/io/json-patch.ts';
import {applyMergePatch} from '../../../../src/io/merge-patch.ts';

const target = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid: 'u'};

function undone(before: JsonObject, after: JsonObject, live = after): Json | string {
  const state = stateOf(live, differences(before, after));
  if (state.state === 'foreign') return state.detail;
  return state.state === 'ours' ? applyMergePatch(live, putBack(state.fields, live)) : live;
}

const pods = (...containers: JsonObject[]): JsonObject => ({spec: {containers}});

describe('a list whose items have keys', () => {
  const before = pods({name: 'web', image: 'good'});
  const after = pods({name: 'web', image: 'bad'});

  test('is told item by item', () => {
    expect(differences(before, after).map(({path}) => pathText(path))).toEqual(['spec.containers[name=web].image']);
  });

  test('keeps what others have added to the item, and beside it', () => {
    const env = [{name: 'FEATURE', value: 'on'}];
    const live = pods({name: 'first', image: 'theirs'}, {name: 'web', image: 'bad', env});
    expect(undone(before, after, live)).toEqual(
      pods({name: 'first', image: 'theirs'}, {name: 'web', image: 'good', env}),
    );
  });

  test('is a conflict when somebody has changed the same, taken the item away, or changed one that we have added', () => {
    expect(undone(before, after, pods({name: 'web', image: 'other'}))).toContain('[name=web].image is "other"');
    expect(undone(before, after, pods())).toContain('[name=web].image is absent');
    const dropped = pods({name: 'web'});
    expect(undone(before, dropped, pods())).toContain('[name=web].image is absent');
    const two = pods({name: 'web', image: 'good'}, {name: 'ours', image: 'x'});
    const changed = pods({name: 'web', image: 'good'}, {name: 'ours', image: 'x', env: [{name: 'THEIRS'}]});
    expect(undone(before, two, changed)).toContain('containers[name=ours] is');
  });

  test('gets back what was removed, where it was', () => {
    const three = pods({name: 'a'}, {name: 'b'}, {name: 'c'});
    expect(undone(three, pods({name: 'b'}))).toEqual(three);
    expect(undone(three, pods({name: 'b'}, {name: 'd'}))).toEqual(three);
    expect(undone(three, pods())).toEqual(three);
  });

  test('goes again when it came with ours', () => {
    expect(undone({spec: {}}, pods({name: 'a'}))).toEqual({spec: {}});
    const live = pods({name: 'a'}, {name: 'theirs'});
    expect(undone({spec: {}}, pods({name: 'a'}), live)).toEqual(pods({name: 'theirs'}));
  });

  test('is one value when its order changes', () => {
    const fields = differences(pods({name: 'a'}, {name: 'b'}), pods({name: 'b'}, {name: 'a'}));
    expect(fields.map(({path}) => path)).toEqual([['spec', 'containers']]);
  });
});

describe('what the API server has noted of field owners says how a list merges', () => {
  const object = (fieldsV1: JsonObject, spec: JsonObject): JsonObject => ({
    metadata: {managedFields: [{manager: 'm', fieldsV1}]},
    spec,
  });

  test('keys of a custom kind', () => {
    const owned = {'f:spec': {'f:rules': {'k:{"match":"/a","side":"in"}': {'.': {}, 'f:to': {}}}}};
    const rules = (to: string) => object(owned, {rules: [{match: '/a', side: 'in', to}]});
    const [field] = differences(rules('x'), rules('y'));
    expect(pathText(field?.path ?? [])).toBe('spec.rules[match=/a,side=in].to');
  });

  test('a set merges by its values', () => {
    const owned = {'f:spec': {'f:names': {'v:"a"': {}}}};
    const fields = differences(object(owned, {names: ['a']}), object(owned, {names: ['a', 'b']}));
    expect(fields.map(({path}) => pathText(path))).toEqual(['spec.names[b]']);
    const live = object(owned, {names: ['a', 'b', 'theirs']});
    expect(applyMergePatch(live, putBack(fields, live))).toMatchObject({spec: {names: ['a', 'theirs']}});
  });

  test('other lists of values are one value', () => {
    const fields = differences({spec: {args: ['a']}}, {spec: {args: ['a', 'b']}});
    expect(fields).toEqual([{path: ['spec', 'args'], before: ['a'], after: ['a', 'b']}]);
  });
});

/** Lists of named items, each with a value and a list of its own. */
const items = (inner?: fc.Arbitrary<JsonObject[]>): fc.Arbitrary<JsonObject[]> =>
  fc.subarray(['a', 'b', 'c', 'd']).chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc.record({
          name: fc.constant(name),
          value: fc.integer({min: 0, max: 2}),
          ...(inner === undefined ? {} : {env: inner}),
        }),
      ),
    ),
  ) as fc.Arbitrary<JsonObject[]>;

test('any change of lists with keys is taken back, by the patch and by the command for people', () => {
  fc.assert(
    fc.property(items(items()), items(items()), (was, is) => {
      const [before, after] = [pods(...was), pods(...is)];
      expect(undone(before, after)).toEqual(before);
      const fields = differences(before, after);
      if (fields.length === 0) return;
      const command = putBackByHand(target, fields);
      const operations = JSON.parse(/-p '(.*)'$/s.exec(command)?.[1] ?? '') as Json[];
      expect(applyJsonPatch(after, operations)).toEqual(before);
    }),
  );
});

test('what a stranger adds meanwhile stays, whatever ours is', () => {
  const theirs = {name: 'theirs', value: 7};
  fc.assert(
    fc.property(items(), items(), fc.nat({max: 4}), (was, is, at) => {
      const live = is.toSpliced(Math.min(at, is.length), 0, theirs);
      const back = undone(pods(...was), pods(...is), pods(...live)) as {spec: {containers: JsonObject[]}};
      expect(back.spec.containers).toContainEqual(theirs);
      expect(back.spec.containers.filter(({name}) => name !== 'theirs')).toEqual(was);
    }),
  );
});
