import {mkdir, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {expect, test} from 'vitest';
import type {JournalEvent} from '../../src/journal/types.ts';
import {kubedrill, temporaryFolder} from '../support/kubedrill.ts';
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
  const first = started('trial', 'A trial');
  const {entries} = new RunMaker().add(0, first, ...(events.length > 0 ? events : [intent])).done();
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
