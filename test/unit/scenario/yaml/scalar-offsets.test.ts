import fc from 'fast-check';
import {expect, test} from 'vitest';
import {parseDocument, type Scalar, stringify} from 'yaml';
import {scalarOffsets} from '../../../../src/scenario/yaml/scalar-offsets.ts';
import {nodeAt} from '../../../../src/scenario/yaml/source.ts';

test.each([
  ['plain', 'k: a needle b'],
  ['plain over lines', 'k: a\n  needle\n  b'],
  ['single quotes', "k: 'it''s a ''needle'' b'"],
  ['double quotes', String.raw`k: "tab\t \u00e4 \"x\" needle b"`],
  ['double quotes over lines', 'k: "a\n  b \\\n  needle"'],
  ['literal block', 'k: |\n  a\n    needle\n  b'],
  ['an escape of two units', String.raw`k: "\U0001F600 \u00e4 needle"`],
  ['folded block', 'k: >-\n  a\n  needle &&\n  b'],
  ['literal block with indentation indicator', 'k: |2\n    a\n   needle'],
])('%s: the place in the file of a part of the value', (_style, text) => {
  const scalar = nodeAt(parseDocument(text).contents, ['k']) as Scalar<string>;
  const offsets = scalarOffsets(text, scalar);
  expect(offsets[scalar.value.indexOf('needle')]).toBe(text.indexOf('needle'));
  expect(offsets).toHaveLength(scalar.value.length + 1);
});

test('every letter of any value is found in the file, whatever its style', () => {
  const word = fc.stringMatching(/^[a-zA-Z0-9"'\\{}$&=(). äö]{0,12}$/);
  const value = fc.array(word, {maxLength: 6}).map((words) => words.join('\n'));
  const style = fc.constantFrom(
    'PLAIN',
    'QUOTE_DOUBLE',
    'QUOTE_SINGLE',
    'BLOCK_LITERAL',
    'BLOCK_FOLDED',
  ) as fc.Arbitrary<'PLAIN' | 'QUOTE_DOUBLE' | 'QUOTE_SINGLE' | 'BLOCK_LITERAL' | 'BLOCK_FOLDED'>;
  fc.assert(
    fc.property(value, style, (wanted, defaultStringType) => {
      const text = stringify({list: [{k: wanted}]}, {defaultStringType, defaultKeyType: 'PLAIN'});
      const scalar = nodeAt(parseDocument(text).contents, ['list', 0, 'k']) as Scalar<string>;
      fc.pre(scalar.value === wanted);
      const offsets = scalarOffsets(text, scalar);
      for (const [index, character] of wanted.split('').entries()) {
        if (/[a-zA-Z0-9]/.test(character)) expect(text[offsets[index] ?? -1]).toBe(character);
      }
    }),
    {numRuns: 500},
  );
});
