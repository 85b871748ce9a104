import {appendFile, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Sample} from '../../../src/io/sample.ts';
import {openSeries, readSeries} from '../../../src/measure/series.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubedrill-series-'));
});
afterEach(() => rm(folder, {recursive: true}));

const sample = (seq: number, more: Partial<Sample> = {}): Sample => ({
  seq,
  start: seq * 100,
  end: seq * 100 + 3.25,
  state: 'ok',
  ...more,
});

describe('series files', () => {
  it('gives back what was appended', async () => {
    const path = join(folder, 'series', 'dns@node-1.jsonl');
    const writer = await openSeries(path);
    const samples = [sample(0), sample(1, {state: 'bad', detail: 'NXDOMAIN "quoted"\n'}), sample(3, {state: 'blind'})];
    for (const one of samples) writer.append(one);
    await writer.close();
    expect(await readSeries(path)).toEqual({samples});
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(4);
  });

  it('writes by itself before long', async () => {
    const path = join(folder, 'one.jsonl');
    const writer = await openSeries(path);
    writer.append(sample(0));
    await expect.poll(() => readFile(path, 'utf8'), {timeout: 5000}).toContain('"seq":0');
    await writer.close();
  });

  it('goes on where an earlier writer stopped', async () => {
    const path = join(folder, 'one.jsonl');
    for (const seq of [0, 1]) {
      const writer = await openSeries(path);
      writer.append(sample(seq));
      await writer.close();
    }
    expect((await readSeries(path)).samples.map(({seq}) => seq)).toEqual([0, 1]);
  });

  it('reports a torn last line and keeps the rest', async () => {
    const path = join(folder, 'one.jsonl');
    const writer = await openSeries(path);
    writer.append(sample(0));
    await writer.close();
    await appendFile(path, '{"seq":1,"start":10');
    expect(await readSeries(path)).toEqual({samples: [sample(0)], torn: '{"seq":1,"start":10'});
  });

  it('refuses a file with a broken line in the middle', async () => {
    const path = join(folder, 'one.jsonl');
    await writeFile(path, `${JSON.stringify(sample(0))}\n{"seq":\n${JSON.stringify(sample(2))}\n`);
    await expect(readSeries(path)).rejects.toMatchObject({
      code: 'E_SERIES_READ',
      message: expect.stringContaining(path),
    });
  });

  it('has an empty series for a file without samples, and an error for a missing one', async () => {
    const path = join(folder, 'one.jsonl');
    await (await openSeries(path)).close();
    expect(await readSeries(path)).toEqual({samples: []});
    await expect(readSeries(join(folder, 'none.jsonl'))).rejects.toMatchObject({code: 'E_SERIES_READ'});
  });

  it('says which file cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(openSeries(join(folder, 'file', 'one.jsonl'))).rejects.toMatchObject({code: 'E_SERIES_WRITE'});
  });

  it.skipIf(process.platform !== 'linux')('tells of a full disk once, and again on close', async () => {
    const told: string[] = [];
    const writer = await openSeries('/dev/full', (error) => told.push(error.code));
    writer.append(sample(0));
    await expect(writer.flush()).rejects.toMatchObject({code: 'E_SERIES_WRITE'});
    writer.append(sample(1));
    await expect(writer.close()).rejects.toMatchObject({code: 'E_SERIES_WRITE'});
    expect(told).toEqual(['E_SERIES_WRITE']);
  });
});
