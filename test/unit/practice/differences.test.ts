import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {known} from '../../e2e/parity/differences.ts';

test('docs/practice.md has every known difference, and no other', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/practice.md'), 'utf8');
  const listed = text.split('## Known differences\n')[1] ?? '';
  const bullets = listed.split('\n').filter((line) => line.startsWith('- '));
  expect(bullets).toEqual(known.map(({says}) => `- ${says}`));
});
