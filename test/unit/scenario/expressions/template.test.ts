// biome-ignore-all lint/suspicious/noTemplateCurlyInString: such texts are what is tested
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {isWhole, parseTemplate} from '../../../../src/scenario/expressions/template.ts';

const sources = (text: string) => parseTemplate(text).holes.map(({source}) => source);

test.each([
  ['plain', []],
  ['${{ vars.a }}', ['vars.a']],
  ['a ${{vars.a}} b ${{ vars.b }}', ['vars.a', 'vars.b']],
  ['${{ {"a": {"b": 1}}.a }}', ['{"a": {"b": 1}}.a']],
  ['${{ "}}" }}', ['"}}"']],
  [`\${{ 'it\\'s }}' }}`, [`'it\\'s }}'`]],
  ['$${{ vars.a }}', ['vars.a']],
  ['${{}}', ['']],
])('%s holds %j', (text, expected) => {
  expect(sources(text)).toEqual(expected);
});

test.each([
  ['a ${{ vars.a', 2],
  ['${{ vars.a }', 0],
  ['${{ "x }}', 0],
])('%s is never closed', (text, at) => {
  expect(parseTemplate(text).unclosed).toBe(at);
});

test('offsets point at the expression', () => {
  const text = 'ab ${{  vars.x  }} c';
  const [hole] = parseTemplate(text).holes;
  expect(hole).toEqual({source: 'vars.x', at: 8, start: 3, end: 18});
});

test('only a text that is one expression is whole', () => {
  const whole = (text: string) => isWhole(text, parseTemplate(text).holes);
  expect(['${{ a }}', ' ${{ a }}', '${{ a }}${{ b }}', 'a'].map(whole)).toEqual([true, false, false, false]);
});

test('any text around any expressions comes apart again', () => {
  const plain = fc.string().filter((text) => !text.includes('$') && !text.includes('{'));
  const expression = fc.stringMatching(/^[a-z]{1,5}(\.[a-z]{1,5})?$/);
  fc.assert(
    fc.property(plain, fc.array(fc.tuple(expression, plain)), (head, rest) => {
      const text = head + rest.map(([source, after]) => `\${{ ${source} }}${after}`).join('');
      const {holes, unclosed} = parseTemplate(text);
      expect(unclosed).toBeUndefined();
      expect(holes.map(({source}) => source)).toEqual(rest.map(([source]) => source));
      for (const {source, at} of holes) expect(text.slice(at, at + source.length)).toBe(source);
    }),
  );
});
