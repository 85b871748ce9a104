import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {createExec, outputLimit} from '../../../src/io/exec.ts';

const exec = createExec({killGrace: 200});
const node = process.execPath;
const fixtures = join(import.meta.dirname, '../../fixtures/processes');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubedrill-exec-'));
});
afterEach(() => rm(folder, {recursive: true}));

describe('a program that ends', () => {
  test('gives its exit code and outputs', async () => {
    const script = 'process.stdout.write("out"); process.stderr.write("err"); process.exitCode = 3';
    const result = await exec.run([node, '-e', script], {timeout: 10_000});
    expect(result).toMatchObject({exitCode: 3, stdout: 'out', stderr: 'err', timedOut: false});
  });

  test('gets arguments as they are, its folder, variables and input', async () => {
    const script = `process.stdin.on('data', (data) => console.log(process.argv[1], process.env.A, process.cwd(), String(data)))`;
    const options = {timeout: 10_000, cwd: folder, env: {A: 'b c'}, stdin: 'hello'};
    const {stdout} = await exec.run([node, '-e', script, '$HOME; *'], options);
    expect(stdout).toBe(`$HOME; * b c ${folder} hello\n`);
  });

  test('may say much more than is kept: its head, its end, and how much is missing', async () => {
    const script = `process.stdout.write('a'.repeat(300_000) + 'z'.repeat(10))`;
    const {stdout, exitCode} = await exec.run([node, '-e', script], {timeout: 10_000});
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^a+\n… 234474 bytes left out …\na+z{10}$/);
    expect(stdout.length).toBeLessThan(outputLimit + 100);
  });

  test('has no exit code when a signal ends it', async () => {
    const result = await exec.run([node, '-e', 'process.kill(process.pid, "SIGKILL")'], {timeout: 10_000});
    expect(result).not.toHaveProperty('exitCode');
    expect(result.timedOut).toBe(false);
  });
});

describe('a program that does not start', () => {
  test('is named, with the reason', async () => {
    await expect(exec.run(['no-such-program'], {timeout: 1000})).rejects.toMatchObject({
      code: 'E_COMMAND_NOT_STARTED',
      message: expect.stringContaining('ENOENT'),
    });
  });

  test('may be no program at all', async () => {
    const file = join(folder, 'plain');
    await writeFile(file, 'text');
    await expect(exec.run([file], {timeout: 1000})).rejects.toMatchObject({code: 'E_COMMAND_NOT_STARTED'});
    await expect(exec.run([], {timeout: 1000})).rejects.toMatchObject({code: 'E_COMMAND'});
  });

  test('an abort before the start starts nothing', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    const script = `require('fs').writeFileSync(${JSON.stringify(join(folder, 'ran'))}, '')`;
    await expect(exec.run([node, '-e', script], {timeout: 1000, signal})).rejects.toThrow('too late');
    await expect(readFile(join(folder, 'ran'))).rejects.toThrow('ENOENT');
  });
});

describe('a program that is to end takes all it started along', () => {
  test.each(['stubborn.sh', 'obedient.sh'])('%s at its timeout', async (script) => {
    const pids = join(folder, 'pids');
    const result = await exec.run(['sh', join(fixtures, script), pids], {timeout: 1500});
    expect(result.timedOut).toBe(true);
    await expectDead(pids);
  });

  test.each(['stubborn.sh', 'obedient.sh'])('%s at an abort, which rejects with its reason', async (script) => {
    const pids = join(folder, 'pids');
    const controller = new AbortController();
    const run = exec.run(['sh', join(fixtures, script), pids], {timeout: 60_000, signal: controller.signal});
    await expect.poll(() => readFile(pids, 'utf8').catch(() => ''), {timeout: 10_000}).toMatch(/\d+ \d+\n/);
    controller.abort(new Error('stop the drill'));
    await expect(run).rejects.toThrow('stop the drill');
    await expectDead(pids);
  });
});

/** Both processes that a fixture wrote down are gone, or left for nobody to collect (zombies). */
async function expectDead(file: string): Promise<void> {
  const pids = (await readFile(file, 'utf8')).trim().split(' ');
  expect(pids).toHaveLength(2);
  for (const pid of pids) await expect.poll(() => isAlive(Number(pid)), {timeout: 10_000}).toBe(false);
}

async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return !/\) Z /.test(status);
}
