import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {loadScenarios, renderDiagnostics} from '../../../src/scenario/index.ts';
import {chunks, loadText, scenarioText} from '../../support/scenario.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubedrill-load-'));
});
afterEach(() => rm(folder, {recursive: true}));

const write = async (name: string, content: string | Uint8Array) => {
  await mkdir(join(folder, name, '..'), {recursive: true});
  await writeFile(join(folder, name), content);
};
const load = (...inputs: string[]) => loadScenarios(inputs, {cwd: folder, stdin: chunks()});
const named = (name: string) => scenarioText().replace('name: t,', `name: ${name},`);
const codes = async (...inputs: string[]) =>
  (await load(...inputs)).diagnostics.map(({file, line, column, code}) => `${file}:${line}:${column} ${code}`);

describe('what is read', () => {
  test('files, folders with their folders, and stdin, each once', async () => {
    await write('a.yaml', named('a'));
    await write('in/b.yml', named('b'));
    await write('in/deep/c.yaml', `${named('c1')}---\n${named('c2')}`);
    await write('in/readme.md', '# no scenario');
    const io = {cwd: folder, stdin: chunks(named('s').slice(0, 20), Buffer.from(named('s').slice(20)))};
    const {scenarios, diagnostics} = await loadScenarios(['a.yaml', 'in', 'in/b.yml', '-'], io);
    expect(renderDiagnostics(diagnostics)).toBe('');
    expect(scenarios.map(({file, document, scenario}) => [file, document, scenario.metadata.name])).toEqual([
      ['-', 0, 's'],
      ['a.yaml', 0, 'a'],
      ['in/b.yml', 0, 'b'],
      ['in/deep/c.yaml', 0, 'c1'],
      ['in/deep/c.yaml', 1, 'c2'],
    ]);
    expect(scenarios[3]?.dir).toBe(join(folder, 'in/deep'));
    expect(scenarios[4]?.source).toContain('name: c2');
    expect(scenarios[4]?.source).not.toContain('name: c1');
    expect(scenarios[3]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(scenarios[3]?.sha256).not.toBe(scenarios[4]?.sha256);
  });

  test('other manifests may lie in a folder with scenarios, but are no scenarios when named', async () => {
    await write('in/a.yaml', named('a'));
    await write('in/apps/shop.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n');
    expect(await codes('in')).toEqual([]);
    expect(await codes('in/apps/shop.yaml')).toEqual([
      'in/apps/shop.yaml:1:13 E_NOT_A_SCENARIO',
      'in/apps/shop.yaml:2:7 E_NOT_A_SCENARIO',
    ]);
    expect(await codes('in/apps')).toEqual(['in/apps:1:1 E_NO_SCENARIO']);
  });

  test('a name stands once in a call', async () => {
    await write('a.yaml', named('a'));
    await write('b.yaml', named('a'));
    const {scenarios, diagnostics} = await load('a.yaml', 'b.yaml');
    expect(scenarios).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({file: 'b.yaml', line: 3, column: 18, code: 'E_DUPLICATE_NAME'});
    expect(diagnostics[0]?.message).toContain('a.yaml:3');
  });
});

describe('what cannot be read', () => {
  test('is reported for each input, and the rest is read', async () => {
    await write('good.yaml', named('good'));
    await mkdir(join(folder, 'empty'));
    await write('nothing.yaml', ' \n');
    await write('comments.yaml', '# only\n');
    await write('binary.yaml', Buffer.from([0x61, 0x0a, 0x00, 0x01]));
    await write('latin1.yaml', Buffer.from([0x61, 0x3a, 0x20, 0xe4]));
    await write('large.yaml', `#${'x'.repeat(1024 * 1024)}`);
    const inputs = ['none.yaml', 'empty', 'nothing.yaml', 'comments.yaml', 'binary.yaml', 'latin1.yaml', 'large.yaml'];
    const {scenarios, diagnostics} = await load(...inputs, 'good.yaml');
    expect(diagnostics.map(({file, line, code}) => `${file}:${line} ${code}`)).toEqual([
      'none.yaml:1 E_NO_FILE',
      'empty:1 E_NO_SCENARIO',
      'nothing.yaml:1 E_EMPTY',
      'binary.yaml:2 E_BINARY',
      'latin1.yaml:1 E_BINARY',
      'large.yaml:1 E_TOO_LARGE',
      'comments.yaml:1 E_EMPTY',
    ]);
    expect(scenarios.map(({file}) => file)).toEqual(['good.yaml']);
  });

  test('too much on stdin is not read to its end', async () => {
    async function* endless() {
      for (;;) yield 'x'.repeat(64 * 1024);
    }
    const {diagnostics} = await loadScenarios(['-'], {cwd: folder, stdin: endless()});
    expect(diagnostics.map(({code}) => code)).toEqual(['E_TOO_LARGE']);
  });
});

describe('hostile YAML ends soon, with its place', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'].map((pair) => pair.split(''))) {
    bomb.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(', ')}]`);
  }
  test.each([
    ['brackets', '['.repeat(1024 * 1024), 1, 41, 'E_TOO_DEEP'],
    ['braces', `x: ${'{a: '.repeat(200_000)}`, 1, 164, 'E_TOO_DEEP'],
    ['dashes', '- '.repeat(500_000), 1, 81, 'E_TOO_DEEP'],
    ['indentation', Array.from({length: 60}, (_, level) => `${' '.repeat(level)}a:`).join('\n'), 42, 42, 'E_TOO_DEEP'],
    ['aliases that multiply', bomb.join('\n'), undefined, undefined, 'E_ALIASES'],
    ['an alias to what holds it', 'a: &a [*a]', 1, 7, 'E_TOO_DEEP'],
    ['an alias to nothing', 'a: *b', 1, 4, 'E_ALIASES'],
    ['a tag', 'a: !!js/function x', 1, 4, 'E_YAML'],
    ['merge keys', 'a: &a {b: 1}\n<<: *a', undefined, undefined, 'E_NOT_A_SCENARIO'],
  ])('%s', async (_name, text, line, column, code) => {
    const {scenarios, diagnostics} = await loadText(text);
    expect(scenarios).toEqual([]);
    expect(diagnostics[0]?.code).toBe(code);
    if (line !== undefined) expect(diagnostics[0]).toMatchObject({line, column});
  });

  test('brackets in texts are not nesting', async () => {
    const text = scenarioText().replace('title: T', `title: "${'['.repeat(100)}"`);
    expect((await loadText(text)).diagnostics).toEqual([]);
  });

  // With the YAML library's own search this takes over half a minute.
  test('many keys are checked for duplicates in linear time', {timeout: 25_000}, async () => {
    const keys = Array.from({length: 60_000}, (_, index) => `k${index}: 1`);
    const {diagnostics} = await loadText([...keys, 'k7: 2'].join('\n'));
    expect(diagnostics.map(({line, code}) => `${line} ${code}`)).toContain('60001 E_DUPLICATE_KEY');
  });

  test('keys that every object has', async () => {
    const {diagnostics} = await loadText(
      scenarioText().replace('owner: me', 'owner: me, __proto__: {a: 1}, toString: b'),
    );
    expect(diagnostics.map(({message}) => message)).toEqual(['no key can have this name']);
    const others = await loadText(scenarioText().replace('owner: me', 'owner: me, toString: a, constructor: b'));
    expect(others.diagnostics.map(({message}) => message)).toEqual([
      'unknown key "toString" in metadata',
      'unknown key "constructor" in metadata',
    ]);
  });
});

test('of many problems in a file twenty are shown and the rest is counted', async () => {
  const {diagnostics} = await loadText(
    scenarioText().replace('owner: me', Array.from({length: 30}, (_, index) => `zzzzzzzz${index}: 1`).join(', ')),
  );
  expect(diagnostics).toHaveLength(20);
  expect(diagnostics.at(-1)?.hint).toMatch(/\(11 more of this file are not shown\)$/);
});

test('a file with Windows line ends and a byte order mark', async () => {
  const text = `\ufeff${scenarioText('steady: {for: soon}').replaceAll('\n', '\r\n')}`;
  const {diagnostics} = await loadText(text);
  expect(diagnostics[0]).toMatchObject({line: 5, column: 17, lines: ['  steady: {for: soon}']});
});
