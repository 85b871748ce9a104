import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {expect, test} from 'vitest';
import type {JournalEvent} from '../../src/journal/types.ts';
import {journalLines, runFolder} from '../support/campaign-program.ts';
import {kubedrill, start, temporaryFolder} from '../support/kubedrill.ts';
import {RunMaker, started} from '../support/runs.ts';

const intent: JournalEvent = {
  type: 'mutation.intent',
  mutation: 'm1',
  role: 'fault',
  phase: 'inject',
  target: {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'prices'},
  undo: {kind: 'object/put-back', data: {}},
};

/** A run that was killed with something to take back, in a report folder below `cwd`; its id. */
async function crashed(cwd: string, reports: string, ...events: JournalEvent[]): Promise<string> {
  const begun = events.some(({type}) => type === 'run.started') ? [] : [started('trial', 'A trial')];
  const {entries} = new RunMaker().add(0, ...begun, ...(events.length > 0 ? events : [intent])).done();
  const {id} = entries.flatMap((entry) => (entry.type === 'run.started' ? [entry.run] : []))[0] ?? {id: ''};
  const folder = join(cwd, reports, id);
  await mkdir(folder, {recursive: true});
  await writeFile(join(folder, 'journal.jsonl'), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  return id;
}

test('status names the report folder in the command that takes back, unless it is found without', async () => {
  const cwd = await temporaryFolder();
  const id = await crashed(cwd, 'reports');
  await crashed(cwd, "Ada's evidence");
  await crashed(cwd, 'configured/here');
  const told = async (args: readonly string[], from = cwd) => {
    const {code, stdout} = await kubedrill(['status', ...args], {cwd: from});
    expect(code).toBe(4);
    return / Take it back with: (.*)\n$/.exec(stdout)?.[1];
  };
  const plain = `kubedrill rollback ${id}`;
  expect(await told([])).toBe(plain);
  expect(await told(['--reports', './reports/'])).toBe(plain);
  expect(await told(['--reports', "Ada's evidence"])).toBe(`${plain} --reports 'Ada'\\''s evidence'`);
  // By its path, and from another folder.
  expect(await told([join('configured/here', id)])).toBe(`${plain} --reports configured/here`);
  expect(await told(['--reports', join(cwd, 'reports')], dirname(cwd))).toMatch(/ --reports [^/].*\/reports$/);
  const elsewhere = await temporaryFolder();
  expect(await told(['--reports', join(cwd, 'reports')], elsewhere)).toBe(`${plain} --reports ${join(cwd, 'reports')}`);
  await writeFile(join(cwd, 'kubedrill.config.yaml'), 'reports: configured/here\n');
  expect(await told([])).toBe(plain);
  expect(await told(['--reports', 'reports'])).toBe(`${plain} --reports reports`);
  // A config that cannot be read is no reason to keep quiet.
  await writeFile(join(cwd, 'kubedrill.config.yaml'), 'reports: [\n');
  expect(await told(['--reports', 'reports'])).toBe(`${plain} --reports reports`);
});

test('status says how to do it by hand', async () => {
  const cwd = await temporaryFolder();
  const undo = {kind: 'object/put-back', data: {}, command: 'kubectl -n shop patch configmap/prices -p x\n'};
  await crashed(cwd, 'reports', {...intent, undo});
  const {stdout} = await kubedrill(['status'], {cwd});
  expect(stdout).toContain(
    '  ConfigMap shop/prices: object/put-back, open; by hand: kubectl -n shop patch configmap/prices -p x',
  );
});

test('abort names it, too', async () => {
  const cwd = await temporaryFolder();
  const id = await crashed(cwd, 'evidence');
  const {code, stderr} = await kubedrill(['abort', id, '--reports', 'evidence'], {cwd});
  expect(code).toBe(3);
  expect(stderr).toContain(`with: kubedrill rollback ${id} --reports evidence\n`);
});

/** On a practice cluster: in the run's own process, or started apart. */
const onPractice = (own: boolean): JournalEvent[] => [
  {...(started('trial', 'A trial') as JournalEvent & {type: 'run.started'}), ...(own ? {practice: true} : {})},
  {
    type: 'cluster.identified',
    uid: '6a1d3a5e-0c3b-4f0e-9d57-2f0a8f6f3c11',
    server: 'http://127.0.0.1:40001',
    context: 'practice',
    version: 'v1.34.0+kubedrill-practice',
    environment: 'practice',
    environmentSource: 'practice',
    practice: true,
    nodes: [],
  },
];
const outside: JournalEvent = {
  ...intent,
  mutation: 'm2',
  target: {apiVersion: 'kubedrill.dev/v1', kind: 'Command', name: 'touch'},
  undo: {kind: 'command/undo', data: {}, command: 'rm /tmp/x'},
};

test('what was changed in the practice cluster of a process that is over is over as well', async () => {
  const status = async (...events: JournalEvent[]) => {
    const cwd = await temporaryFolder();
    const id = await crashed(cwd, 'reports', ...events);
    const {code, stdout} = await kubedrill(['status'], {cwd});
    const [run] = JSON.parse((await kubedrill(['status', '-o', 'json'], {cwd})).stdout).runs;
    return {code, stdout, run, abort: await kubedrill(['abort', id], {cwd})};
  };
  const over = await status(...onPractice(true), intent);
  expect(over.code).toBe(0);
  expect(over.stdout).toMatch(/ crashed .*\n {2}Its practice cluster ended with its process, .*\n$/);
  expect(over.run).toMatchObject({state: 'crashed', clusterGone: true, outstanding: []});
  expect(over.abort.stderr).toContain('There is nothing to do');
  const dirty = await status(...onPractice(true), intent, {type: 'run.ended'});
  expect(dirty).toMatchObject({code: 0, run: {state: 'dirty', outstanding: [], clusterGone: true}});
  // A command has changed something here, not there.
  const here = await status(...onPractice(true), intent, outside);
  expect(here).toMatchObject({code: 4, run: {clusterGone: true, outstanding: [{id: 'm2'}]}});
  expect(here.stdout).toContain('Command touch: command/undo, open; by hand: rm /tmp/x');
  expect(here.stdout).not.toContain('kubedrill rollback');
  // One that was started apart goes on.
  const apart = await status(...onPractice(false), intent);
  expect(apart).toMatchObject({code: 4, run: {state: 'crashed', outstanding: [{id: 'm1'}]}});
  expect(apart.run).not.toHaveProperty('clusterGone');
});

test('so it is after a kill -9 of run --practice', async () => {
  const cwd = await temporaryFolder();
  const child = start(['run', '--practice', 'kill-coredns'], {cwd});
  const folder = async () => (await runFolder(join(cwd, 'reports'))) ?? cwd;
  await expect.poll(async () => (await journalLines(await folder())).join('')).toContain('"type":"mutation.applied"');
  const running = await kubedrill(['status'], {cwd});
  expect(running).toMatchObject({code: 0, stdout: expect.stringContaining('running')});
  child.kill('SIGKILL');
  await child.ended;
  expect(await readFile(join(await folder(), 'journal.jsonl'), 'utf8')).not.toContain('"run.ended"');
  const {code, stdout} = await kubedrill(['status'], {cwd});
  expect({code, stdout}).toEqual({code: 0, stdout: expect.stringContaining('Its practice cluster ended')});
});
