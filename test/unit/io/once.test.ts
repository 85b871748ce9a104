import {expect, test} from 'vitest';
import {madeOnRead, once} from '../../../src/io/once.ts';

test('makes a value when it is asked for, and keeps it, undefined as well', () => {
  let calls = 0;
  const get = once(() => {
    calls++;
  });
  expect(calls).toBe(0);
  get();
  get();
  expect(calls).toBe(1);
});

test('makes members when they are read, and once; the others are there as they are', () => {
  const made: string[] = [];
  const make = (name: string) => () => {
    made.push(name);
    return {name};
  };
  const whole = madeOnRead<{kind: string; input: {name: string}; output: {name: string}}, 'input' | 'output'>(
    {kind: 'a', input: make('input'), output: make('output')},
    ['input', 'output'],
  );
  expect(whole.kind).toBe('a');
  expect(made).toEqual([]);
  expect(whole.input).toBe(whole.input);
  expect(made).toEqual(['input']);
  expect({...whole}).toEqual({kind: 'a', input: {name: 'input'}, output: {name: 'output'}});
});
