import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {readModel, writeReport} from '../../../src/report/index.ts';
import {killCoredns, type MadeRun, madeRuns} from '../../support/runs.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/runs');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubedrill-report-'));
});
afterEach(() => rm(folder, {recursive: true}));

const lines = (values: readonly object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

async function store({entries, series}: MadeRun): Promise<void> {
  await mkdir(join(folder, 'series'), {recursive: true});
  await writeFile(join(folder, 'journal.jsonl'), lines(entries));
  for (const [file, samples] of series) await writeFile(join(folder, file), lines(samples));
}

const read = (name: string) => readFile(join(folder, name), 'utf8');

describe('the made runs', () => {
  // `vitest -u` writes the folders anew: they are what these runs and this version give.
  test.each(Object.entries(madeRuns))('%s', async (name, make) => {
    const run = make();
    await store(run);
    await writeReport(folder);
    const reports = ['report.md', 'report.html', 'report.json', 'report.junit.xml'];
    const drawn = run.series.size > 0 ? ['chart.svg'] : [];
    for (const file of ['journal.jsonl', ...run.series.keys(), ...reports, ...drawn]) {
      await expect(await read(file)).toMatchFileSnapshot(join(fixtures, name, file));
    }
  });
});

test('renders the same bytes again, and leaves nothing else behind', async () => {
  await store(killCoredns());
  const {files, sentence} = await writeReport(folder);
  const names = ['report.md', 'report.html', 'report.json', 'report.junit.xml', 'chart.svg'];
  const first = await Promise.all(names.map(read));
  await writeReport(folder);
  expect(await Promise.all(names.map(read))).toEqual(first);
  expect(files).toEqual(names.map((name) => join(folder, name)));
  expect(first[0]?.split('\n')[0]).toBe(`# ${sentence}`);
  expect((await readdir(folder)).sort()).toEqual([...names, 'journal.jsonl', 'series'].sort());
});

test('names no place outside the folder', async () => {
  await store(killCoredns());
  const {files} = await writeReport(folder);
  for (const file of files) expect(await readFile(file, 'utf8')).not.toContain(folder);
});

test('report.json says what it is, and holds the verdict', async () => {
  await store(killCoredns());
  await writeReport(folder);
  expect(JSON.parse(await read('report.json'))).toMatchObject({
    apiVersion: 'kubedrill.dev/v1',
    kind: 'Report',
    verdict: {verdict: 'passed', cleanup: 'clean', exitCode: 0},
  });
});

describe('damage is named, and never makes a pass', () => {
  test('torn last lines', async () => {
    await store(killCoredns());
    await writeFile(join(folder, 'series/dnsUdp.jsonl'), `${await read('series/dnsUdp.jsonl')}{"seq":`);
    await writeFile(join(folder, 'journal.jsonl'), `${await read('journal.jsonl')}{"v":1,`);
    const {damage} = await readModel(folder);
    expect(damage).toEqual([
      'the last line of the journal was cut off',
      'the last line of series/dnsUdp.jsonl was cut off',
    ]);
    await writeReport(folder);
    expect(await read('report.md')).toContain('- the last line of the journal was cut off');
  });

  test('a series that is gone', async () => {
    await store(killCoredns());
    await rm(join(folder, 'series/dnsTcp.jsonl'));
    const {verdict, model} = await writeReport(folder);
    expect(model.damage).toEqual(['the series series/dnsTcp.jsonl cannot be read; its samples are missing here']);
    expect(verdict).toBe('inconclusive');
  });

  test('a series outside the folder is not read', async () => {
    const {entries, series} = killCoredns();
    const moved = entries.map((entry) =>
      entry.type === 'series.opened' ? {...entry, file: '../elsewhere.jsonl'} : entry,
    );
    await store({entries: moved, series});
    const {verdict, model} = await writeReport(folder);
    expect(model.damage[0]).toBe('the series ../elsewhere.jsonl lies outside the run folder and was not read');
    expect(verdict).toBe('inconclusive');
  });

  test('no journal', async () => {
    await expect(writeReport(folder)).rejects.toMatchObject({code: 'E_JOURNAL_READ'});
  });
});

test('a folder that cannot be written is a DrillError', async () => {
  await store(killCoredns());
  // A folder in its place: the rename fails for root as well.
  await mkdir(join(folder, 'report.md'));
  await expect(writeReport(folder)).rejects.toMatchObject({code: 'E_REPORT'});
  expect(await readdir(folder)).not.toContain('report.md.part');
});
