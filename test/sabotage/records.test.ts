import {cp, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {DrillError} from '../../src/io/errors.ts';
import {readModel, verdict} from '../../src/report/index.ts';
import {type Case, outcomeOf, playCase, playSpoiled} from '../support/sabotage.ts';
import {type Found, named, theme} from '../support/sabotage-suite.ts';
import {type RecordCase, records} from './cases/records.ts';

const {compare} = theme('the record');

describe('the record', () => {
  let folder: string;
  let run: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubedrill-record-'));
    const original: Case = {
      name: 'the original',
      play: async (stage) => {
        const drill = await playSpoiled({...stage, folder}, {scenario: {stableFor: '2s'}});
        run = drill.folder;
        return outcomeOf(drill);
      },
      verdict: 'passed',
      exitCode: 0,
      because: /./,
    };
    const {verdict: found, sentence} = await playCase(original);
    if (found !== 'passed') throw new Error(`the drill whose record is changed did not pass: ${sentence}`);
  });
  afterAll(() => rm(folder, {recursive: true, force: true}));

  it.each(named(records))('%s', async (name, changed) => {
    const copy = join(folder, name.replaceAll(/\W/g, ''));
    await cp(run, copy, {recursive: true});
    await change(copy, changed);
    compare(changed, await judge(copy));
  });
});

/** What a later look at a run folder comes to; a folder that cannot be read is a usage error. */
async function judge(folder: string): Promise<Found> {
  try {
    return {...verdict(await readModel(folder)), sentence: ''};
  } catch (error) {
    if (!(error instanceof DrillError)) throw error;
    const {exitCode, message} = error;
    return {verdict: 'no run', exitCode, cleanup: 'clean', sentence: '', reasons: [message]};
  }
}

async function change(folder: string, {journal, series, clumsy = false}: RecordCase): Promise<void> {
  const keep = async (
    path: string,
    which: NonNullable<RecordCase['journal']>,
    number = (line: string, _index: number) => line,
  ) => {
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const kept = lines.filter(which);
    expect(kept.length).toBeLessThan(lines.length);
    await writeFile(path, kept.map((line, index) => `${number(line, index)}\n`).join(''));
  };
  const numbered = (line: string, seq: number) => JSON.stringify({...JSON.parse(line), seq});
  if (journal) await keep(join(folder, 'journal.jsonl'), journal, clumsy ? undefined : numbered);
  for (const name of await readdir(join(folder, 'series'))) {
    if (series === false) await rm(join(folder, 'series', name));
    else if (series) await keep(join(folder, 'series', name), series);
  }
}
