import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {kubedrill, root, temporaryFolder} from '../support/kubedrill.ts';
import {objectsOf} from '../support/rbac.ts';

const shippedFile = join(root, 'scenarios/kill-coredns.yaml');

test('validate names every valid scenario and exits 0', async () => {
  const {code, stdout, stderr} = await kubedrill(['validate', 'scenarios']);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  expect(stdout).toMatch(/^\d+ scenarios valid: .*\bkill-coredns\b/);
});

test('validate finds a shipped scenario by name, from any folder', async () => {
  const {code, stdout} = await kubedrill(['validate', 'kill-coredns'], {cwd: await temporaryFolder()});
  expect({code, stdout}).toEqual({code: 0, stdout: '1 scenario valid: kill-coredns\n'});
});

test('validate reads stdin', async () => {
  const {code, stdout} = await kubedrill(['validate', '-'], {stdin: await readFile(shippedFile, 'utf8')});
  expect({code, stdout}).toEqual({code: 0, stdout: '1 scenario valid: kill-coredns\n'});
});

test('every problem of every file at once, with line, caret and what was meant; exit 2', async () => {
  const folder = await temporaryFolder();
  const text = await readFile(shippedFile, 'utf8');
  await writeFile(join(folder, 'a.yaml'), text.replace('  title:', '  titel:'));
  await writeFile(join(folder, 'b.yaml'), 'kind: [');
  const {code, stdout, stderr} = await kubedrill(['validate', '.'], {cwd: folder});
  expect(code).toBe(2);
  expect(stdout).toMatch(/^\d+ problems in 2 files\n$/);
  expect(stderr).toMatch(/^a\.yaml:\d+:\d+: .*titel/m);
  expect(stderr).toMatch(/^ +\d+ \| .*titel/m);
  expect(stderr).toMatch(/^ +\| +\^+$/m);
  expect(stderr).toMatch(/Did you mean "?title/);
  expect(stderr).toMatch(/^b\.yaml:\d+:\d+: /m);
  expect(stderr).not.toContain('    at ');
});

test('-o json gives the same problems to editors, and nothing on stderr', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'b.yaml'), 'kind: [');
  const {code, stdout, stderr} = await kubedrill(['validate', 'b.yaml', '-o', 'json'], {cwd: folder});
  expect({code, stderr}).toEqual({code: 2, stderr: ''});
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({apiVersion: 'kubedrill.dev/v1', kind: 'Validation', valid: false});
  expect(document.diagnostics[0]).toMatchObject({file: 'b.yaml', line: expect.any(Number), column: expect.any(Number)});
});

test.concurrent.each([
  ['run', '--practice'],
  ['plan', '--practice'],
  ['doctor', '--practice'],
  ['rbac'],
  ['history', '--scenarios'],
])('%s -o json gives them in an Error', async (command, ...flags) => {
  const folder = await temporaryFolder();
  const text = await readFile(shippedFile, 'utf8');
  await writeFile(join(folder, 'a.yaml'), text.replace('  title:', '  owner: twice\n  title:'));
  const {code, stdout, stderr} = await kubedrill([command, ...flags, 'a.yaml', '-o', 'json'], {cwd: folder});
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: a\.yaml:\d+:\d+: /);
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({apiVersion: 'kubedrill.dev/v1', kind: 'Error', exitCode: 2});
  expect(document.error).toMatchObject({code: expect.any(String), message: expect.stringMatching(/^a\.yaml:/)});
  expect(document.error.diagnostics[0]).toMatchObject({
    file: 'a.yaml',
    line: expect.any(Number),
    path: 'metadata',
  });
});

test.concurrent.each([
  ['an empty folder', async (folder: string) => void (await mkdir(join(folder, 'x')))],
  ['a file of bytes', (folder: string) => writeFile(join(folder, 'x'), Buffer.from([0, 159, 146, 150, 0, 1]))],
  ['an alias bomb', (folder: string) => writeFile(join(folder, 'x'), bomb())],
  ['2 MiB', (folder: string) => writeFile(join(folder, 'x'), `a: ${'x'.repeat(2 * 1024 * 1024)}\n`)],
  ['an empty file', (folder: string) => writeFile(join(folder, 'x'), '')],
  ['no such path', async () => {}],
])('%s: one paragraph, exit 2, no stack', async (_what, make) => {
  const folder = await temporaryFolder();
  await make(folder);
  const {code, stderr} = await kubedrill(['validate', './x'], {cwd: folder});
  expect(code).toBe(2);
  expect(stderr).toContain('x');
  expect(stderr.split('\n').length).toBeLessThan(12);
  expect(stderr).not.toMatch(/ {4}at |InternalError|bug in kubedrill/);
});

test('an unknown name says what ships', async () => {
  const {code, stderr} = await kubedrill(['validate', 'kill-cordns']);
  expect(code).toBe(2);
  expect(stderr).toContain('Did you mean kill-coredns?');
});

test('schema prints the generated JSON Schema', async () => {
  const {code, stdout} = await kubedrill(['schema']);
  expect(code).toBe(0);
  expect(stdout).toBe(await readFile(join(root, 'schema/scenario.v1.json'), 'utf8'));
});

test.concurrent.each([
  ['spec.probes.every', 'every'],
  ['pod/delete', 'gracePeriod'],
  ['actions', 'pod/delete'],
  ['probes', 'dns'],
  ['machine', 'stateDiagram-v2'],
])('explain %s', async (topic, text) => {
  const {code, stdout, stderr} = await kubedrill(['explain', topic]);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  expect(stdout).toContain(text);
});

test('explain of something unknown: exit 2 and what is near', async () => {
  const {code, stderr} = await kubedrill(['explain', 'pod/delet']);
  expect(code).toBe(2);
  expect(stderr).toContain('pod/delete');
});

test('version in each format', async () => {
  expect((await kubedrill(['version'])).stdout).toMatch(/^kubedrill \d+\.\d+\.\d+ \(Node v22\./);
  expect(JSON.parse((await kubedrill(['version', '-o', 'json'])).stdout)).toMatchObject({kind: 'Version'});
  expect((await kubedrill(['version', '-o', 'yaml'])).stdout).toMatch(
    /^apiVersion: kubedrill\.dev\/v1\nkind: Version\n/,
  );
});

/** Nine levels of nine aliases each. */
function bomb(): string {
  let text = 'a0: &a0 [x]\n';
  for (let level = 1; level < 9; level++) text += `a${level}: &a${level} [${`*a${level - 1},`.repeat(9)}]\n`;
  return text;
}

test('schema knows JSON alone', async () => {
  expect(await kubedrill(['schema', '-o', 'json'])).toEqual(await kubedrill(['schema']));
  const {code, stdout, stderr} = await kubedrill(['schema', '-o', 'yaml']);
  expect({code, stdout}).toEqual({code: 2, stdout: ''});
  expect(stderr).toContain('JSON');
});

test('canary manifest prints the same objects as YAML and, with -o json, as a List that kubectl takes', async () => {
  const args = ['canary', 'manifest', '-n', 'beats', '--pull-secret', 'registry'];
  const yaml = await kubedrill(args);
  expect(await kubedrill([...args, '-o', 'yaml'])).toEqual(yaml);
  const {code, stdout} = await kubedrill([...args, '-o', 'json']);
  expect(code).toBe(0);
  const list = JSON.parse(stdout);
  expect(list).toEqual({apiVersion: 'v1', kind: 'List', items: objectsOf(yaml.stdout)});
  expect(list.items.length).toBeGreaterThan(1);
});
