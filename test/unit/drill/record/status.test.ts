import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {claim} from '../../../../src/drill/record/owner.ts';
import {statusOf} from '../../../../src/drill/record/status.ts';
import type {JournalEvent} from '../../../../src/journal/types.ts';
import {temporaryFolder} from '../../../support/kubedrill.ts';
import {planRecord} from '../../../support/plan-record.ts';
import {RunMaker, started} from '../../../support/runs.ts';

const intent: JournalEvent = {
  type: 'mutation.intent',
  mutation: 'm1',
  role: 'fault',
  phase: 'inject',
  target: {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'prices'},
  undo: {kind: 'object/put-back', data: {}},
};
const undone = (state: 'undone' | 'failed'): JournalEvent => ({type: 'undo.ended', mutation: 'm1', state});
const ended: JournalEvent = {type: 'run.ended'};

async function folderOf(...events: JournalEvent[]): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(folder, {recursive: true});
  const {entries} = new RunMaker().add(0, started('trial', 'A trial'), ...events).done();
  await writeFile(join(folder, 'journal.jsonl'), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  return folder;
}

it.each([
  ['clean', 0, [intent, undone('undone'), ended]],
  ['clean', 0, [ended]],
  ['dirty', 1, [intent, undone('failed'), ended]],
  ['dirty', 1, [intent, ended]],
  ['crashed', 1, [intent]],
  ['crashed', 0, [intent, undone('undone')]],
  // A rollback that was killed.
  ['crashed', 1, [intent, ended, {type: 'undo.started', mutation: 'm1', kind: 'object/put-back', by: 'rollback'}]],
] satisfies [string, number, JournalEvent[]][])('a run is %s with %i outstanding', async (state, open, events) => {
  const status = await statusOf(await folderOf(...events));
  expect([status.state, status.outstanding.length]).toEqual([state, open]);
});

it('a run whose process is at work is running', async () => {
  const folder = await folderOf(intent);
  await claim(folder);
  expect(await statusOf(folder)).toMatchObject({state: 'running', operator: 'test data', scenario: 'trial'});
});

it('a run that another host was at is running until it has expired, and crashed from then on', async () => {
  const folder = await folderOf({type: 'plan.made', plan: planRecord({runDeadline: 60_000})}, intent);
  await writeFile(join(folder, 'owner.1.json'), JSON.stringify({pid: 1, host: 'another', started: '1'}));
  const begun = Date.parse((await statusOf(folder)).startedAt);
  const after = async (minutes: number) => (await statusOf(folder, new Date(begun + minutes * 60_000))).state;
  expect([await after(5), await after(10), await after(12)]).toEqual(['running', 'running', 'crashed']);
});

it('a folder without a journal is no run', async () => {
  await expect(statusOf(await temporaryFolder())).rejects.toMatchObject({code: 'E_JOURNAL_READ'});
});
