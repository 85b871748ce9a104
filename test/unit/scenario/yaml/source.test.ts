import {expect, test} from 'vitest';
import {SourceText} from '../../../../src/scenario/yaml/source.ts';

test('lines and columns count from 1', () => {
  const source = new SourceText('f', 'ab\n\ncd');
  expect([0, 2, 3, 4, 6].map((offset) => source.place(offset))).toEqual([
    {line: 1, column: 1},
    {line: 1, column: 3},
    {line: 2, column: 1},
    {line: 3, column: 1},
    {line: 3, column: 3},
  ]);
});
