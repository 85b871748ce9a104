import {describe, expect, test} from 'vitest';
import {code, table, text} from '../../../../src/report/markdown/escape.ts';

const control = '\u001b';
const override = '\u202e';

describe('text', () => {
  test.each([
    ['a|b', 'a|b'],
    ['**bold** [x](http://h)', '\\*\\*bold\\*\\* \\[x\\](http&#58;//h)'],
    ['<script>alert(1)</script>', '&#60;script&#62;alert(1)&#60;/script&#62;'],
    ['&lt;', '&#38;lt;'],
    ['`code`', '\\`code\\`'],
    ['two\nlines\r\n# heading', 'two lines # heading'],
    ['@team #12 www.x.org', '&#64;team &#35;12 www&#46;x.org'],
    ['probe@node a@b.org', 'probe@node a&#64;b.org'],
    ['_em_ but snake_case_name', '\\_em\\_ but snake_case_name'],
  ])('%j is %j', (outside, markdown) => {
    expect(text(outside)).toBe(markdown);
  });

  test('control characters, direction marks and invisible ones become visible', () => {
    expect(text(`a${control}[31mb${override}c\u200bd\u0000`)).toBe('a\\\\u001b\\[31mb\\\\u202ec\\\\u200bd\\\\u0000');
  });
});

describe('code', () => {
  test('is longer fenced than any run of backticks in it', () => {
    expect(code('a`b')).toBe('`` a`b ``');
    expect(code('```')).toBe('```` ``` ````');
  });

  test('stays on its line', () => {
    expect(code('a\nb')).toBe('`a b`');
    expect(code('')).toBe('');
  });
});

test('a pipe never starts a new cell, in code neither', () => {
  expect(table(['a', 'b'], [[`${text('x|y')} ${code('kubectl get | wc')}`, 'z']])).toEqual([
    '| a                        | b   |',
    '| ------------------------ | --- |',
    '| x\\|y `kubectl get \\| wc` | z   |',
  ]);
});
