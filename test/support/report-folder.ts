import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {JournalEvent} from '../../src/journal/types.ts';
import {writeReport} from '../../src/report/index.ts';
import type {MadeRun} from './runs.ts';

const lines = (values: readonly object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** Puts a made run into a folder, without a report. */
async function storeRun(folder: string, {entries, series}: MadeRun): Promise<void> {
  await mkdir(join(folder, 'series'), {recursive: true});
  await writeFile(join(folder, 'journal.jsonl'), lines(entries));
  for (const [file, samples] of series) await writeFile(join(folder, file), lines(samples));
}

export interface StoredRun {
  scenario?: string;
  /** UTC; the run id is made from it. */
  at: string;
  environment?: string;
  uid?: string;
  cadence?: string;
  /** Noted before the report, as a drill does it. */
  past?: Extract<JournalEvent, {type: 'past.read'}>;
}

/** Stores a made run with its report as a run of a report folder, and returns its id. */
export async function storeReport(reports: string, run: MadeRun, options: StoredRun): Promise<string> {
  const {scenario = 'kill-coredns', at, environment = 'staging', uid, cadence, past} = options;
  const id = `${at.slice(0, 19).replaceAll(':', '')}Z-${scenario}-7f3a`;
  const shift = Date.parse(at) - Date.parse(run.entries[0]?.at ?? at);
  const entries = run.entries.map((entry) => {
    const moved = {...entry, at: new Date(Date.parse(entry.at) + shift).toISOString()};
    if (moved.type === 'run.started') {
      const named = {...moved.scenario, name: scenario, ...(cadence === undefined ? {} : {cadence})};
      return {...moved, run: {...moved.run, id}, scenario: named};
    }
    if (moved.type !== 'cluster.identified') return moved;
    return {...moved, environment, practice: environment === 'practice', uid: uid ?? moved.uid};
  });
  const last = entries.at(-1);
  const noted = past && last ? [{v: last.v, seq: entries.length, at: last.at, mono: last.mono, ...past}] : [];
  await storeRun(join(reports, id), {entries: [...entries, ...noted], series: run.series});
  await writeReport(join(reports, id));
  return id;
}
