import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {parseAllDocuments, stringify} from 'yaml';
import {readPlain} from '../../../../src/scenario/yaml/plain.ts';
import {root} from '../../../support/kubedrill.ts';
import {mutate} from '../../../support/mutate-yaml.ts';

/** Mutants of each scenario; a larger number by the environment, for a search by hand. */
const perScenario = Number(process.env.KUBEDRILL_MUTANTS ?? 120);

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

/** What the other reader makes of a text: its only document, undefined when it finds anything wrong. */
function byTheOther(text: string): unknown {
  const documents = parseAllDocuments(text, {version: '1.2'});
  const [document] = documents;
  if (documents.length !== 1 || !document || document.errors.length + document.warnings.length > 0) return undefined;
  return document.toJS();
}

test('what is plain means the same to both readers, however a scenario is spoilt', () => {
  let plain = 0;
  for (const name of readdirSync(join(root, 'scenarios'))) {
    const text = readFileSync(join(root, 'scenarios', name), 'utf8');
    for (let seed = 0; seed < perScenario; seed++) {
      const mutant = mutate(text, seed);
      if (typeof mutant.text !== 'string') continue;
      const value = readPlain(mutant.text, 40);
      if (value === undefined) continue;
      plain += 1;
      expect(value, `${name}, seed ${seed}: ${mutant.deeds.join('; ')}`).toStrictEqual(byTheOther(mutant.text));
    }
  }
  // Else the test would compare nothing.
  expect(plain).toBeGreaterThan(perScenario);
});

test('what is plain means the same to both readers, whatever the values', () => {
  const word = fc.oneof(fc.string({unit: 'grapheme'}), fc.stringMatching(/^[-+.0-9a-fox_:eE#~?|>'"&*!%@` ]{0,8}$/));
  const {tree} = fc.letrec<{tree: unknown}>((tie) => ({
    tree: fc.oneof(
      {maxDepth: 4},
      word,
      fc.double({noNaN: true, noDefaultInfinity: true}),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('tree'), {maxLength: 4}),
      fc.dictionary(word, tie('tree'), {maxKeys: 4}),
    ),
  }));
  fc.assert(
    fc.property(
      tree,
      fc.constantFrom('block' as const, 'flow' as const),
      fc.integer({min: 20, max: 80}),
      (value, collectionStyle, lineWidth) => {
        const text = stringify({value}, {collectionStyle, lineWidth});
        const read = readPlain(text, 40);
        if (read !== undefined) expect(read).toStrictEqual(byTheOther(text));
      },
    ),
    {numRuns: 2000},
  );
});
