import {existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import type {JournalEntry} from '../../../src/journal/types.ts';
import {clusterWithShop, diskScenario, shopState} from '../../support/disk-drill.ts';
import {playOn} from '../../support/drill.ts';

/** The first fault deletes its victim, so that the copy in the vault is all that is left of it. */
const deleting = diskScenario.replace(
  'uses: object/patch, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: victim, patch: {data: {mode: "off"}}}',
  'uses: object/delete, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: victim}',
);

/** Plays a drill whose run folder is removed when it comes to a phase. */
async function playWithout(phase: string, yaml: string) {
  const folder = mkdtempSync(join(tmpdir(), 'kubedrill-gone-'));
  const cluster = await clusterWithShop();
  const before = await shopState(cluster);
  const entries: JournalEntry[] = [];
  const onEntry = (entry: JournalEntry) => {
    entries.push(entry);
    if (entry.type !== 'phase.entered' || entry.phase !== phase) return;
    for (const run of readdirSync(join(folder, 'reports'))) rmSync(join(folder, 'reports', run), {recursive: true});
  };
  try {
    const error: unknown = await playOn(cluster, folder, yaml, {onEntry}).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const left = readdirSync(join(folder, 'reports'));
    return {error, entries, before, after: await shopState(cluster), left};
  } finally {
    await cluster.stop();
    rmSync(folder, {recursive: true, force: true});
    expect(existsSync(folder)).toBe(false);
  }
}

test.for(['effect', 'undo'])(
  'a run folder that is gone from %s on: everything is back from memory, and the run says that its record is lost',
  {timeout: 60_000},
  async (phase) => {
    const {error, before, after, left} = await playWithout(phase, deleting);
    expect(error).toMatchObject({code: 'E_JOURNAL_LOST', exitCode: 5});
    expect(String(error)).toContain('the cluster is clean');
    expect(after).toEqual(before);
    expect(left).toEqual([]);
  },
);

test('nothing is broken once the record is gone', {timeout: 60_000}, async () => {
  const {error, entries, before, after} = await playWithout('gate', deleting);
  expect(error).toMatchObject({code: 'E_JOURNAL_LOST', exitCode: 5});
  expect(after).toEqual(before);
  const faults = entries.flatMap((entry) =>
    entry.type === 'mutation.intent' && entry.role === 'fault' ? [entry.mutation] : [],
  );
  const applied = entries.flatMap((entry) => (entry.type === 'mutation.applied' ? [entry.mutation] : []));
  expect(applied.filter((mutation) => faults.includes(mutation))).toEqual([]);
});
