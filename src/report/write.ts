import {rename, rm, writeFile} from 'node:fs/promises';
import {join, relative} from 'node:path';
import {DrillError, ExitCode, messageOf} from '../io/errors.ts';
import type {Sample} from '../io/sample.ts';
import {readJournal} from '../journal/read.ts';
import type {JournalEntry} from '../journal/types.ts';
import {readSeries} from '../measure/series.ts';
import {renderChart} from './chart/index.ts';
import {runFiles} from './files.ts';
import {renderHtml} from './html/index.ts';
import {renderJson} from './json.ts';
import {renderJunit} from './junit.ts';
import {renderMarkdown} from './markdown/index.ts';
import {buildModel} from './model/index.ts';
import {reportPage} from './page/index.ts';
import {verdictSentence} from './sentence.ts';
import type {ReportModel, VerdictResult} from './types.ts';
import {verdict} from './verdict/index.ts';

export interface WrittenReport extends VerdictResult {
  model: ReportModel;
  sentence: string;
  /** Paths of what was written. */
  files: string[];
}

/**
 * Renders the report of a run from its folder's journal and series alone: the same folder and version give the same
 * bytes. Each file appears whole or not at all.
 * Rejects with a UsageError when there is no journal, and with a DrillError (E_REPORT) when nothing can be written.
 */
export async function writeReport(folder: string): Promise<WrittenReport> {
  const model = await readModel(folder);
  const result = verdict(model);
  const files: string[] = [];
  for (const [name, content] of await renderAll(model, result)) {
    const path = join(folder, name);
    await replaceFile(path, content);
    files.push(path);
  }
  return {...result, model, sentence: verdictSentence(model, result), files};
}

/** Every file of a report, by name. */
export async function renderAll(model: ReportModel, result: VerdictResult): Promise<Map<string, string>> {
  const page = reportPage(model, result);
  const chart = renderChart(model);
  return new Map([
    ['report.md', renderMarkdown(page)],
    ['report.html', renderHtml(page, {verdict: result.verdict, ...(chart === undefined ? {} : {chart})})],
    ['report.json', renderJson(model, result)],
    ['report.junit.xml', await renderJunit(model, result)],
    ...(chart === undefined ? [] : [['chart.svg', chart] as const]),
  ]);
}

/** The model of a run folder. A series that cannot be read is damage that the report names, not the end of it. */
export async function readModel(folder: string): Promise<ReportModel> {
  const {entries, torn} = await readJournal(join(folder, 'journal.jsonl'));
  const damage = torn === undefined ? [] : ['the last line of the journal was cut off'];
  const series = new Map<string, Sample[]>();
  for (const file of seriesFiles(entries)) {
    if (!isInside(file)) {
      damage.push(`the series ${file} lies outside the run folder and was not read`);
      continue;
    }
    try {
      const read = await readSeries(join(folder, file));
      series.set(file, read.samples);
      if (read.torn !== undefined) damage.push(`the last line of ${file} was cut off`);
    } catch {
      damage.push(`the series ${file} cannot be read; its samples are missing here`);
    }
  }
  return buildModel(entries, series, damage, await runFiles(folder));
}

function seriesFiles(entries: readonly JournalEntry[]): Set<string> {
  return new Set(
    entries.flatMap((entry) =>
      entry.type === 'series.opened' || entry.type === 'canary.opened'
        ? entry.file === undefined
          ? []
          : [entry.file]
        : [],
    ),
  );
}

/** A report is rendered from the folder alone, whatever a journal from elsewhere names. */
function isInside(file: string): boolean {
  const path = relative('/run', join('/run', file));
  return path !== '' && !path.startsWith('..');
}

async function replaceFile(path: string, content: string): Promise<void> {
  const unfinished = `${path}.part`;
  try {
    await writeFile(unfinished, content);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, {force: true}).catch(() => undefined);
    throw new DrillError(`the report ${path} cannot be written: ${messageOf(error)}`, ExitCode.internal, {
      code: 'E_REPORT',
      hint: 'Check the free space and the permissions of the run folder, then: kubedrill report RUN.',
      cause: error,
    });
  }
}
