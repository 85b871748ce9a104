import {expect, test} from 'vitest';
import {readPlain} from '../../../../src/scenario/yaml/plain.ts';

test.each<[string, string, unknown]>([
  ['a map', 'a: 1\nb: [x, {c: null}]\n', {a: 1, b: ['x', {c: null}]}],
  ['an explicit beginning and comments', '# c\n---\na: 1 # d\n', {a: 1}],
  [
    'text of each style',
    "a: \"x\\n\"\nb: 'it''s'\nc: |\n  d\ne: >-\n  f\n  g\n",
    {
      a: 'x\n',
      b: "it's",
      c: 'd\n',
      e: 'f g',
    },
  ],
  [
    'text that looks like the numbers and the truth of YAML 1.1',
    'a: [yes, 1_000, 1:30, 0b1]\n',
    {
      a: ['yes', '1_000', '1:30', '0b1'],
    },
  ],
  ['numbers', 'a: [0x1F, 0o17, 1e3, -0.5, 012]\n', {a: [31, 15, 1000, -0.5, 12]}],
  ['a text that looks like a merge key', '<<: 1\n', {'<<': 1}],
])('%s is plain', (_what, text, value) => {
  expect(readPlain(text, 10)).toEqual(value);
});

test.each([
  ['nothing', ''],
  ['only comments', '# c\n'],
  ['two documents', 'a: 1\n---\nb: 2\n'],
  ['a directive', '%YAML 1.1\n---\na: yes\n'],
  ['a tag', 'a: !!str 1\n'],
  ['an anchor', 'a: &b 1\n'],
  ['an alias', 'a: *b\n'],
  ['an escaped line break', 'a: "b\\\n\n  c"\n'],
  ['a key twice', 'a: 1\na: 2\n'],
  ['a key that is a number', '1: a\n'],
  ['a key that is nothing', '~: a\n'],
  ['a key that is a list', '? [a]\n: b\n'],
  ['a key that would be the prototype', '__proto__: 1\n'],
  ['a number that JSON does not have', 'a: .inf\n'],
  ['a broken text', 'a: [1\n'],
  ['a null byte', 'a: \0\n'],
  ['eleven lists in each other', `a: ${'['.repeat(10)}${']'.repeat(10)}\n`],
])('%s is not plain', (_what, text) => {
  expect(readPlain(text, 10)).toBeUndefined();
});
