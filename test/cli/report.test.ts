import {generateKeyPairSync} from 'node:crypto';
import {appendFile, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {beforeAll, expect, test} from 'vitest';
import {kubedrill, root, temporaryFolder} from '../support/kubedrill.ts';
import {storeReport} from '../support/report-folder.ts';
import {killCoredns} from '../support/runs.ts';

const quick = join(root, 'test/fixtures/cli/quick.yaml');
let cwd: string;
let run: string;

beforeAll(async () => {
  cwd = await temporaryFolder();
  run = await storeReport(join(cwd, 'reports'), killCoredns({practice: true}), {at: '2026-11-20T21:40:07.000Z'});
});

test('verify says that nothing differs, and then names the first file that does; exit 1', async () => {
  const good = await kubedrill(['report', 'verify', run], {cwd});
  expect(good).toMatchObject({code: 0, stdout: '8 files compared, none differs\n', stderr: ''});
  await appendFile(join(cwd, 'reports', run, 'series/dnsUdp.jsonl'), '\n');
  const bad = await kubedrill(['report', 'verify', run], {cwd});
  expect(bad.code).toBe(1);
  expect(bad.stdout.split('\n')[0]).toMatch(
    /^series\/dnsUdp\.jsonl differs: it has the SHA-256 [0-9a-f]{64} instead of/,
  );
  const json = await kubedrill(['report', 'verify', run, '-o', 'json'], {cwd});
  expect(JSON.parse(json.stdout)).toMatchObject({
    kind: 'Verification',
    ok: false,
    differences: [{file: 'series/dnsUdp.jsonl'}],
  });
});

test('sign puts a signature beside the report, which verify looks at with the public key', async () => {
  const {privateKey, publicKey} = generateKeyPairSync('ed25519');
  await writeFile(join(cwd, 'key.pem'), privateKey.export({type: 'pkcs8', format: 'pem'}));
  await writeFile(join(cwd, 'pub.pem'), publicKey.export({type: 'spki', format: 'pem'}));
  const other = await storeReport(join(cwd, 'reports'), killCoredns(), {at: '2026-11-21T21:40:07.000Z'});
  const signed = await kubedrill(['report', 'sign', other, '--key', 'key.pem'], {cwd});
  expect(signed).toMatchObject({code: 0, stdout: `signature: reports/${other}/report.json.sig\n`});
  expect(await kubedrill(['report', 'verify', other, '--public-key', 'pub.pem'], {cwd})).toMatchObject({code: 0});
  expect(await kubedrill(['report', 'sign', other], {cwd})).toMatchObject({code: 2});
});

test.each([[['report', 'verify', 'a', 'b']], [['report', 'burn', 'a']], [['report']]])(
  '%j is a wrong command line',
  async (args) => {
    const {code, stderr} = await kubedrill(args, {cwd});
    expect(code).toBe(2);
    expect(stderr).toContain('error:');
  },
);

test('a run in GitHub Actions puts page one into the summary of the job, and a bad summary changes no verdict', async () => {
  const folder = await temporaryFolder();
  const summary = join(folder, 'summary.md');
  await writeFile(summary, '# What was there before\n');
  const good = await kubedrill(['run', '--practice', quick, '-q'], {cwd: folder, env: {GITHUB_STEP_SUMMARY: summary}});
  expect(good.code).toBe(0);
  const text = await readFile(summary, 'utf8');
  expect(text).toMatch(/^# What was there before\n# PASSED \(practice run\) — /);
  expect(text).toContain('> **Notice:** practice run');
  expect(text).toContain('| What was broken?');
  expect(text).not.toContain('chart.svg');
  const bad = await kubedrill(['run', '--practice', quick, '-q'], {cwd: folder, env: {GITHUB_STEP_SUMMARY: folder}});
  expect(bad.code).toBe(0);
  expect(bad.stderr).toContain('warning: the job summary cannot be written');
});

test('a run leaves every report, the scenario as run, Events and versions; and they verify', async () => {
  const folder = await temporaryFolder();
  const {code} = await kubedrill(['run', '--practice', quick, '-q'], {cwd: folder});
  expect(code).toBe(0);
  const [played = ''] = await readdir(join(folder, 'reports'));
  const inside = join(folder, 'reports', played);
  expect((await readdir(inside)).sort()).toEqual([
    ...['chart.svg', 'evidence', 'journal.jsonl', 'report.html', 'report.json', 'report.junit.xml', 'report.md'],
    ...['scenario.yaml', 'series'],
  ]);
  const events = (await readFile(join(inside, 'evidence/events.jsonl'), 'utf8')).trim().split('\n');
  expect(events.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({namespace: 'kube-system', reason: 'Killing'}),
  );
  const versions = JSON.parse(await readFile(join(inside, 'evidence/versions.json'), 'utf8'));
  expect(versions).toMatchObject({server: {gitVersion: expect.stringContaining('practice')}, nodes: expect.any(Array)});
  expect(await kubedrill(['report', 'verify', played], {cwd: folder})).toMatchObject({code: 0});
  expect(await kubedrill(['validate', join(inside, 'scenario.yaml')], {cwd: folder})).toMatchObject({code: 0});
});
