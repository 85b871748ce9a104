import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {UsageError} from '../io/errors.ts';
import {isJsonObject, type Json, type JsonObject, parseJson} from '../io/json.ts';
import type {EarlierRun, Verdict} from '../journal/types.ts';
import type {FileRecord} from './types.ts';

/** What other commands need of a report.json, without reading all of it into a model. */
export interface ReportHead extends EarlierRun {
  /** Version of kubedrill that played it. */
  tool?: string;
  scenario: {name: string; title: string; owner: string; cadence?: string};
  /** UID and class; absent: the cluster was never asked. */
  cluster?: {uid: string; environment: string};
  files: FileRecord[];
  previous?: {run: string; sha256: string};
}

const verdicts: readonly string[] = ['passed', 'failed', 'inconclusive', 'aborted', 'refused', 'error'];

/** Reads report.json of a run folder. Rejects with a UsageError when there is none, or it is no report. */
export async function readHead(folder: string): Promise<ReportHead> {
  const path = join(folder, 'report.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) throw noReport(`${path} is missing`);
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw noReport(`${path} is no JSON`);
  }
  const head = isJsonObject(value) ? headOf(value) : undefined;
  if (!head) throw noReport(`${path} is no report of kubedrill`);
  return head;
}

const noReport = (message: string) =>
  new UsageError(message, {code: 'E_NO_REPORT', hint: 'Render it from its journal with: kubedrill report RUN'});

/** Takes what is there; a report of a later version may hold more, of an earlier one less. */
function headOf(report: JsonObject): ReportHead | undefined {
  const run = object(report.run);
  const id = text(object(run.run).id);
  const scenario = object(run.scenario);
  const result = object(report.verdict);
  const verdict = text(result.verdict);
  if (report.kind !== 'Report' || id === undefined || verdict === undefined || !verdicts.includes(verdict)) {
    return undefined;
  }
  const [name = '', title = '', owner = ''] = [text(scenario.name), text(scenario.title), text(scenario.owner)];
  const cadence = text(scenario.cadence);
  const tool = text(object(run.tool).version);
  const [uid, environment] = [text(object(report.cluster).uid), text(object(report.cluster).environment)];
  const before = object(report.previous);
  const [previous, sha256] = [text(before.run), text(before.sha256)];
  const [rto, rpo] = [boundOf(report.objectives, 'rto'), boundOf(report.objectives, 'rpo')];
  return {
    run: id,
    at: text(object(report.origin).at) ?? '',
    verdict: verdict as Verdict,
    cleanup: result.cleanup === 'dirty' ? 'dirty' : 'clean',
    ...(rto ? {rto} : {}),
    ...(rpo ? {rpo} : {}),
    ...(tool === undefined ? {} : {tool}),
    scenario: {name, title, owner, ...(cadence === undefined ? {} : {cadence})},
    ...(uid === undefined || environment === undefined ? {} : {cluster: {uid, environment}}),
    files: list(report.files).flatMap((one) => fileOf(object(one)) ?? []),
    ...(previous === undefined || sha256 === undefined ? {} : {previous: {run: previous, sha256}}),
  };
}

/** The figure that stands for the run: that of the first objective of the metric with a target, else of any. */
function boundOf(objectives: Json | undefined, metric: string): EarlierRun['rto'] {
  const own = list(objectives)
    .map(object)
    .filter((one) => one.metric === metric);
  const {min, max} = object((own.find(({target}) => target !== undefined) ?? own[0])?.bound);
  if (typeof min !== 'number') return undefined;
  return typeof max === 'number' ? {min, max} : {min};
}

function fileOf({path, sha256, bytes}: JsonObject): FileRecord | undefined {
  if (typeof path !== 'string' || typeof sha256 !== 'string' || typeof bytes !== 'number') return undefined;
  return {path, sha256, bytes};
}

const object = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
