import {isDeepStrictEqual} from 'node:util';
import {describe, expect, test} from 'vitest';
import {exactInteger, isSameNumber, parseJson, withPlainIntegers} from '../../../src/io/json.ts';
import {json} from '../../../src/io/json-schema.ts';

describe('numbers come back as they were', () => {
  test.each([
    '{"commitTs":443852055297916931,"cluster":-7210567892045688833}',
    '[9007199254740991,9007199254740992,9007199254740993]',
    '18446744073709551615',
    '{"text":"443852055297916931, and more","id":{"a":[[123456789012345678901234567890]]}}',
    '{"nested":"{\\"a\\":443852055297916931}","b":443852055297916931}',
    '{"a":1.5,"b":1e+30,"c":-0.25,"d":0}',
  ])('%s', (text) => {
    const value = parseJson(text);
    expect(JSON.stringify(value)).toBe(text);
    // What happens to values on their way through the program.
    expect(JSON.stringify(structuredClone(value))).toBe(text);
    expect(JSON.stringify(json().parse(value))).toBe(text);
    expect(isDeepStrictEqual(parseJson(text), value)).toBe(true);
  });

  test('what a number can hold stays a number', () => {
    expect(parseJson('{"a": 3, "b": 9007199254740991, "c": 1e16, "d": "1234567890123456"}')).toEqual({
      a: 3,
      b: 9007199254740991,
      c: 1e16,
      d: '1234567890123456',
    });
  });

  test('what differs in the last digit is not the same', () => {
    const [one, other] = ['443852055297916931', '443852055297916932'].map(parseJson);
    expect(isDeepStrictEqual(one, other)).toBe(false);
    expect(isSameNumber(one, other)).toBe(false);
    expect(isSameNumber(1e19, parseJson('10000000000000000000'))).toBe(true);
    expect(isSameNumber('1', 1)).toBe(false);
    expect(isSameNumber(undefined, undefined)).toBe(false);
  });

  test('of a YAML parser that makes all integers exact', () => {
    expect(withPlainIntegers({a: [1n, 443852055297916931n], b: 'c', ['__proto__']: 2n})).toEqual({
      a: [1, 443852055297916931n],
      b: 'c',
      ['__proto__']: 2,
    });
    expect([exactInteger('+7'), exactInteger('+443852055297916931')]).toEqual([7, 443852055297916931n]);
  });
});
