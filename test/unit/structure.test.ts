import {readdirSync, readFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {expect, test} from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Every TypeScript file of src with its text. */
const files = readdirSync(join(root, 'src'), {recursive: true, withFileTypes: true})
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return {file: relative(root, path), text: readFileSync(path, 'utf8')};
  });

const having = (pattern: RegExp) => files.filter(({text}) => pattern.test(text)).map(({file}) => file);

/** One thing that would only be harder to read in pieces: the journal's format, the machine. */
const whole = ['src/drill/machine.ts', 'src/journal/types.ts'];

test('the entry is at most 30 lines, any other file at most 250', () => {
  const lines = (text: string) => text.trimEnd().split('\n').length;
  const limit = (file: string) => (file === 'src/main.ts' ? 30 : whole.includes(file) ? 400 : 250);
  expect(files.filter(({file, text}) => lines(text) > limit(file)).map(({file}) => file)).toEqual([]);
});

test('the process is ended in one place', () => {
  expect(having(/process\.(exit\(|reallyExit|abort\()/)).toEqual(['src/main.ts']);
});

test('zod is imported as a namespace, or all its locales come along', () => {
  expect(having(/import (type )?\{[^}]*\} from 'zod'/)).toEqual([]);
});

test('pino is loaded in one place', () => {
  expect(having(/(from|import\() ?'pino/)).toEqual(['src/io/log-pino.ts']);
});

test('nothing is left for later', () => {
  expect(having(/\b(TODO|FIXME|XXX)\b/)).toEqual([]);
});

test('the lock file knows the packages of every platform, or npm 11 and 12 refuse `npm ci`', () => {
  const {packages} = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, {optionalDependencies?: Record<string, string>}>;
  };
  const missing = Object.entries(packages).flatMap(([path, {optionalDependencies = {}}]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !(`${path}/node_modules/${name}` in packages || `node_modules/${name}` in packages),
    ),
  );
  expect(missing).toEqual([]);
});
