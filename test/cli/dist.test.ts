import {readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {installed, kubedrill, root, temporaryFolder} from '../support/kubedrill.ts';

const built = (args: readonly string[], options: Parameters<typeof kubedrill>[1] = {}) =>
  kubedrill(args, {program: join(installed, 'bin/kubedrill.cjs'), ...options});

test('what ships runs by itself: a whole practice drill, and its report again', async () => {
  const cwd = await temporaryFolder();
  const quick = join(root, 'test/fixtures/cli/quick.yaml');
  const {code, stdout, stderr} = await built(['run', '--practice', quick], {cwd});
  expect({code, stderr}).toMatchObject({code: 0});
  expect(stdout).toMatch(/^PASSED \(practice run\) — /m);
  const [run = ''] = readdirSync(join(cwd, 'reports'));
  expect((await built(['report', run], {cwd})).code).toBe(0);
});

test('the shipped scenarios and the schema come along', async () => {
  const cwd = await temporaryFolder();
  expect((await built(['validate', 'kill-coredns'], {cwd})).stdout).toBe('1 scenario valid: kill-coredns\n');
  expect((await built(['schema'], {cwd})).stdout).toBe(readFileSync(join(root, 'schema/scenario.v1.json'), 'utf8'));
});

test('a short command keeps its code, says the same with it, and replaces one that is broken', async () => {
  const cache = await temporaryFolder();
  const explained = () => built(['explain', 'pod/delete'], {env: {NODE_COMPILE_CACHE: cache}});
  const first = await explained();
  expect(first).toMatchObject({code: 0, stdout: expect.stringContaining('pod/delete: '), stderr: ''});
  const [kept = ''] = readdirSync(cache, {recursive: true}).filter((name) => String(name).includes('kubedrill-'));
  const file = join(cache, String(kept));
  const {length} = readFileSync(file);
  expect(await explained()).toEqual(first);
  writeFileSync(file, 'no code');
  expect(await explained()).toEqual(first);
  expect(readFileSync(file).length).toBeGreaterThan(length / 2);
  expect(await built(['explain', 'pod/delete'], {env: {NODE_DISABLE_COMPILE_CACHE: '1'}})).toEqual(first);
});

test('a wrong flag, and a failure with its stack at -vv', async () => {
  expect(await built(['version', '--outptu'])).toMatchObject({code: 2, stdout: ''});
  const {stderr} = await built(['report', 'none', '-vv']);
  expect(stderr).toContain('    at ');
});

test('as kubectl-drill it speaks of `kubectl drill`', async () => {
  const link = join(await temporaryFolder(), 'kubectl-drill');
  symlinkSync(join(installed, 'bin/kubectl-drill.cjs'), link);
  const {stdout} = await built(['--help'], {program: link});
  expect(stdout).toContain('Usage: kubectl drill <command>');
});

test.each([
  ['18.20.8', false],
  ['22.18.0', false],
  ['22.19.0', true],
  ['26.0.0', true],
])('Node %s runs it: %s; a too old one gets one line and exit 2', async (version, runs) => {
  const pretend = `Object.defineProperty(process.versions, 'node', {value: '${version}'});`;
  const nodeArgs = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`];
  const {code, stdout, stderr} = await built(['version'], {nodeArgs});
  if (runs) expect({code, stdout, stderr}).toMatchObject({code: 0, stderr: ''});
  else {
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toMatch(/^error: kubedrill needs Node 22\.19 or later.*\n$/);
  }
});

test('the licences of everything inside are told', () => {
  const notices = readFileSync(join(installed, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
  for (const name of ['commander', 'zod', 'yaml', 'xstate', '@kubernetes/client-node', 'pino']) {
    expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
  }
});
