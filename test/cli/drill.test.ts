import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {practiceNotice} from '../../src/cli/show/summary.ts';
import {kubedrill, output, root, start, temporaryFolder} from '../support/kubedrill.ts';

const quick = join(root, 'test/fixtures/cli/quick.yaml');
const elsewhere = join(root, 'test/fixtures/cli/elsewhere.yaml');

/** Text of a file of the only run in a report folder. */
async function fileOfRun(reports: string, name: string): Promise<string> {
  const [run = ''] = await readdir(reports);
  return await readFile(join(reports, run, name), 'utf8');
}

/** A kubeconfig whose API server is a port that nobody listens on. */
async function deadKubeconfig(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  const port = typeof address === 'object' && address ? address.port : 0;
  const file = join(await temporaryFolder(), 'kubeconfig');
  await writeFile(
    file,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'dead',
      clusters: [{name: 'dead', cluster: {server: `https://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true}}],
      users: [{name: 'nobody', user: {token: 'not-a-secret'}}],
      contexts: [{name: 'dead', context: {cluster: 'dead', user: 'nobody'}}],
    }),
  );
  return file;
}

test('a whole drill: verdict and path on stdout, one line a change on stderr, the same report again', async () => {
  const cwd = await temporaryFolder();
  const {code, stdout, stderr} = await kubedrill(['run', '--practice', quick, '--operator', 'ada'], {cwd});
  expect({code, stderr}).toMatchObject({code: 0});
  const [notice, sentence, path, ...rest] = stdout.split('\n');
  expect(notice).toBe(practiceNotice);
  expect(sentence).toMatch(/^PASSED \(practice run\) — /);
  expect(path).toMatch(/^report: reports\/.*-quick-[0-9a-f]{4}\/report\.md$/);
  expect(rest).toEqual(['']);
  expect(stderr.startsWith(`${practiceNotice}\n`)).toBe(true);
  const told = ['phase preflight', 'phase steady', 'step inject.0 kill', 'effect seen', 'phase undo', 'phase report'];
  expect(told.filter((line) => !stderr.includes(line))).toEqual([]);
  expect(`${stdout}${stderr}`).not.toContain('\u001b');

  const reports = join(cwd, 'reports');
  const before = await fileOfRun(reports, 'report.md');
  expect(before).toContain('practice');
  expect(await fileOfRun(reports, 'evidence/log.jsonl')).toBeDefined();
  const [run = ''] = await readdir(reports);
  const again = await kubedrill(['report', run], {cwd});
  expect(again.code).toBe(0);
  expect(again.stdout).toContain(sentence ?? 'a sentence');
  expect(await fileOfRun(reports, 'report.md')).toBe(before);
});

test('several drills in one call: a summary, one document, and the highest row as exit code', async () => {
  const cwd = await temporaryFolder();
  const {code, stdout} = await kubedrill(['run', '--practice', quick, elsewhere, '-o', 'json', '-q'], {cwd});
  expect(code).toBe(3);
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({apiVersion: 'kubedrill.dev/v1', kind: 'RunResult', practice: true, exitCode: 3});
  expect(document.runs.map((run: {scenario: string; verdict: string}) => [run.scenario, run.verdict])).toEqual([
    ['quick', 'passed'],
    ['elsewhere', 'refused'],
  ]);
  expect(await readdir(join(cwd, 'reports'))).toHaveLength(2);
});

test('Ctrl-C once: stop, undo, report; exit 130', async () => {
  const cwd = await temporaryFolder();
  const child = start(['run', '--practice', quick], {cwd});
  await output(child, 'stderr', 'phase steady');
  child.kill('SIGINT');
  const {code, stdout, stderr} = await child.ended;
  expect({code, stderr}).toMatchObject({code: 130});
  expect(stdout).toMatch(/^ABORTED/m);
  expect(stderr).toContain('SIGINT: stopping, undoing, reporting');
  expect(await fileOfRun(join(cwd, 'reports'), 'report.md')).toContain('ABORTED');
});

test('Ctrl-C twice: leave at once and say what that means; exit 4 with something left to undo', async () => {
  const cwd = await temporaryFolder();
  const child = start(['run', '--practice', quick], {cwd});
  await output(child, 'stderr', 'phase steady');
  child.kill('SIGINT');
  child.kill('SIGTERM');
  const {code, stderr} = await child.ended;
  expect(stderr).toContain('again: leaving at once');
  expect(stderr).toContain('The practice cluster ends with this process');
  expect(code).toBe(4);
});

test('a reader that goes away does not end the drill', async () => {
  const cwd = await temporaryFolder();
  const child = start(['run', '--practice', quick], {cwd});
  child.stdout?.destroy();
  child.stderr?.destroy();
  const {code} = await child.ended;
  expect(code).toBe(0);
  expect(await fileOfRun(join(cwd, 'reports'), 'report.md')).toContain('PASSED');
});

test('plan shows the targets and says whether run would go ahead', async () => {
  const cwd = await temporaryFolder();
  const good = await kubedrill(['plan', '--practice', quick], {cwd});
  expect({code: good.code, stderr: good.stderr}).toEqual({code: 0, stderr: ''});
  expect(good.stdout).toMatch(/→ Pod kube-system\/coredns-\S+ \([0-9a-f-]{36}\)/);
  expect(good.stdout).toContain('run would go ahead');
  const bad = await kubedrill(['plan', '--practice', elsewhere, '-o', 'json'], {cwd});
  expect(bad.code).toBe(3);
  expect(JSON.parse(bad.stdout).plans[0].guards).toContainEqual(expect.objectContaining({ok: false}));
  expect(await readdir(cwd)).toEqual([]);
});

test.concurrent.each([
  ['no kubeconfig', ['run', quick], 2],
  ['a kubeconfig that is not there', ['run', quick, '--kubeconfig', '/nonexistent/config'], 2],
  ['a context together with --practice', ['run', quick, '--practice', '--context', 'x'], 2],
  ['a variable that the scenario does not have', ['run', quick, '--practice', '--var', 'nme=x'], 2],
  ['a var file that is not there', ['run', quick, '--practice', '--var-file', 'none.yaml'], 2],
  ['a config file that is not there', ['run', quick, '--practice', '--config', 'none.yaml'], 2],
  ['a run that is not there', ['report', 'none'], 2],
])('%s: one paragraph, the right exit code, no stack', async (_what, args, wanted) => {
  const {code, stderr} = await kubedrill(args, {cwd: await temporaryFolder()});
  expect({code, stderr}).toMatchObject({code: wanted});
  expect(stderr).not.toMatch(/ {4}at |InternalError|bug in kubedrill/);
});

test('a context that does not exist: what there is', async () => {
  const kubeconfig = await deadKubeconfig();
  const {code, stderr} = await kubedrill(['run', quick, '--kubeconfig', kubeconfig, '--context', 'daed']);
  expect(code).toBe(2);
  expect(stderr).toContain('Did you mean dead?');
});

test('a cluster that does not answer: refused, exit 3, with a report', async () => {
  const cwd = await temporaryFolder();
  const {code, stdout, stderr} = await kubedrill(['run', quick], {cwd, env: {KUBECONFIG: await deadKubeconfig()}});
  expect({code, stderr}).toMatchObject({code: 3});
  expect(stdout).toMatch(/^REFUSED — /);
  expect(stderr).not.toContain('    at ');
  expect(await fileOfRun(join(cwd, 'reports'), 'report.md')).toContain('REFUSED');
});

test('a report folder that cannot be written: nothing begins', async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'reports'), 'a file in the way');
  const {code, stderr} = await kubedrill(['run', '--practice', quick], {cwd});
  expect(code).toBe(2);
  expect(stderr).toContain('--reports');
});

// The system makes no folders in these, whatever their modes say.
describe.runIf(process.platform === 'linux').each(['/proc/x', '/proc/x/y', '/sys/x'])(
  'the report folder %s',
  (reports) => {
    test('ends a run before it begins, with what failed', async () => {
      const child = start(['run', '--practice', quick, '--reports', reports], {cwd: await temporaryFolder()});
      const tooLong = setTimeout(() => child.kill('SIGKILL'), 30_000);
      const {code, stderr} = await child.ended;
      clearTimeout(tooLong);
      expect(code).toBe(2);
      expect(stderr).toContain(`error: the report folder ${reports} cannot be written: `);
      expect(stderr).toContain(reports.slice(0, 5).replace(/\/$/, ''));
    });

    test('is a finding of doctor', async () => {
      const {code, stdout} = await kubedrill(['doctor', '--practice', '--reports', reports, '-o', 'json']);
      expect(code).toBe(1);
      const found = JSON.parse(stdout).findings.find(({subject}: {subject: string}) => subject === 'report folder');
      expect(found).toMatchObject({
        state: 'finding',
        message: expect.stringContaining(`${reports} cannot be written: `),
      });
    });
  },
);

test('doctor tries the report folder, and leaves nothing of it', async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'file'), '');
  const said = async (reports: string) => {
    const {stdout} = await kubedrill(['doctor', '--practice', '--reports', reports, '-o', 'json'], {cwd});
    return JSON.parse(stdout).findings.find(({subject}: {subject: string}) => subject === 'report folder');
  };
  expect(await said('a/b/c')).toMatchObject({state: 'ok', message: `${join(cwd, 'a/b/c')} can be written`});
  expect(await said('.')).toMatchObject({state: 'ok'});
  expect(await said('file')).toMatchObject({state: 'finding', message: expect.stringContaining('cannot be written')});
  expect(await said('file/x')).toMatchObject({state: 'finding', message: expect.stringContaining('ENOTDIR')});
  expect(await readdir(cwd)).toEqual(['file']);
});

test('doctor finds what is wrong and exits 1', async () => {
  const cwd = await temporaryFolder();
  await mkdir(join(cwd, 'out'));
  const sick = await kubedrill(['doctor', '-o', 'json'], {cwd, env: {KUBECONFIG: await deadKubeconfig()}});
  expect(sick.code).toBe(1);
  const {healthy, findings} = JSON.parse(sick.stdout);
  expect(healthy).toBe(false);
  expect(findings).toContainEqual(expect.objectContaining({subject: 'cluster', state: 'finding'}));
  const well = await kubedrill(['doctor', '--practice', quick], {cwd});
  expect({code: well.code, stdout: well.stdout}).toMatchObject({code: 0});
  expect(well.stdout).toContain('✓ quick: run would go ahead');
});

test('practice prints a kubeconfig that works, and ends in good order', async () => {
  const cwd = await temporaryFolder();
  const cluster = start(['practice', '--write-kubeconfig', 'practice.kubeconfig'], {cwd});
  await output(cluster, 'stdout', 'export KUBECONFIG=');
  const env = {KUBECONFIG: join(cwd, 'practice.kubeconfig')};
  const doctor = await kubedrill(['doctor'], {cwd, env});
  expect(doctor.stdout).toContain('+kubedrill-practice');
  cluster.kill('SIGTERM');
  expect(await cluster.ended).toMatchObject({code: 0, stderr: expect.stringContaining('not a Kubernetes cluster')});
});
