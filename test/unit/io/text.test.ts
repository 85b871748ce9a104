import {expect, test} from 'vitest';
import {count, harmless, oneLine, painter, shellWord, table, wantsColor} from '../../../src/io/text.ts';

test.each([
  ['always', {NO_COLOR: '1'}, false, true],
  ['never', {FORCE_COLOR: '1'}, true, false],
  ['auto', {NO_COLOR: '1', FORCE_COLOR: '1'}, true, false],
  ['auto', {NO_COLOR: ''}, true, true],
  ['auto', {FORCE_COLOR: '1'}, false, true],
  ['auto', {FORCE_COLOR: ''}, false, false],
  ['auto', {FORCE_COLOR: '0'}, true, false],
  ['auto', {TERM: 'dumb'}, true, false],
  ['auto', {}, true, true],
  ['auto', {}, false, false],
] as const)('colour: --color %s with %o on a TTY %s gives %s', (choice, env, isTTY, wanted) => {
  expect(wantsColor(choice, env, isTTY)).toBe(wanted);
});

test('paints only when told to, whatever the test runner thinks of its terminal', () => {
  expect(painter(false)('red', 'no')).toBe('no');
  expect(painter(true)('red', 'no')).toBe('\u001b[31mno\u001b[39m');
});

test('makes control characters visible and leaves line feeds', () => {
  expect(harmless('a\u001b[2Jb\u0007\u202ec\nd\te')).toBe('a\\u001b[2Jb\\u0007\\u202ec\nd e');
  expect(oneLine(' first\n   second\u0000 ')).toBe('first second\\u0000');
});

test('lines columns up by what is seen, not by colour codes', () => {
  const paint = painter(true);
  expect(
    table(
      [
        ['a', paint('red', 'long'), 'x'],
        ['bbb', 'c', 'y'],
      ],
      ' ',
    ),
  ).toBe(` a    ${paint('red', 'long')}  x\n bbb  c     y\n`);
});

test('counts in words', () => {
  expect(count(1, 'file')).toBe('1 file');
  expect(count(0, 'file')).toBe('0 files');
  expect(count(2, 'query', 'queries')).toBe('2 queries');
});

test.each([
  ['plain-word.yaml', 'plain-word.yaml'],
  ['rto=30s', 'rto=30s'],
  ['two words', "'two words'"],
  ["it's", "'it'\\''s'"],
  ['$(rm)', "'$(rm)'"],
])('quotes %s for a shell', (word, wanted) => {
  expect(shellWord(word)).toBe(wanted);
});
