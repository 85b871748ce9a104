import {describe, expect, test} from 'vitest';
import {createRedactor} from '../../../src/io/redact.ts';

const knowing = (...secrets: string[]) => {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
};

describe('a redactor', () => {
  test('takes a value out wherever it stands', () => {
    expect(knowing('hunter22').text('a hunter22b, hunter22')).toBe('a [redacted]b, [redacted]');
  });

  test.each([
    ['JSON', (secret: string) => JSON.stringify({secret})],
    ['JSON in JSON', (secret: string) => JSON.stringify(JSON.stringify({secret}))],
    ['base64', (secret: string) => Buffer.from(secret).toString('base64')],
    ['base64 of a line', (secret: string) => Buffer.from(`${secret}\n`).toString('base64')],
    ['base64 for URLs', (secret: string) => Buffer.from(secret).toString('base64url')],
    ['a URL', (secret: string) => `http://x/?q=${encodeURIComponent(secret)}`],
  ])('knows it in %s', (_, write) => {
    const secret = 'p"a\\s\ts&w?rd/ü>>>';
    const text = knowing(secret).text(write(secret));
    expect(text).toContain('[redacted]');
    expect(text).not.toContain('s&w?rd');
    expect(text).not.toContain(Buffer.from('p"a\\s').toString('base64').slice(0, 5));
  });

  test('knows each line of a key', () => {
    expect(knowing('line-one\nline-two\n').text('x line-two y')).toBe('x [redacted] y');
  });

  test('leaves no part of a longer one', () => {
    expect(knowing('abcd', 'abcd-efgh').text('abcd-efgh abcd')).toBe('[redacted] [redacted]');
  });

  test('leaves alone what stands in everything', () => {
    const redactor = knowing('', 'abc', 'true', '8080', 'None');
    expect(redactor.text('true abc None 8080')).toBe('true abc None 8080');
  });

  test('goes through plain data and keys, and keeps the shape', () => {
    const redactor = knowing('hunter22');
    const error = new Error('no hunter22');
    expect(redactor.value({list: ['hunter22', 1, null], 'x-hunter22': {deep: true}})).toEqual({
      list: ['[redacted]', 1, null],
      'x-[redacted]': {deep: true},
    });
    expect(redactor.value({error})).toMatchObject({error: {message: 'no [redacted]'}});
    expect(redactor.finds({a: ['hunter22']})).toBe(true);
    expect(redactor.finds({a: ['hunter2']})).toBe(false);
  });
});
