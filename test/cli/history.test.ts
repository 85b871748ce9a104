import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {beforeAll, expect, test} from 'vitest';
import {kubedrill, root, temporaryFolder} from '../support/kubedrill.ts';
import {storeReport} from '../support/report-folder.ts';
import {killCoredns} from '../support/runs.ts';

let cwd: string;

beforeAll(async () => {
  cwd = await temporaryFolder();
  const reports = join(cwd, 'reports');
  for (const day of ['10', '11', '12']) {
    await storeReport(reports, killCoredns(), {at: `2020-01-${day}T12:00:00.000Z`, cadence: 'quarterly'});
  }
  await storeReport(reports, killCoredns({practice: true}), {
    at: '2020-02-01T12:00:00.000Z',
    environment: 'practice',
    cadence: 'quarterly',
  });
  await writeFile(
    join(reports, 'findings.yaml'),
    `apiVersion: kubedrill.dev/v1
kind: Findings
findings:
  - {id: F-1, title: "the alert is\\u001b[2J late", owner: platform, due: 2020-03-01, status: open, run: 2020-01-10T120000Z-kill-coredns-7f3a}
`,
  );
});

test('shows verdicts, figures, trend, what is overdue and what is open', async () => {
  const {code, stdout, stderr} = await kubedrill(['history'], {cwd});
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  expect(stdout).toMatch(
    /2020-01-12 {2}staging {3}passed {2}RTO 1\.1–1\.6 s {2}RPO n\/a {2}0 % against the median of 2/,
  );
  expect(stdout).toContain('staging: last 2020-01-12, due 2020-04-13, overdue');
  expect(stdout).toContain('kill-coredns: finding F-1 of platform was due 2020-03-01');
  expect(stdout).not.toContain('\u001b');
});

test('knows the scenarios of the folder that were never run', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'reports'));
  const scenarios = ['--scenarios', join(root, 'scenarios')];
  const {code, stdout} = await kubedrill(['history', ...scenarios, '--fail-on', 'never-run'], {cwd: folder});
  expect(code).toBe(1);
  expect(stdout).toContain('kill-coredns: never run to a result on staging');
  expect((await kubedrill(['history', ...scenarios, '--fail-on', 'overdue'], {cwd: folder})).code).toBe(0);
});

test('stops at what it is told to stop at, and prints one document', async () => {
  const {code, stdout} = await kubedrill(['history', 'kill-coredns', '-o', 'json', '--fail-on', 'overdue,finding'], {
    cwd,
  });
  expect(code).toBe(1);
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({apiVersion: 'kubedrill.dev/v1', kind: 'History', findings: [{id: 'F-1'}]});
  expect(document.faults.map(({fault}: {fault: string}) => fault)).toEqual(['overdue', 'finding']);
  expect(document.scenarios[0].runs).toHaveLength(4);
  expect((await kubedrill(['history', '--fail-on', 'regression,not-passed'], {cwd})).code).toBe(0);
});

test.each([
  [['history', 'no-such-drill'], 'there is no run of a scenario "no-such-drill"'],
  [['history', '--fail-on', 'rain'], 'Allowed are not-passed, regression, overdue, never-run, finding, all.'],
])('%j is refused', async (args, message) => {
  const {code, stderr} = await kubedrill(args, {cwd});
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test('an empty report folder has no history', async () => {
  expect(await kubedrill(['history'], {cwd: await temporaryFolder()})).toMatchObject({code: 0, stdout: 'no runs\n'});
});
