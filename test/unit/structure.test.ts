import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';
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

/** One thing that would only be harder to read in pieces. */
const whole = 'src/drill/machine.ts';

test('the entry is at most 30 lines, the machine 300, any other file 250', () => {
  const lines = (text: string) => text.trimEnd().split('\n').length;
  const limit = (file: string) => (file === 'src/main.ts' ? 30 : file === whole ? 300 : 250);
  expect(files.filter(({file, text}) => lines(text) > limit(file)).map(({file}) => file)).toEqual([]);
});

test('no folder has more than 24 files directly in it', () => {
  const counts = new Map<string, number>();
  for (const {file} of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > 24)).toEqual([]);
});

test('no file imports itself by way of others, types included', () => {
  const imports = new Map(files.map(({file, text}) => [file, importedBy(file, text)]));
  expect(imports.get('src/main.ts')).toContain('src/cli/index.ts');
  expect(circlesOf(imports)).toEqual([]);
});

/** Files that a file imports from, dynamically or for their types alone as well. */
function importedBy(file: string, text: string): string[] {
  return [...text.matchAll(/(?:from|import\()\s*'(\.{1,2}\/[^']+)'/g)].map(([, path = '']) =>
    join(dirname(file), path),
  );
}

/** Every file that can be reached from itself, with one way. */
function circlesOf(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) circles.push([...way.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return circles;
}

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
