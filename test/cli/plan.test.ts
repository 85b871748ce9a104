import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {kubedrill, temporaryFolder} from '../support/kubedrill.ts';

test('plan says what run would do: objects, undo, blast radius, permissions, duration', async () => {
  const cwd = await temporaryFolder();
  const {code, stdout} = await kubedrill(['plan', '--practice', 'kill-coredns'], {cwd});
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /inject\.0 kill: pod\/delete, undo platform\/heals\n +→ Pod kube-system\/coredns-\S+ \([0-9a-f-]{36}\)/,
  );
  expect(stdout).toMatch(/Blast radius\n {2}2 × Pod in kube-system: hit\n/);
  expect(stdout).toMatch(/\d+ permissions asked, 0 denied\n/);
  expect(stdout).toContain('  delete, get, list pods in kube-system\n');
  expect(stdout).toMatch(/lasts about \S+, at most \S+\n/);
  expect(stdout).toContain('run would go ahead');
});

test('plan exits 3 when run would refuse, with every reason', async () => {
  const cwd = await temporaryFolder();
  await writeFile(
    join(cwd, 'kubedrill.config.yaml'),
    `freeze: {reason: incident 4711}
blackout: [{reason: always, timeZone: UTC, dates: {from: 2000-01-01, to: 2999-12-31}}]
`,
  );
  const {code, stdout} = await kubedrill(['plan', '--practice', 'kill-coredns'], {cwd});
  expect(code).toBe(3);
  expect(stdout).toContain('drills are frozen: incident 4711');
  expect(stdout).toContain('a blackout window (always: 2000-01-01 to 2999-12-31 UTC) is open');
  expect(stdout).toContain('no free time for this drill');
  const run = await kubedrill(['run', '--practice', 'kill-coredns'], {cwd});
  expect(run.code).toBe(3);
  expect(run.stdout).toContain('incident 4711');
});
