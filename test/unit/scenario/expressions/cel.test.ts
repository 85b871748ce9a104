import {describe, expect, test} from 'vitest';
import {compileExpect, evaluateCel} from '../../../../src/scenario/expressions/cel.ts';

describe('compileExpect', () => {
  test.each([
    ['status == 200', {status: 200}, 'true'],
    ['status == 200', {status: 503}, 'false'],
    // Kubernetes leaves out zero values.
    ['object.status.readyReplicas == 2', {object: {status: {}}}, 'missing'],
    ['object.status.readyReplicas == 2', {object: {}}, 'missing'],
    ['object.status.readyReplicas == 2', {object: {status: null}}, 'missing'],
    ['items[3].a == 1', {items: [{a: 1}]}, 'missing'],
    ['items.all(p, p.ready)', {items: [{ready: true}, {}]}, 'missing'],
    ['items.all(p, p.ready)', {items: [{ready: false}, {}]}, 'false'],
    ['items.all(p, p.ready)', {items: []}, 'true'],
    ['has(object.status) && object.status.x == 1', {object: {}}, 'false'],
    ['object.?status.orValue("none") == "none"', {object: {}}, 'true'],
    // An int of JSON equals an int, a double compares with it.
    ['a == 1 && a < 1.5 && b == 1.5', {a: 1, b: 1.5}, 'true'],
    ['object.a.b == before.object.a.b', {object: {a: {b: [1]}}, before: {object: {a: {b: [1]}}}}, 'true'],
    ['uid in steps.kill.outputs.uids', {uid: 'x', steps: {kill: {outputs: {uids: ['x']}}}}, 'true'],
    // What is missing in the drill's own data is the author's mistake, not the cluster's state.
    ['uid in steps.kill.outputs.uid', {uid: 'x', steps: {kill: {outputs: {uids: ['x']}}}}, 'error'],
    ['vars.x == 1', {vars: {}}, 'error'],
    ['1 / zero == 1', {zero: 0}, 'error'],
    ['status + "x" == "1x"', {status: 1}, 'error'],
    ['status', {status: 200}, 'error'],
    ['nothing == 1', {}, 'error'],
    ['status ==', {status: 200}, 'error'],
    ['object.constructor == 1', {object: {}}, 'missing'],
  ])('%s of %j is %s', (source, bindings, outcome) => {
    expect(compileExpect(source)(bindings).outcome).toBe(outcome);
  });

  test('says why in one line', () => {
    expect(compileExpect('status')({status: 200}).detail).toBe('gives the number 200, not true or false');
    expect(compileExpect('object.a.b == 1')({object: {}}).detail).toBe('no such key: a');
    expect(compileExpect('status ==')({}).detail).toBe('unexpected token: EOF');
  });
});

test.each([
  ['1 + 1', 2],
  ['0.5 + 0.25', 0.75],
  ['"a" + "b"', 'ab'],
  ['[1, "a", null, {"b": 2}]', [1, 'a', null, {b: 2}]],
  ['duration("90s")', '1m30s'],
  ['duration(vars.rto) + duration("5s")', '1m5s'],
  ['timestamp("2026-11-20T21:40:07Z")', '2026-11-20T21:40:07.000Z'],
  ['size(vars.list) > 1 ? "many" : "one"', 'many'],
])('%s leaves CEL as %j', (source, value) => {
  expect(evaluateCel(source, {vars: {rto: '60s', list: [1, 2]}})).toEqual(value);
});

test('an int of 64 bits leaves CEL as it is', () => {
  expect(evaluateCel('9007199254740993', {})).toBe(9007199254740993n);
  expect(evaluateCel('a + 1', {a: 443852055297916931n})).toBe(443852055297916932n);
  expect(evaluateCel('9007199254740993u', {})).toBe(9007199254740993n);
});

test.each(['b"x"', 'vars.nothing', '1 +'])('%s cannot leave CEL', (source) => {
  expect(() => evaluateCel(source, {vars: {}})).toThrow();
});
